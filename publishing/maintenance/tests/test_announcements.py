from datetime import UTC, datetime, timedelta
from threading import Barrier, Event

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone

from publishing.cache import changes
from publishing.maintenance.announcements import amend, announce, current_situation, end, extend, stored_situation
from publishing.maintenance.models import Change, State, Window
from publishing.tests.database import in_parallel
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
    ("state", "starts", "ends", "field", "words"),
    [
        ("closed", 0, 24.01, "ends_at", "24 hours at most"),
        ("read-only", 0, 7 * 24 + 0.01, "ends_at", "7 days at most"),
        ("banner", 0, 31 * 24 + 0.01, "ends_at", "31 days at most"),
        ("banner", 0, 100 * 365 * 24, "ends_at", "31 days at most: until 2026-07-02 12:00 UTC"),
        ("banner", 2, 1, "ends_at", "after the start"),
        ("banner", 2, 2, "ends_at", "after the start"),
        ("banner", -3, -1, "ends_at", "in the future"),
        ("banner", -24.01, 1, "starts_at", "more than a day ago"),
        ("banner", 733 * 24, None, "starts_at", "two years ahead"),
        ("asleep", 0, 1, "state", "not a valid choice"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_what_makes_no_sense_is_refused(state, starts, ends, field, words):
    with pytest.raises(ValidationError) as refused:
        announce(state, starts_at=from_now(starts), ends_at=None if ends is None else from_now(ends))

    assert words in " ".join(refused.value.message_dict[field])
    assert not Window.objects.exists()


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("moment", [datetime.min, datetime(9999, 12, 31, 23, 59)])
@pytest.mark.parametrize("field", ["starts_at", "ends_at"])
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
@time_machine.travel(NOON, tick=False)
def test_the_ends_of_the_calendar_are_refused_beside_their_field(state, moment, field, zone):
    with override_settings(TIME_ZONE=zone), pytest.raises(ValidationError) as refused:
        announce(state, **{field: moment.replace(tzinfo=UTC)})

    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"announce_before": timedelta(days=31, seconds=1)}, "announce_before"),
        ({"announce_before": timedelta.max}, "announce_before"),
        ({"announce_before": -timedelta(seconds=1)}, "announce_before"),
        ({"groups": ["articles", "cellar"]}, "groups"),
        ({"groups": {"articles": 1}}, "groups"),
        ({"groups": [["articles"]]}, "groups"),
        ({"announcement": "x" * 201}, "announcement"),
        ({"announcement": "two\nlines"}, "announcement"),
    ],
)
def test_what_no_window_has_is_refused_beside_its_field(fields, field):
    with pytest.raises(ValidationError) as refused:
        announce("banner", **fields)

    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(("state", "days"), [("closed", 1), ("read-only", 7), ("banner", 31)])
def test_a_window_may_last_for_its_longest_and_without_an_end_it_does(state, days):
    with time_machine.travel(NOON, tick=False) as clock:
        announce(state, ends_at=from_now(days * 24))
        end()
        window = announce(state)

        assert window.over_at == from_now(days * 24)
        clock.shift(timedelta(days=days, seconds=-1))
        assert (current_situation().state, list(Window.objects.active())) == (state, [window])
        clock.shift(timedelta(seconds=1))
        assert (current_situation().state, stored_situation().state, window.is_over) == ("off", "off", True)
        assert not Window.objects.not_over().exists()


@time_machine.travel(NOON, tick=False)
def test_a_closure_without_an_end_says_when_the_site_opens_again():
    assert announce("closed").ends_at == from_now(24)


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("other", State.values)
@time_machine.travel(NOON, tick=False)
def test_windows_may_follow_each_other_but_not_overlap_whatever_their_states(state, other):
    announce(other, starts_at=from_now(2), ends_at=from_now(4))

    for starts, ends in ((1, 3), (3, 5), (2, 4), (2.5, 3), (1, 5), (0, None), (0, 2.01)):
        with pytest.raises(ValidationError, match=r"overlaps.*2026-06-01 14:00 UTC until"):
            announce(state, starts_at=from_now(starts), ends_at=ends and from_now(ends))
    assert Window.objects.count() == 1
    announce(state, starts_at=from_now(4), ends_at=from_now(5))
    announce(state, starts_at=from_now(1), ends_at=from_now(2))


@time_machine.travel(NOON, tick=False)
def test_a_planned_window_ends_an_open_one_and_is_refused_by_one_with_an_end():
    open_end = announce("banner")
    announce("closed", starts_at=from_now(2), ends_at=from_now(3))
    open_end.refresh_from_db()
    assert open_end.ends_at == from_now(2)

    with pytest.raises(ValidationError, match="overlaps.*Banner"):
        announce("read-only", starts_at=from_now(1), ends_at=from_now(2))


@time_machine.travel(NOON, tick=False)
def test_what_was_stored_overlapping_works_and_the_strictest_wins():
    for state, hours in (("banner", 5), ("closed", 2), ("read-only", 3)):
        Window.objects.create(state=state, starts_at=timezone.now(), ends_at=from_now(hours))

    assert stored_situation().state == "closed"
    new = announce("banner", ends_at=from_now(1))
    assert list(Window.objects.not_over()) == [new]


def extended(window, hours):
    window.refresh_from_db()
    extend(window, from_now(hours))


def test_a_window_is_extended_up_to_its_longest_from_its_start():
    with time_machine.travel(NOON, tick=False) as clock:
        window = announce("closed", ends_at=from_now(1))
        clock.shift(HOUR / 2)
        extended(window, 23.5)

        for hours in (23.51, 23.5, 0.2):
            with pytest.raises(ValidationError):
                extended(window, hours)
        window.refresh_from_db()
        window.starts_at = from_now(0)
        window.ends_at = from_now(24)
        with pytest.raises(ValidationError, match="start cannot change"):
            amend(window)
        window.refresh_from_db()
        window.state, window.ends_at = "banner", from_now(30)
        with pytest.raises(ValidationError, match="Announce another"):
            amend(window)
        announce("banner", starts_at=from_now(23.5), ends_at=from_now(24))
        window.refresh_from_db()
        assert window.ends_at == from_now(23.5)


@time_machine.travel(NOON, tick=False)
def test_extending_into_another_window_is_refused():
    window = announce("banner", ends_at=from_now(1))
    announce("closed", starts_at=from_now(2), ends_at=from_now(3))

    extended(window, 2)
    with pytest.raises(ValidationError, match="overlaps.*Closed"):
        extended(window, 2.01)


def test_a_window_that_ended_while_somebody_changed_it_stays_over():
    window = announce("banner")
    end()

    window.sentence = "Still here."
    with pytest.raises(ValidationError, match="is over"):
        amend(window)


def logged():
    return [
        (change.action, change.from_state, change.to_state, change.made_by, change.reason)
        for change in Change.objects.order_by("pk")
    ]


def test_the_log_says_who_changed_what_and_why_and_there_is_no_moment_of_off_between_two_windows():
    owner = make_user("owner")
    with time_machine.travel(NOON, tick=False) as clock:
        announce("banner", by=owner, ends_at=from_now(9), reason="Ticket 12")
        clock.shift(HOUR)
        closed = announce("closed", ends_at=from_now(1))
        extend(closed, from_now(2), by=owner, reason="It takes longer")
        announce("read-only", by=owner, starts_at=from_now(9), announce_before=8 * HOUR)
        end(owner, reason="Done")
        clock.shift(HOUR)
        end(owner, windows=Window.objects.all())

    assert logged() == [
        ("announced", "off", "banner", owner, "Ticket 12"),
        ("ended", "banner", "closed", None, ""),
        ("announced", "banner", "closed", None, ""),
        ("extended", "closed", "closed", owner, "It takes longer"),
        ("announced", "closed", "closed", owner, ""),
        ("ended", "closed", "off", owner, "Done"),
        ("ended", "announced", "off", owner, ""),
    ]


def test_the_log_is_never_changed_and_refused_changes_are_not_in_it():
    announce("banner", ends_at=from_now(1))
    with pytest.raises(ValidationError):
        announce("banner", starts_at=from_now(0.5))

    change = Change.objects.get()
    for alter in (change.save, change.delete, Change.objects.all().delete, lambda: Change.objects.update(reason="")):
        with pytest.raises(TypeError):
            alter()


@pytest.mark.django_db(transaction=True)
def test_of_windows_that_are_saved_at_the_same_moment_one_gets_in():
    starts_at, refused, barrier = from_now(2), [], Barrier(4)

    def save(number):
        barrier.wait()
        try:
            announce(State.values[number % 3], starts_at=starts_at, ends_at=starts_at + HOUR)
        except ValidationError as error:
            refused.append(" ".join(error.messages))

    in_parallel(4, save)

    assert Window.objects.count() == Change.objects.count() == 1
    assert len(refused) == 3 and all("overlaps" in words for words in refused)


@pytest.mark.django_db(transaction=True)
def test_of_windows_that_start_now_at_the_same_moment_the_last_stays_and_the_site_is_never_open_between():
    announce("closed", ends_at=from_now(1))
    states, is_done, barrier = set(), Event(), Barrier(4)

    def change(number):
        if number == 3:
            barrier.wait()
            while not is_done.is_set():
                states.add(stored_situation().state)
            return
        barrier.wait()
        try:
            for _ in range(5):
                announce("closed", ends_at=from_now(1))
        finally:
            if number == 0:
                is_done.set()

    in_parallel(4, change)

    assert states == {"closed"}
    assert Window.objects.active().count() == 1


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
