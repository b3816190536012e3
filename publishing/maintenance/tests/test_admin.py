from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from publishing.maintenance.announcements import announce, end
from publishing.maintenance.models import Window
from publishing.tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/maintenance/window/"


@pytest.fixture
def owner(client):
    user = make_user("owner")
    client.force_login(user)
    return user


def window_fields(state="banner", starts=timedelta(0), lasts=None, **fields):
    start = timezone.now() + starts
    finish = start + lasts if lasts else None
    return {
        "state": state,
        "sentence": "",
        "reason": "",
        "starts_at_0": f"{start:%Y-%m-%d}",
        "starts_at_1": f"{start:%H:%M:%S}",
        "ends_at_0": f"{finish:%Y-%m-%d}" if finish else "",
        "ends_at_1": f"{finish:%H:%M:%S}" if finish else "",
    } | fields


def errors(response):
    return response.context["adminform"].form.errors.as_text()


def test_adding_a_window_announces_it_once_in_the_log(client, owner):
    old = announce("read-only")

    response = client.post(f"{LIST}add/", window_fields(sentence="A new disk."))

    assert response.status_code == 302
    window = Window.objects.active().get()
    assert (window.state, window.sentence, window.created_by) == ("banner", "A new disk.", owner)
    old.refresh_from_db()
    assert old.is_over
    assert [entry.change_message for entry in LogEntry.objects.filter(object_id=window.pk)] == ["Announced"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "closed", "lasts": timedelta(hours=25)}, "24 hours at most"),
        ({"state": "read-only", "lasts": timedelta(days=8)}, "7 days at most"),
        ({"starts": timedelta(days=800)}, "two years ahead"),
        ({"starts": timedelta(days=-2)}, "more than a day ago"),
        ({"lasts": timedelta(hours=-1)}, "after the start"),
        ({"starts": timedelta(hours=3)}, "overlaps"),
    ],
)
def test_a_window_that_makes_no_sense_is_explained_once_and_not_stored(client, owner, fields, words):
    coming = announce("banner", starts_at=timezone.now() + timedelta(hours=4))

    response = client.post(f"{LIST}add/", window_fields(**fields))

    assert response.status_code == 200
    assert errors(response).count(words) == 1
    assert list(Window.objects.all()) == [coming]


def test_the_list_says_which_window_is_active(client, owner):
    announce("closed", ends_at=timezone.now() + timedelta(hours=1), reason="Ticket 12")

    html = client.get(LIST).text

    assert "Closed" in html and "Ticket 12" in html
    assert 'alt="True"' in html
    end()
    assert 'alt="True"' not in client.get(LIST).text


def test_an_active_window_can_be_amended_but_not_turned_into_another(client, owner):
    window = announce("banner")

    response = client.post(f"{LIST}{window.pk}/change/", window_fields("closed", sentence="Nearly done."))

    assert response.status_code == 302
    window.refresh_from_db()
    assert (window.state, window.sentence) == ("banner", "Nearly done.")


def test_what_is_over_stays_as_it_was_and_nothing_is_deleted(client, owner):
    window = announce("banner", sentence="As it was.")
    end()

    assert client.get(f"{LIST}{window.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{window.pk}/change/", window_fields(sentence="Rewritten.")).status_code == 403
    assert client.post(f"{LIST}{window.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [window.pk], "post": "yes"})
    assert Window.objects.get().sentence == "As it was."


def test_windows_are_ended_from_the_list_by_post_only(client, owner):
    active, coming = announce("banner"), announce("read-only", starts_at=timezone.now() + timedelta(hours=4))
    choice = {"action": "end_now", "_selected_action": [active.pk, coming.pk]}

    client.get(LIST, choice)
    assert Window.objects.not_over().count() == 2
    assert "2 ended." in client.post(LIST, choice, follow=True).text
    assert not Window.objects.not_over().exists()
    assert "Nothing was ended" in client.post(LIST, choice, follow=True).text


def test_the_list_costs_the_same_for_two_windows_and_for_twelve(client, owner, count_queries):
    counts = []
    for number in (2, 12):
        while Window.objects.count() < number:
            Window.objects.create(state="banner", starts_at=timezone.now(), created_by=make_user("owner"))
        client.get(LIST)
        with count_queries() as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_closed_site_does_not_lock_out_who_can_open_it(client, owner):
    window = announce("closed", ends_at=timezone.now() + timedelta(hours=1))

    client.post(LIST, {"action": "end_now", "_selected_action": [window.pk]})

    assert client.get("/robots.txt").wsgi_request.maintenance.state == "off"
