"""What the desk says that a state will do is what every named address then answers, to everybody."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publishing.groups import Group
from publishing.maintenance import announcements
from publishing.maintenance.desk import effects, plans
from publishing.maintenance.models import Window
from quizzes.models import Quiz
from quizzes.tests.factories import paper_data

from . import test_access
from .factories import make_user

pytestmark = pytest.mark.django_db

things = test_access.things


def browser_of(who):
    browser = Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    if who != effects.Who.READERS:
        user = make_user("author")
        if who == effects.Who.PASSING:
            names = ["bypass_maintenance", "view_window", "change_window"]
            user.user_permissions.set(Permission.objects.filter(codename__in=names))
        browser.force_login(user)
    return browser


def sent(browser, name, method, path):
    headers = {"sec-fetch-site": "same-origin"}
    if (name, method) == ("quizzes:paper", "POST"):
        # Answers that are not valid go back before the state matters.
        paper = paper_data(Quiz.objects.get(slug=path.split("/")[2]), "Right", "Right")
        return browser.post(path, paper, headers=headers)
    return getattr(browser, method.lower())(path, headers=headers, content_type="text/plain")


def refused(things):
    """The named public addresses that answer 503, with the method and who asks."""
    found = set()
    for who in effects.Who:
        browser = browser_of(who)
        for name, (about, *_statuses) in test_access.PUBLIC.items():
            path = reverse(name, args=things[about])
            for method in effects.METHODS:
                response = sent(browser, name, method, path)
                b"".join(response)
                if response.status_code == effects.REFUSED:
                    found.add((name, method, who))
            if name == "maintenance-pass":
                # The link has made a tester of everybody.
                browser = browser_of(who)
    return found


def told(plan):
    return {(name, cell.method, cell.who): cell.then for row in plan.rows for name in row.names for cell in row.cells}


@pytest.mark.parametrize(
    ("state", "groups"),
    [
        ("read-only", []),
        ("read-only", ["comments", "quizzes"]),
        ("closed", []),
        ("closed", list(Group.values)),
    ],
)
def test_the_table_equals_the_answers_of_every_named_address(things, state, groups):
    assert refused(things) == set()
    window = Window(state=state, groups=groups, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1))
    window.full_clean()
    table = told(plans.of(window))
    announcements.put(window)

    assert {name for name, _method, _who in table} == set(test_access.PUBLIC)
    assert set(table.values()) <= {effects.AS_USUAL, effects.REFUSED}
    expected = {key for key, status in table.items() if status == effects.REFUSED}
    assert sorted(refused(things) ^ expected) == []


def test_a_tester_with_a_link_is_refused_nothing(things):
    browser = Client()
    browser.post(
        reverse("maintenance-pass", args=things["link for testers"]), headers={"sec-fetch-site": "same-origin"}
    )
    announcements.announce("closed", ends_at=timezone.now() + timedelta(hours=1), groups=list(Group.values))

    told = effects.table(announcements.current_situation(), announcements.current_situation())
    assert {cell.then for row in told for cell in row.cells if cell.who == effects.Who.PASSING} == {effects.AS_USUAL}
    for name, (about, status, _post) in test_access.PUBLIC.items():
        response = browser.get(reverse(name, args=things[about]))
        b"".join(response)
        assert response.status_code == status, name


def test_the_row_of_the_admin_equals_its_answers():
    announcements.announce("banner")
    address = reverse("admin:maintenance_window_changelist")

    for who in effects.Who:
        assert browser_of(who).get(address).status_code == effects.answer_of_desk(who)
