"""What the desk says that a state will do is what every named address then answers, to everybody."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
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
# In the environment of a request.
WHO = "test.who"
# Each ends the one before. Of a banner nothing is refused, as without maintenance.
SITUATIONS = [
    ("banner", []),
    ("read-only", []),
    ("read-only", ["comments", "quizzes"]),
    ("closed", []),
    ("closed", ["articles"]),
    ("closed", list(Group.values)),
]


class WithoutViews:
    """Middleware after all others: requests of who is no reader reach only views that handle maintenance themselves.

    Whom the middleware lets pass is not known to the others.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_needed = request.META[WHO] == effects.Who.READERS or getattr(view, "handles_read_only", False)
        return None if is_needed else HttpResponse()


def browser_of(who):
    headers = {"user-agent": "Mozilla/5.0 Firefox/140.0"}
    if who != effects.Who.READERS:
        # What is refused is then no page that has to be rendered.
        headers["accept"] = "application/json"
    browser = Client(headers=headers, **{WHO: who})
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


def refused(browsers, things):
    """The named public addresses that answer 503, with the method and who asks."""
    found = set()
    for who, browser in browsers.items():
        cookies = browser.cookies.copy()
        for name, (about, *_statuses) in test_access.PUBLIC.items():
            path = reverse(name, args=things[about])
            for method in effects.METHODS:
                response = sent(browser, name, method, path)
                b"".join(response)
                if response.status_code == effects.REFUSED:
                    found.add((name, method, who))
            if name == "maintenance-pass":
                # The link has made a tester of everybody.
                browser.cookies = cookies.copy()
    return found


def told(plan):
    return {(name, cell.method, cell.who): cell.then for row in plan.rows for name in row.names for cell in row.cells}


def test_the_table_equals_the_answers_of_every_named_address(things, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.{WithoutViews.__name__}"]
    browsers, wrong, lasts = {who: browser_of(who) for who in effects.Who}, {}, timedelta(hours=1)
    for state, groups in SITUATIONS:
        now = timezone.now()
        window = Window(state=state, groups=groups, starts_at=now, ends_at=now + lasts)
        window.full_clean()
        table = told(plans.of(window))
        announcements.put(window)

        assert {name for name, _method, _who in table} == set(test_access.PUBLIC)
        assert set(table.values()) <= {effects.AS_USUAL, effects.REFUSED}
        expected = {key for key, status in table.items() if status == effects.REFUSED}
        assert bool(expected) == (state != "banner")
        if different := sorted(refused(browsers, things) ^ expected):
            wrong[state, *groups] = different
    assert wrong == {}


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
