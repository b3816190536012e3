from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from publishing.maintenance.decision import Period, Situation, is_refused, retry_after, situation_at
from publishing.maintenance.groups import USUAL, Group, group_at
from publishing.maintenance.models import LONGEST

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

OPEN = [
    "/quizzes/",
    "/quizzes",
    "/quizzes/routing-and-requests/",
    "/quizzes/results/abc/",
    "/static/css/site.css",
    "/media/0123.png",
    "/admin",
    "/admin/login/",
    "/admin/maintenance/window/",
    "/robots.txt",
    "/ads.txt",
    "/favicon.ico",
    "/.well-known/security.txt",
    "/sitemap.xml",
    "/sitemap-articles-1.xml",
    "/sitemap-quiz-pages-12.xml",
    "/healthz",
    "/readyz",
    "/csp-report",
]
SHUT = [
    "/",
    "",
    "/articles/one/",
    "/feed.xml",
    "/atom.xml",
    "/feed.json",
    "/categories/opinion/feed.xml",
    "/search/",
    "/comments/1/",
    "/preview/abc/",
    # Prefixes of text rather than of segments.
    "/quizzes-evil",
    "/quizzes-evil/",
    "/quizzes.html",
    "/staticky/",
    "/administration/",
    "/robots.txt.bak",
    "/sitemap-articles-1.xml/",
    "/sitemap-/articles-1.xml",
    "/robots.txt/",
    "/healthzz",
    # Other spellings, and ways around.
    "//quizzes",
    "//quizzes/",
    "quizzes/",
    "x/quizzes/",
    "/QUIZZES",
    "/QUIZZES/",
    "/ quizzes/",
    "/./quizzes/",
    "/quizzes/../articles/one/",
    "/quizzes/./../articles/",
    "/quizzes/..",
    "/admin/../articles/one/",
    "/static/../articles/one/",
    "/articles/../quizzes/",
    "/articles/quizzes/",
]


def refused(paths, methods, state):
    """The requests of these that are refused in a state, by path."""
    found = {path: [m for m in methods if is_refused(group_at(path), m, Situation(state))] for path in paths}
    return {path: methods for path, methods in found.items() if methods}


def test_a_closed_site_serves_what_is_open():
    assert refused(OPEN, ["GET", "HEAD", "POST", "OPTIONS"], "closed") == {}


def test_a_closed_site_refuses_all_else_but_options():
    methods = ["GET", "HEAD", "POST", "DELETE", "TRACE", "get"]

    assert refused(SHUT, [*methods, "OPTIONS"], "closed") == dict.fromkeys(SHUT, methods)


def test_a_read_only_site_refuses_only_what_changes_something():
    methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]

    assert refused(SHUT, methods, "read-only") == dict.fromkeys(SHUT, ["POST", "PUT", "PATCH", "DELETE"])


def test_a_read_only_site_takes_answers_where_it_is_open():
    assert refused(OPEN, ["POST"], "read-only") == {}


def test_a_banner_refuses_nothing():
    methods = ["GET", "POST", "DELETE"]

    assert refused(OPEN + SHUT, methods, "banner") == {}
    assert refused(OPEN + SHUT, methods, "off") == {}


def test_a_window_holds_from_its_start_until_just_before_its_end():
    window = [Period("banner", NOON, NOON + HOUR)]

    states = [situation_at(moment, window).state for moment in (NOON - SECOND, NOON, NOON + HOUR - SECOND, NOON + HOUR)]

    assert states == ["off", "banner", "banner", "off"]


def test_the_strictest_window_wins_and_the_longest_of_the_equally_strict():
    """No two overlap, but what was stored before there was that rule may."""
    windows = [
        Period("closed", NOON, NOON + HOUR, "short"),
        Period("closed", NOON, NOON + 2 * HOUR, "long"),
        Period("read-only", NOON, None),
        Period("banner", NOON - HOUR, None),
    ]

    situation = situation_at(NOON, windows)

    assert (situation.state, situation.own_sentence, situation.ends_at) == ("closed", "long", NOON + 2 * HOUR)
    assert situation_at(NOON + 2 * HOUR, windows).state == "read-only"
    assert situation_at(NOON - SECOND, windows).state == "banner"


def test_readers_are_told_from_the_announcement_until_the_window_begins():
    window = [Period("closed", NOON, NOON + HOUR, "Closed.", timedelta(days=2), "Closed on Monday.")]
    told = NOON - timedelta(days=2)

    found = [situation_at(moment, window) for moment in (told - SECOND, told, NOON - SECOND, NOON, NOON + HOUR)]

    assert [each.state for each in found] == ["off", "announced", "announced", "closed", "off"]
    assert [each.sentence for each in found] == ["", "Closed on Monday.", "Closed on Monday.", "Closed.", ""]
    assert [each.changes_at for each in found] == [told, NOON, NOON, NOON + HOUR, None]
    assert (found[1].starts_at, found[1].ends_at) == (NOON, NOON + HOUR)


def test_what_is_active_is_said_before_what_is_announced_and_of_those_the_first_to_begin():
    windows = [
        Period("read-only", NOON, NOON + HOUR, "Now."),
        Period("closed", NOON + 5 * HOUR, NOON + 6 * HOUR, "", 9 * HOUR, "Later."),
        Period("read-only", NOON + 3 * HOUR, NOON + 4 * HOUR, "", 9 * HOUR, "Soon."),
    ]

    sentences = [situation_at(NOON + hours * HOUR, windows).sentence for hours in (-1, 0, 1, 4)]

    assert sentences == ["Soon.", "Now.", "Soon.", "Later."]


def test_a_banner_hides_nothing_that_is_announced_after_it_but_another_banner():
    banner, newer = (Period("banner", begins, NOON + 3 * HOUR, "Now.") for begins in (NOON, NOON + HOUR))
    closed, other = (
        Period(state, NOON + 5 * HOUR, NOON + 6 * HOUR, "", 4.5 * HOUR, "Later.") for state in ("closed", "banner")
    )

    moments = (NOON, NOON + HOUR, NOON + 4 * HOUR)
    assert [situation_at(moment, [banner, closed]).sentence for moment in moments] == ["Now.", "Later.", "Later."]
    assert situation_at(NOON + HOUR, [banner, other]).sentence == "Now."
    assert situation_at(NOON + HOUR, [newer, closed]).sentence == "Now."


def test_an_announcement_refuses_nothing():
    announced = situation_at(NOON - SECOND, [Period("closed", NOON, NOON + HOUR, "", HOUR)])

    assert announced.state == "announced"
    assert [method for method in ("GET", "POST", "DELETE") if is_refused("articles", method, announced)] == []


def test_a_window_leaves_alone_the_groups_that_it_does_not_name():
    window = [Period("closed", NOON, NOON + HOUR, groups=["comments", "quizzes", "long gone"])]
    situation = situation_at(NOON, window)

    assert {group for group in Group.values if is_refused(group, "GET", situation)} == {"comments", "quizzes"}
    assert (situation.state_for("comments"), situation.state_for("articles")) == ("closed", "off")


@pytest.mark.parametrize("groups", [[], ["long gone"]])
def test_a_window_without_groups_applies_to_all_but_quizzes(groups):
    situation = situation_at(NOON, [Period("read-only", NOON, None, groups=groups)])

    assert {group for group in Group.values if situation.is_read_only_for(group)} == USUAL
    assert not situation.is_read_only_for("quizzes")


def test_the_next_change_is_the_nearest_start_or_end_to_come():
    windows = [Period("banner", NOON - HOUR, NOON + 3 * HOUR), Period("closed", NOON + HOUR, NOON + 2 * HOUR)]

    assert situation_at(NOON, windows).changes_at == NOON + HOUR
    assert situation_at(NOON + HOUR, windows).changes_at == NOON + 2 * HOUR
    assert situation_at(NOON + 3 * HOUR, windows).changes_at is None


@pytest.mark.parametrize("stored_end", [None, NOON + timedelta(days=3000)])
@pytest.mark.parametrize(("state", "days"), [("closed", 1), ("read-only", 7), ("banner", 31)])
def test_a_window_ends_at_its_longest_however_it_was_stored(state, days, stored_end):
    windows = [Period(state, NOON, stored_end)]
    longest = timedelta(days=days)

    assert LONGEST[state] == longest
    assert situation_at(NOON, windows).changes_at == NOON + longest
    assert situation_at(NOON + longest - SECOND, windows).state == state
    assert situation_at(NOON + longest, windows).state == "off"


def test_rows_at_the_ends_of_the_calendar_break_nothing():
    last, first = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    windows = [
        Period("banner", last - HOUR, None, "", timedelta.max),
        Period("closed", first, last, "", timedelta.max),
        Period("read-only", first, None, "", timedelta.min),
    ]

    assert situation_at(NOON, windows).state == "off"


def test_an_hour_that_comes_twice_is_two_hours_long():
    """Berlin, 25 October 2026: from 02:30 summer time until 02:30 winter time."""
    berlin = ZoneInfo("Europe/Berlin")
    starts_at = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    ends_at = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    window = [Period("closed", starts_at.astimezone(UTC), ends_at.astimezone(UTC))]
    minutes = [
        datetime(2026, 10, 25, hour, minute, tzinfo=UTC) for hour, minute in ((0, 29), (0, 30), (1, 29), (1, 30))
    ]

    assert [situation_at(moment, window).state for moment in minutes] == ["off", "closed", "closed", "off"]
    assert situation_at(minutes[1], window).retry_after == 3600


def test_retry_after_counts_the_seconds_that_are_left():
    expected = {
        timedelta(milliseconds=1): 60,
        timedelta(seconds=60): 60,
        timedelta(seconds=60, milliseconds=1): 61,
        timedelta(minutes=5): 300,
        timedelta(days=1): 86_400,
        timedelta(days=9): 86_400,
    }

    assert {left: retry_after(NOON, NOON + left) for left in expected} == expected


def test_retry_after_is_an_hour_when_nobody_knows_the_end_or_less_if_it_ends_by_itself_before():
    window = [Period("read-only", NOON, None)]
    days = timedelta(days=7)

    assert retry_after(NOON, None) == situation_at(NOON, window).retry_after == 3600
    assert situation_at(NOON + days - timedelta(minutes=10), window).retry_after == 600
