from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.maintenance.announcements import announce
from publishing.maintenance.tests.factories import database_down
from publishing.sponsors.house import views
from publishing.sponsors.house.filling import fill
from publishing.sponsors.models import Creative, CreativeDay
from publishing.tests.factories import make_user
from publishing.tests.worker import waiting_tasks

from .factories import make_creative

pytestmark = pytest.mark.django_db

BROWSER = {"user-agent": "Mozilla/5.0 Firefox/140.0", "sec-fetch-site": "same-origin"}


def send(client, creative, what="seen", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    key = getattr(creative, "pk", creative)
    return client.post(f"/sponsored/{key}/{what}/", headers=BROWSER | headers)


def counted(creative=None):
    rows = CreativeDay.objects.all() if creative is None else creative.days.all()
    return [(row.seen, row.clicked) for row in rows]


def test_what_is_seen_and_clicked_is_counted_for_the_day(client):
    creative, other = make_creative(), make_creative()

    answers = [send(client, creative), send(client, creative), send(client, creative, "clicked")]

    assert [answer.status_code for answer in answers] == [204] * 3
    assert not any(answer.cookies or answer.content for answer in answers)
    assert answers[0]["Cache-Control"] == "private, no-store"
    assert (creative.days.get().day, counted(creative)) == (timezone.localdate(), [(2, 1)])
    assert counted(other) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site", "origin": "https://evil.example"},
        {"sec_fetch_site": "same-site", "origin": "https://evil.example"},
        {"sec_fetch_site": "none", "origin": "https://evil.example"},
        {"sec_fetch_site": "none", "origin": "null"},
        {"user_agent": "Googlebot/2.1"},
        {"user_agent": "HeadlessChrome/140.0"},
        {"user_agent": ""},
        {"sec_purpose": "prefetch"},
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
    ],
)
@pytest.mark.parametrize("what", ["seen", "clicked"])
def test_other_sites_programs_and_pages_loaded_ahead_do_not_count(client, headers, what):
    creative = make_creative()

    assert send(client, creative, what, **headers).status_code == 204

    assert counted() == []


def test_a_program_without_the_headers_of_a_browser_does_not_count(client):
    client.post(f"/sponsored/{make_creative().pk}/seen/", headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})

    assert counted() == []


def test_staff_do_not_count(client):
    client.force_login(make_user("author"))

    assert send(client, make_creative()).status_code == 204
    assert counted() == []


def test_what_does_not_run_is_not_counted(client):
    now = timezone.now()
    for fields in (
        {"is_on": False},
        {"starts_at": now + timedelta(hours=1)},
        {"starts_at": now - timedelta(hours=2), "ends_at": now - timedelta(hours=1)},
    ):
        assert send(client, make_creative(**fields)).status_code == 204
    assert counted() == []


@pytest.mark.parametrize("key", ["0", "999999", "9" * 30])
def test_an_unknown_key_counts_nothing_and_costs_no_query(client, key, django_assert_num_queries):
    send(client, key)

    with django_assert_num_queries(0):
        assert send(client, key).status_code == 204

    assert counted() == []


@pytest.mark.parametrize("key", ["-1", "1.5", "٣", "1%0a", "9" * 5000, "x", "1;2", "../1"])
def test_what_is_no_key_is_not_found(client, key):
    assert send(client, key).status_code == 404
    assert counted() == []


@pytest.mark.parametrize("what", ["seen", "clicked"])
def test_reading_counts_nothing(client, what):
    creative = make_creative()

    assert client.get(reverse(f"sponsors:{what}", args=[creative.pk]), headers=BROWSER).status_code == 405
    assert counted() == []


def test_the_same_request_again_and_again_counts_as_often_as_the_limit_allows(client):
    creative = make_creative()
    most = int(views.CLICKED_OF_ONE_RATE.partition("/")[0])

    assert {send(client, creative, "clicked").status_code for _ in range(most + 5)} == {204}

    assert counted(creative) == [(0, most)]


def test_the_limit_is_that_of_one_network(client):
    creative = make_creative()
    for _ in range(9):
        send(client, creative, "clicked")
    other = {"REMOTE_ADDR": "203.0.113.9"}

    client.post(reverse("sponsors:clicked", args=[creative.pk]), headers=BROWSER, **other)

    assert counted(creative) == [(0, 6)]


def test_what_reached_its_limit_is_shown_no_more(client):
    creative, other = make_creative(most_seen=2), make_creative(most_seen=3)
    send(client, creative)
    send(client, other)
    assert {fill("list", f"/{number}/", timezone.now()).creative for number in range(50)} == {creative.pk, other.pk}

    send(client, creative)

    assert {fill("list", f"/{number}/", timezone.now()).creative for number in range(50)} == {other.pk}
    send(client, creative)
    assert counted(creative) == [(2, 0)]


def test_a_cdn_forgets_the_pages_of_what_reached_its_limit(client, settings):
    creative = make_creative(most_seen=2)
    settings.CDN = {"kind": "fastly", "token": "a-token", "id": "zone1", "api": ""}
    send(client, creative)
    assert waiting_tasks() == []

    send(client, creative)

    assert waiting_tasks() == ["purge"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["seen", "clicked"])
def test_of_one_that_was_deleted_nothing_is_counted_also_where_that_is_not_known_yet(client, what):
    creative = make_creative()
    fill("list", "/", timezone.now())
    # As on another machine: nothing is invalidated here.
    Creative.objects.filter(pk=creative.pk).delete()

    answer = send(client, creative, what)

    assert answer.status_code == 204
    assert counted() == []


def test_nothing_is_counted_while_the_site_is_read_only(client):
    creative = make_creative()
    announce("read-only")

    assert send(client, creative).status_code == 204
    assert counted() == []


def test_while_the_database_is_down_nothing_breaks(client):
    creative = make_creative()
    fill("list", "/", timezone.now())

    with database_down():
        answer = send(client, creative)

    assert answer.status_code == 503
    assert counted() == []


def test_counting_costs_two_queries_after_the_first_of_the_day(client, django_assert_num_queries):
    creative = make_creative()
    send(client, creative)

    # With the savepoint around it.
    with django_assert_num_queries(3):
        send(client, creative)
