"""A window from its announcement to its end, as visitors and caches see it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from publishing.cache import changes
from publishing.maintenance.announcements import amend, announce, current_situation, end, extend
from publishing.maintenance.decision import Situation
from publishing.maintenance.groups import USUAL, Group
from publishing.maintenance.models import Window
from publishing.models import Publication
from publishing.tests.factories import make_user

from .factories import database_down

pytestmark = pytest.mark.django_db

NOON = "2026-06-01T12:00:00Z"
MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)


def planned(state="closed", **fields):
    """Readers are told after 2 minutes; it begins after 5 and lasts for 10."""
    start = timezone.now() + 5 * MINUTE
    return announce(state, starts_at=start, ends_at=start + 10 * MINUTE, announce_before=3 * MINUTE, **fields)


def seen(client, path="/"):
    """The status, whether there is a notice, and for how long others may keep the page."""
    response = client.get(path)
    shared = re.search(r"s-maxage=([0-9]+)", response["Cache-Control"])
    return response.status_code, "data-nosnippet" in response.text, int(shared[1]) if shared else None


def test_each_edge_is_exact_and_no_page_is_kept_beyond_the_next(client):
    with time_machine.travel(NOON, tick=False) as clock:
        planned()
        found = {"planned": seen(client)}
        for name, step in (("told", 2 * MINUTE), ("begun", 3 * MINUTE), ("over", 10 * MINUTE)):
            clock.shift(step - TICK)
            found[f"before {name}"] = seen(client)
            clock.shift(TICK)
            found[name] = seen(client)

    assert found["planned"] == (200, False, 120)
    assert found["before told"][:2] == (200, False)
    assert found["told"] == (200, True, 180)
    assert found["before begun"][:2] == (200, True)
    assert found["begun"][::2] == found["before over"][::2] == (503, None)
    assert found["over"][:2] == (200, False)


@pytest.mark.parametrize("state", ["closed", "read-only"])
def test_retry_after_is_the_time_that_is_left_and_follows_what_is_changed(client, state):
    waits = []
    with time_machine.travel(NOON, tick=False) as clock:
        window = announce(state, ends_at=timezone.now() + 30 * MINUTE)
        for step in (0 * MINUTE, 25 * MINUTE, 4 * MINUTE, MINUTE - TICK):
            clock.shift(step)
            waits.append(client.post("/")["Retry-After"])
        extend(window, timezone.now() + 15 * MINUTE)
        waits.append(client.post("/")["Retry-After"])

    assert waits == ["1800", "300", "60", "60", "900"]


@pytest.mark.parametrize("state", ["banner", "read-only", "closed"])
def test_readers_see_the_sentence_of_each_state_and_of_the_announcement(client, state):
    sentences = {
        "banner": "Site under maintenance.",
        "read-only": "You can read, but not send anything.",
        "closed": "The site is closed for a while.",
    }
    with time_machine.travel(NOON, tick=False) as clock:
        planned(state)
        clock.shift(2 * MINUTE)
        before = client.get("/").text
        clock.shift(3 * MINUTE)
        during = client.get("/").text

    assert "Maintenance is planned. Quizzes stay open." in before and sentences[state] not in before
    assert f"{sentences[state]} Quizzes stay open." in during and "Maintenance is planned" not in during


def test_no_sentence_of_ours_promises_quizzes_that_do_not_stay_open(client):
    promise, kept = "Quizzes stay open.", {}
    with time_machine.travel(NOON, tick=False) as clock:
        for state in ("banner", "read-only", "closed"):
            planned(state, groups=list(Group.values))
            clock.shift(2 * MINUTE)
            before = client.get("/").text
            clock.shift(3 * MINUTE)
            kept[state] = (promise in before, promise in client.get("/").text)
            clock.shift(10 * MINUTE)

    assert kept == {"banner": (False, True), "read-only": (False, False), "closed": (False, False)}


OF_PARTS = [
    ("banner", "search", "search", "Search is under maintenance."),
    ("banner", "quizzes", "quizzes", "Quizzes are under maintenance."),
    ("read-only", "search comments", "comments and search", "Comments and search are read-only during maintenance."),
    ("closed", "feeds search comments", "comments, feeds and search", "Comments, feeds and search are closed for"),
    ("closed", "search", "search", "Search is closed for maintenance."),
    (
        "closed",
        "articles comments feeds quizzes previews",
        "parts of the site",
        "Parts of the site are closed for maintenance.",
    ),
]


@pytest.mark.parametrize(("state", "groups", "parts", "during"), OF_PARTS)
def test_the_sentence_names_the_parts_of_a_window_that_leaves_others_alone(client, state, groups, parts, during):
    """Not those of the owner, which are about the whole site; a window's own wins."""
    Publication(
        maintenance_announced_sentence="All.", maintenance_closed_sentence="All.", maintenance_quizzes_sentence="All."
    ).save()
    with time_machine.travel(NOON, tick=False) as clock:
        window = planned(state, groups=groups.split())
        clock.shift(2 * MINUTE)
        assert f"Maintenance is planned: {parts}." in client.get("/").text
        clock.shift(3 * MINUTE)
        assert during in client.get("/").text
        window.sentence = "A new disk."
        amend(window)
        assert "A new disk." in client.get("/").text


def test_a_window_that_leaves_alone_what_readers_do_not_know_is_about_the_whole_site():
    for groups in (["articles", "comments", "feeds", "search"], [], list(USUAL)):
        assert Situation("closed", groups=frozenset(groups) or USUAL).sentence == (
            "The site is closed for a while. Quizzes stay open."
        )


def test_who_passes_a_closed_part_reads_the_same_sentence(client):
    client.force_login(make_user("owner"))
    announce("closed", groups=["search", "comments"])

    assert "Comments and search are closed for maintenance." in client.get("/search/").text


def test_what_was_announced_in_words_of_its_own_is_said_until_it_begins(client):
    with time_machine.travel(NOON, tick=False) as clock:
        planned("banner", announcement="A new disk & more.", sentence="We are at it.")
        clock.shift(2 * MINUTE)
        before = client.get("/").text
        clock.shift(3 * MINUTE)
        during = client.get("/").text

    assert "A new disk &amp; more." in before and "We are at it." not in before
    assert "We are at it." in during and "A new disk" not in during


def test_a_planned_window_that_is_called_off_is_announced_no_longer(client):
    with time_machine.travel(NOON, tick=False) as clock:
        window = planned()
        clock.shift(3 * MINUTE)
        end(windows=Window.objects.filter(pk=window.pk))
        called_off = seen(client)
        clock.shift(3 * MINUTE)

        assert (called_off[:2], seen(client)[:2]) == ((200, False), (200, False))


def test_the_last_known_windows_go_on_by_the_clock_while_the_database_is_away():
    states = []
    with time_machine.travel(NOON, tick=False) as clock:
        planned("read-only")
        current_situation()
        changes.invalidate(changes.SITE)
        with database_down():
            for step in (0, 2, 3, 9, 1, 24 * 60):
                clock.shift(step * MINUTE)
                states.append(current_situation().state)

    assert states == ["off", "announced", "read-only", "read-only", "off", "off"]


def test_a_forgotten_closure_ends_by_itself_also_while_the_database_is_away(client):
    with time_machine.travel(NOON, tick=False) as clock:
        announce("closed")
        current_situation()
        with database_down():
            clock.shift(timedelta(hours=24) - TICK)
            assert client.get("/robots.txt").wsgi_request.maintenance.state == "closed"
            clock.shift(TICK)
            assert client.get("/robots.txt").wsgi_request.maintenance.state == "off"
