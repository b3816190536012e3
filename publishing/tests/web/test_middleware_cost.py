"""Maintenance and slots on public pages: no query while nothing changes, and no cache keeps one beyond an edge."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from publishing.maintenance.announcements import announce
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db
NOON = "2026-06-01T12:00:00Z"
PATHS = ["/", "/articles/cached/", "/categories/opinion/", "/archive/", "/feed.xml", "/search/?q=cached", "/quizzes/"]
# As shared caches keep them: without the slash, an address of before, and one that is not there.
OTHERS = ["/articles/cached", "/nowhere/"]


@pytest.fixture(autouse=True)
def article():
    return make_article(slug="cached")


@pytest.mark.parametrize("is_planned", [False, True])
@pytest.mark.parametrize("path", PATHS)
def test_neither_asks_the_database(client, count_queries, path, is_planned):
    if is_planned:
        announce("closed", starts_at=timezone.now() + timedelta(days=2), announce_before=timedelta(days=1))
    client.get(path)
    with count_queries() as queries:
        assert client.get(path).status_code == 200

    assert [sql for sql in queries if re.search(r"maintenance_|sponsors_", sql)] == []


@pytest.mark.parametrize("path", [*PATHS, *OTHERS])
def test_no_shared_cache_keeps_a_response_beyond_the_announcement_the_start_or_the_end(client, path):
    """For the last minute before each it is not even served while it is rendered again."""
    hour, notice = timedelta(hours=1), timedelta(minutes=20)
    with time_machine.travel(NOON, tick=False) as clock:
        start = timezone.now() + hour
        announce("banner", starts_at=start, ends_at=start + hour, announce_before=notice)
        for edge in (start - notice, start, start + hour):
            for left in (361, 301, 299, 59, 9, 1):
                clock.move_to(edge - timedelta(seconds=left))
                control = client.get(path)["Cache-Control"]
                seconds = {name: int(value) for name, value in re.findall(r"(s-maxage|revalidate)=(\d+)", control)}
                assert 0 < seconds["s-maxage"] <= left, (edge, left)
                assert sum(seconds.values()) <= left, (edge, left)
                assert "stale-if-error" not in control
                assert left > 60 or "revalidate" not in seconds, (edge, left)


def test_a_page_with_a_fraction_of_a_second_left_is_kept_by_nobody(client):
    with time_machine.travel(NOON, tick=False) as clock:
        announce(
            "closed", starts_at=timezone.now() + timedelta(seconds=10), ends_at=timezone.now() + timedelta(hours=1)
        )
        clock.shift(timedelta(seconds=9.5))
        assert client.get("/")["Cache-Control"] == "public, max-age=0, s-maxage=0"
        clock.shift(timedelta(seconds=0.5))
        assert client.get("/").status_code == 503
