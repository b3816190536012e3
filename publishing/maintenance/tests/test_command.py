import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import override_settings
from django.utils import timezone

from publishing.maintenance.announcements import current_situation
from publishing.maintenance.models import Window

from .factories import database_down

pytestmark = pytest.mark.django_db

NOON = "2026-06-01T12:00:00Z"


def maintenance(*arguments):
    out = StringIO()
    call_command("maintenance", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("state", ["banner", "read-only", "closed"])
@time_machine.travel(NOON, tick=False)
def test_each_state_is_announced_shown_and_ended(state):
    said = maintenance(state, "--for", "30m", "--sentence", "A new disk.", "--reason", "Ticket 12")

    assert "until 2026-06-01 12:30 UTC" in said
    assert maintenance("status").splitlines() == [state, "sentence: A new disk.", "until: 2026-06-01 12:30 UTC"]
    assert Window.objects.get().reason == "Ticket 12"
    assert maintenance("off") == "Maintenance is off.\n"
    assert maintenance("status") == "off\n"
    assert maintenance("off") == "Maintenance is already off.\n"


@time_machine.travel(NOON, tick=False)
def test_a_closure_without_an_end_gets_two_hours_and_says_so():
    said = maintenance("closed")

    assert "opens again after 2 hours" in said
    assert current_situation().ends_at == timezone.now() + timedelta(hours=2)


@pytest.mark.parametrize(
    ("length", "ends_at"),
    [("90m", "13:30"), ("2h", "14:00"), ("1h15m", "13:15"), ("1d", "12:00")],
)
@time_machine.travel(NOON, tick=False)
def test_lengths_of_time(length, ends_at):
    maintenance("banner", "--for", length)

    assert f"{current_situation().ends_at:%H:%M}" == ends_at


@pytest.mark.parametrize(
    ("moment", "in_utc"),
    [
        ("2026-06-02T02:00", "2026-06-02 00:00"),
        ("2026-06-02T02:00Z", "2026-06-02 02:00"),
        ("2026-06-02T02:00-05:00", "2026-06-02 07:00"),
        ("2026-06-02 02:00", "2026-06-02 00:00"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_moments_without_an_offset_are_in_the_zone_of_the_site(moment, in_utc):
    with override_settings(TIME_ZONE="Europe/Berlin"):
        maintenance("closed", "--from", moment, "--for", "1h")

    window = Window.objects.get()
    assert f"{window.starts_at:%Y-%m-%d %H:%M}" == in_utc
    assert window.ends_at - window.starts_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["banner", "--from", "2026-06-02T10:00", "--until", "2026-06-02T09:00"], "after the start"),
        (["banner", "--until", "2026-05-01T09:00"], "in the future"),
        (["closed", "--for", "25h"], "24 hours at most"),
        (["closed", "--until", "2026-06-03T12:00"], "24 hours at most"),
        (["banner", "--from", "tomorrow"], "not a date and time"),
        (["banner", "--until", "2026-02-30T10:00"], "not a date and time"),
        (["banner", "--for", "2x"], "not a duration"),
        (["banner", "--for", "-2h"], "expected one argument"),
        (["banner", "--for", "0m"], "not a duration"),
        (["banner", "--for", "٣h"], "not a duration"),
        (["banner", "--for", "2h", "--until", "2026-06-02T10:00"], "not allowed with"),
        (["banner", "--sentence", "x" * 201], "at most 200 characters"),
        (["banner", "--sentence", "two\nlines"], "one line"),
        (["on"], "invalid choice"),
        ([], "required"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_what_makes_no_sense_is_refused_with_words(arguments, words):
    with pytest.raises(CommandError, match=words):
        maintenance(*arguments)

    assert not Window.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_status_for_programs_tells_what_is_to_come():
    maintenance("banner", "--for", "1h", "--sentence", "Soon.")
    maintenance("closed", "--from", "2026-06-02T02:00", "--for", "1h")

    assert json.loads(maintenance("status", "--json")) == {
        "state": "banner",
        "sentence": "Soon.",
        "until": "2026-06-01T13:00:00+00:00",
        "to_come": [
            {"state": "closed", "from": "2026-06-02T02:00:00+00:00", "until": "2026-06-02T03:00:00+00:00"},
        ],
    }
    assert "Planned: Closed from 2026-06-02 02:00 UTC" in maintenance("off")


def test_status_does_not_guess_while_the_database_is_down():
    with database_down(), pytest.raises(DatabaseError):
        maintenance("status")
