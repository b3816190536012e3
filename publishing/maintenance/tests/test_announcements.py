from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from publishing.cache import changes
from publishing.maintenance.announcements import amend, announce, current_situation, end, stored_situation
from publishing.maintenance.models import Window
from publishing.tests.factories import make_user

pytestmark = pytest.mark.django_db

NOON = "2026-06-01T12:00:00Z"
HOUR = timedelta(hours=1)


def from_now(hours):
    return timezone.now() + hours * HOUR


@time_machine.travel(NOON, tick=False)
def test_an_announcement_ends_what_is_active_and_keeps_it_as_history():
    old = announce("banner", reason="a new disk")
    new = announce("read-only")

    old.refresh_from_db()
    assert (old.ends_at, old.is_over, old.reason) == (new.starts_at, True, "a new disk")
    assert list(Window.objects.active()) == [new]


def test_an_announcement_for_later_leaves_what_is_active_until_then():
    with time_machine.travel(NOON, tick=False) as clock:
        banner = announce("banner")
        closed = announce("closed", starts_at=from_now(2), ends_at=from_now(3))

        states = [current_situation().state]
        for _ in range(3):
            clock.shift(HOUR)
            states.append(current_situation().state)

    assert states == ["banner", "banner", "closed", "off"]
    banner.refresh_from_db()
    assert banner.ends_at == closed.starts_at


@time_machine.travel(NOON, tick=False)
def test_ending_ends_what_is_active_and_spares_what_comes():
    announce("read-only")
    later = announce("banner", starts_at=from_now(5))

    assert end() == 1
    assert current_situation().state == "off"
    assert list(Window.objects.not_over()) == [later]
    assert end() == 0


@time_machine.travel(NOON, tick=False)
def test_a_window_that_is_ended_before_it_starts_never_holds():
    later = announce("banner", starts_at=from_now(1))

    assert end(windows=Window.objects.filter(pk=later.pk)) == 1

    later.refresh_from_db()
    assert later.is_over
    assert not Window.objects.not_over().exists()


@pytest.mark.parametrize("verb", ["announce", "amend", "end"])
def test_every_verb_is_logged_and_heard_by_other_processes(verb):
    owner, window = make_user("owner"), announce("banner")
    before = changes.current()

    if verb == "announce":
        announce("read-only", by=owner)
    elif verb == "amend":
        window.sentence = "Back soon."
        amend(window, by=owner)
    else:
        end(owner)

    assert changes.current() > before
    assert LogEntry.objects.filter(user=owner).exists()


def test_who_announced_it_is_kept():
    owner = make_user("owner")

    assert announce("banner", by=owner).created_by == owner
    assert announce("banner").created_by is None


@time_machine.travel(NOON, tick=False)
def test_a_start_in_the_past_means_now():
    assert announce("banner", starts_at=from_now(-5)).starts_at == timezone.now()


@pytest.mark.parametrize(
    ("state", "starts", "ends", "words"),
    [
        ("closed", 0, None, "when the site opens again"),
        ("closed", 0, 24.01, "24 hours at most"),
        ("banner", 2, 1, "after the start"),
        ("banner", 2, 2, "after the start"),
        ("banner", -3, -1, "in the future"),
        ("asleep", 0, 1, "not a valid choice"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_what_makes_no_sense_is_refused(state, starts, ends, words):
    with pytest.raises(ValidationError, match=words):
        announce(state, starts_at=from_now(starts), ends_at=None if ends is None else from_now(ends))

    assert not Window.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_a_closure_may_last_a_whole_day():
    assert announce("closed", ends_at=from_now(24)).is_active


@time_machine.travel(NOON, tick=False)
def test_two_windows_of_one_state_may_follow_but_not_overlap():
    announce("banner", starts_at=from_now(2), ends_at=from_now(4))

    with pytest.raises(ValidationError, match="overlaps"):
        announce("banner", starts_at=from_now(3), ends_at=from_now(5))
    with pytest.raises(ValidationError, match="overlaps"):
        announce("banner")
    announce("banner", starts_at=from_now(4))
    announce("closed", starts_at=from_now(3), ends_at=from_now(4))


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "asleep"},
        {"state": "banner", "ends_at": -1},
        {"state": "closed", "ends_at": None},
    ],
)
def test_the_database_refuses_impossible_windows(fields):
    if fields.get("ends_at"):
        fields = fields | {"ends_at": from_now(fields["ends_at"])}

    with pytest.raises(IntegrityError), transaction.atomic():
        Window.objects.create(starts_at=timezone.now(), **fields)


def test_the_rows_and_the_queries_agree_on_what_is_active_and_over():
    with time_machine.travel(NOON, tick=False) as clock:
        moments = [from_now(hours) for hours in range(4)]
        for start in moments:
            for finish in (None, *(m for m in moments if m >= start)):
                Window.objects.create(state="banner", starts_at=start, ends_at=finish)

        for moment in moments:
            clock.move_to(moment, tick=False)
            windows = set(Window.objects.all())
            assert {w for w in windows if w.is_active} == set(Window.objects.active())
            assert {w for w in windows if not w.is_over} == set(Window.objects.not_over())


def test_nothing_is_asked_while_nothing_changes_even_when_the_clock_changes_the_state(count_queries):
    with time_machine.travel(NOON, tick=False) as clock:
        announce("banner", starts_at=from_now(0.005), ends_at=from_now(0.01))
        current_situation()
        with count_queries() as queries:
            states = [current_situation().state]
            for _ in range(2):
                clock.shift(0.005 * HOUR)
                states.append(current_situation().state)

    assert states == ["off", "banner", "off"]
    assert queries == []


def test_what_is_read_costs_one_query_whatever_the_number_of_windows(count_queries):
    counts = []
    for number in (2, 12):
        while Window.objects.count() < number:
            Window.objects.create(state="banner", starts_at=from_now(Window.objects.count()))
        with count_queries() as queries:
            stored_situation()
        counts.append(len(queries))

    assert counts == [1, 1]
