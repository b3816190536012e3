from datetime import UTC, datetime, timedelta

import pytest

from publishing.maintenance.decision import Period, is_refused, retry_after, situation_at

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
    found = {path: [m for m in methods if is_refused(path, m, state)] for path in paths}
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


def test_the_next_change_is_the_nearest_start_or_end_to_come():
    windows = [Period("banner", NOON - HOUR, NOON + 3 * HOUR), Period("closed", NOON + HOUR, NOON + 2 * HOUR)]

    assert situation_at(NOON, windows).changes_at == NOON + HOUR
    assert situation_at(NOON + HOUR, windows).changes_at == NOON + 2 * HOUR
    assert situation_at(NOON + 3 * HOUR, windows).changes_at is None


@pytest.mark.parametrize("stored_end", [None, NOON + timedelta(days=3)])
def test_a_closure_ends_after_a_day_however_it_was_stored(stored_end):
    windows = [Period("closed", NOON, stored_end)]

    assert situation_at(NOON + 24 * HOUR - SECOND, windows).state == "closed"
    assert situation_at(NOON + 24 * HOUR, windows).state == "off"


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


def test_retry_after_is_an_hour_when_nobody_knows_the_end():
    assert retry_after(NOON, None) == 3600
