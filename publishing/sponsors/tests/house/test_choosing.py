from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from publishing.sponsors.house.choosing import choose, period, period_end, ranked

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PATHS = [f"/articles/{number}/" for number in range(2000)]


@dataclass(frozen=True)
class Weighted:
    pk: int
    weight: int = 1


ONE, TWO, THREE = Weighted(1), Weighted(2), Weighted(3)


def test_a_page_shows_the_same_all_hour_and_changes_at_its_end():
    end = period_end("/a/", NOON)

    assert NOON < end <= NOON + timedelta(hours=1)
    assert period("/a/", end - timedelta(seconds=1)) == period("/a/", NOON) == period("/a/", end) - 1
    assert len({choose([ONE, TWO, THREE], "/a/", end - timedelta(minutes=59 - minute)).pk for minute in range(59)}) == 1


def test_the_choice_is_that_of_every_machine_and_of_any_order():
    assert [creative.pk for creative in ranked([ONE, TWO, THREE], "/a/", NOON)] == [
        creative.pk for creative in ranked([THREE, ONE, TWO], "/a/", NOON)
    ]
    assert [choose([ONE, TWO, THREE], path, NOON).pk for path in PATHS[:12]] == [
        2, 2, 2, 2, 1, 3, 1, 3, 3, 2, 2, 3,
    ]  # fmt: skip


def test_pages_do_not_all_change_at_once():
    ends = Counter(period_end(path, NOON).minute for path in PATHS)

    assert len(ends) == 60
    assert max(ends.values()) < 3 * len(PATHS) / 60


@pytest.mark.parametrize(("weights", "share"), [((1, 1), 0.5), ((1, 3), 0.75), ((1, 100), 0.99)])
def test_an_advertisement_is_shown_as_often_as_its_weight_says(weights, share):
    creatives = [Weighted(number, weight) for number, weight in enumerate(weights)]
    hours = [NOON + timedelta(hours=hour) for hour in range(10)]

    shown = Counter(choose(creatives, path, hour).pk for path in PATHS for hour in hours)

    assert shown[1] / shown.total() == pytest.approx(share, abs=0.015)


def test_another_advertisement_changes_only_the_pages_that_show_it():
    before = {path: choose([ONE, TWO], path, NOON) for path in PATHS}
    after = {path: choose([ONE, TWO, THREE], path, NOON) for path in PATHS}

    changed = [path for path in PATHS if before[path] != after[path]]
    assert {after[path] for path in changed} == {THREE}
    assert len(changed) / len(PATHS) == pytest.approx(1 / 3, abs=0.04)


def test_slots_of_one_page_show_different_ones_until_there_is_no_other():
    shown = []
    for _ in range(5):
        shown.append(choose([ONE, TWO], "/a/", NOON, shown).pk)

    assert set(shown[:2]) == {1, 2}
    assert shown == [*shown[:2], *shown[:2], shown[0]]


def test_of_none_none_is_chosen():
    assert choose([], "/a/", NOON) is None
