"""Making and revoking links for testers in the admin."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from publishing.maintenance.announcements import announce
from publishing.maintenance.models import Change, PassLink
from publishing.maintenance.passing import links
from publishing.tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/maintenance/passlink/"
FROM_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def owner(client):
    user = make_user("owner")
    client.force_login(user)
    return user


def make(client, name="Ines", hours=24):
    return client.post(f"{LIST}add/", {"name": name, "hours": hours}, follow=True)


def test_a_new_link_is_shown_once_and_works(client, owner):
    announce("closed", ends_at=timezone.now() + timedelta(hours=1))

    page = make(client)

    address = re.search(r'id="address" type="text" readonly value="http://testserver([^"]+)"', page.text)[1]
    assert "no-store" in page["Cache-Control"]
    tester = Client()
    assert tester.post(address, headers=FROM_SITE).status_code == 303
    assert tester.get("/").status_code == 200
    again = client.get(page.request["PATH_INFO"])
    assert again.status_code == 200 and address not in again.text


def test_it_is_valid_for_a_day_unless_another_choice_is_made_and_for_31_days_at_most(client, owner):
    assert '<option value="24" selected>24 hours</option>' in client.get(f"{LIST}add/").text
    make(client)
    link = PassLink.objects.get()
    assert link.created_by == owner
    assert abs(link.expires_at - timezone.now() - timedelta(hours=24)) < timedelta(minutes=1)

    for hours in ("745", "0", "-1", "", "٢٤", "1e3"):
        assert make(client, hours=hours).status_code == 200
    assert PassLink.objects.count() == 1
    assert make(client, hours="744").redirect_chain
    for longer in (timedelta(days=31, minutes=1), timedelta()):
        with pytest.raises(ValidationError):
            links.make(PassLink(name="x", expires_at=timezone.now() + longer), by=owner)


def test_nobody_else_is_shown_the_link(client, owner):
    client.post(f"{LIST}add/", {"name": "Ines", "hours": 24})
    other = Client()
    other.force_login(make_user("owner"))

    assert 'id="address"' not in other.get(f"{LIST}{PassLink.objects.get().pk}/change/").text


def test_revoking_is_posted_ends_the_link_and_is_logged(client, owner):
    make(client)
    link = PassLink.objects.get()
    choice = {"action": "revoke", "_selected_action": [link.pk]}

    client.get(LIST, choice)
    assert PassLink.objects.valid().exists()
    assert "1 link revoked." in client.post(LIST, choice, follow=True).text
    assert not PassLink.objects.valid().exists()
    assert "None of these links is valid" in client.post(LIST, choice, follow=True).text

    changes = list(Change.objects.order_by("pk").values_list("action", "made_by", "reason"))
    assert changes == [("link-made", owner.pk, "Ines"), ("link-revoked", owner.pk, "Ines")]
    assert LogEntry.objects.filter(object_id=link.pk, user=owner).count() == 2


def test_the_list_tells_the_state_of_each(client, owner):
    now = timezone.now()
    PassLink.objects.create(name="A", expires_at=now + timedelta(hours=1))
    PassLink.objects.create(name="B", expires_at=now)
    PassLink.objects.create(name="C", expires_at=now + timedelta(hours=1), revoked_at=now)

    states = re.findall(r'<td class="field-state">(\w+)</td>', client.get(LIST).text)

    assert sorted(states) == ["Over", "Revoked", "Valid"]
    assert [link.is_valid for link in PassLink.objects.order_by("name")] == [True, False, False]


def test_a_link_is_neither_changed_nor_deleted(client, owner):
    make(client)
    link = PassLink.objects.get()

    assert client.post(f"{LIST}{link.pk}/change/", {"name": "Other", "hours": 744}).status_code == 403
    assert client.post(f"{LIST}{link.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [link.pk], "post": "yes"})
    assert PassLink.objects.get().name == "Ines"


@pytest.mark.parametrize("role", ["author", "moderator"])
def test_who_has_nothing_to_do_with_maintenance_makes_and_revokes_none(client, role):
    link = PassLink.objects.create(name="A", expires_at=timezone.now() + timedelta(hours=1))
    client.force_login(make_user(role))

    assert client.post(f"{LIST}add/", {"name": "B", "hours": 24}).status_code == 403
    assert client.post(LIST, {"action": "revoke", "_selected_action": [link.pk]}).status_code == 403
    assert PassLink.objects.valid().count() == 1


def test_the_list_costs_the_same_for_two_links_and_for_twelve(client, owner, count_queries):
    counts = []
    for number in (2, 12):
        while PassLink.objects.count() < number:
            expires_at = timezone.now() + timedelta(hours=1)
            PassLink.objects.create(name="A", expires_at=expires_at, created_by=make_user("owner"))
        client.get(LIST)
        with count_queries() as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]
