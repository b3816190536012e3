import json
from contextlib import nullcontext
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command, load_command_class
from django.db import DatabaseError
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override

from publishing.maintenance import switch
from publishing.maintenance.announcements import current_situation
from publishing.maintenance.models import Change, Window

from .factories import database_down

pytestmark = pytest.mark.django_db

NOON = "2026-06-01T12:00:00Z"


def maintenance(*arguments):
    out = StringIO()
    call_command("maintenance", *arguments, stdout=out)
    return out.getvalue()


def ended_with(*arguments):
    """The exit code, and what was printed."""
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("maintenance", *arguments, stdout=out)
    return left.value.code, out.getvalue()


@pytest.mark.parametrize(("verb", "state"), [("banner",) * 2, ("read-only",) * 2, ("close", "closed"), ("closed",) * 2])
@time_machine.travel(NOON, tick=False)
def test_each_state_is_announced_shown_and_ended(verb, state):
    said = maintenance(verb, "--for", "30m", "--sentence", "A new disk.", "--reason", "Ticket 12")

    assert "until 2026-06-01 12:30 UTC" in said
    assert maintenance("status").splitlines() == [state, "sentence: A new disk.", "until: 2026-06-01 12:30 UTC"]
    assert Window.objects.get().reason == "Ticket 12"
    assert maintenance("off", "--reason", "Done") == "Maintenance is off.\n"
    assert maintenance("status") == "off\n"
    assert ended_with("off") == (3, "Maintenance is already off.\n")
    assert [change.reason for change in Change.objects.all()] == ["Done", "Ticket 12"]


@time_machine.travel(NOON, tick=False)
def test_the_log_of_the_program_is_in_english_for_every_site(caplog):
    with override("de"), caplog.at_level("INFO", logger="publishing.maintenance"):
        maintenance("read-only", "--for", "1h")

    assert "Read-only from 2026-06-01 12:00 UTC until 2026-06-01 13:00 UTC" in caplog.text


@time_machine.travel(NOON, tick=False)
def test_a_closure_without_an_end_gets_two_hours_and_says_so(capsys):
    maintenance("close")

    assert "opens again after 2 hours" in capsys.readouterr().err
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
        (["banner", "--for=-2h"], "not a duration"),
        (["banner", "--for", "36500d"], "not a duration"),
        (["banner", "--for", "9999d"], "31 days at most"),
        (["banner", "--until", "2126-06-01T12:00"], "31 days at most"),
        (["schedule", "banner", "--from", "2126-06-01T12:00", "--for", "1h"], "two years ahead"),
        (["schedule", "banner", "--for", "1h"], "Say with --from"),
        (["announce", "banner"], "Say with --from"),
        (["announce", "close", "--from", "2026-06-01T11:30"], "in the past"),
        (["schedule", "close", "--from", "2026-06-01T12:00", "--for", "2h"], "in the past"),
        (["announce", "--from", "2026-06-02T12:00"], "required"),
        (["announce", "off", "--from", "2026-06-02T12:00"], "invalid choice"),
        (["banner", "--announce-before", "40d", "--from", "2026-06-02T12:00"], "31 days before at most"),
        (["banner", "--announce-before", "٣d"], "not a duration"),
        (["banner", "--groups", "articles,admin"], "no group of routes"),
        (["banner", "--groups", ""], "no group of routes"),
        (["banner", "--until", "٢٠٢٦-06-02T10:00"], "not a date and time"),
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


@pytest.mark.parametrize("arguments", [["banner", "--for", "2x"], ["on"], ["schedule", "banner"]])
def test_wrong_usage_has_a_code_of_its_own_and_one_line_of_words(capsys, arguments):
    command = load_command_class("publishing.maintenance", "maintenance")

    with pytest.raises(SystemExit) as ended:
        # Without Django's `setup`, which would leave the log in a stream that is closed after this test.
        command.run_from_argv(["manage.py", "maintenance", *arguments])

    assert ended.value.code == 2
    assert "rror: " in capsys.readouterr().err.splitlines()[-1]


@time_machine.travel(NOON, tick=False)
def test_status_for_programs_tells_what_is_to_come():
    maintenance("banner", "--for", "1h", "--sentence", "Soon.")
    maintenance("close", "--from", "2026-06-02T02:00", "--for", "1h", "--announce-before", "1h", "--reason", "Disk")

    told = json.loads(maintenance("status", "--json"))
    coming = told.pop("to_come")
    assert told == {
        "state": "banner",
        "sentence": "Soon.",
        "from": "2026-06-01T12:00:00+00:00",
        "until": "2026-06-01T13:00:00+00:00",
    }
    assert coming == [
        {
            "id": Window.objects.scheduled().get().pk,
            "state": "closed",
            "from": "2026-06-02T02:00:00+00:00",
            "until": "2026-06-02T03:00:00+00:00",
            "announced_from": "2026-06-02T01:00:00+00:00",
            "groups": ["articles", "comments", "feeds", "previews", "search"],
            "reason": "Disk",
        }
    ]
    assert "closed from 2026-06-02 02:00 UTC until 2026-06-02 03:00 UTC" in maintenance("off")


@time_machine.travel(NOON, tick=False)
def test_the_exit_code_of_status_is_the_state_if_asked_for():
    assert maintenance("status", "--exit-code") == "off\n"
    maintenance("announce", "close", "--from", "2026-06-02T02:00")
    assert ended_with("status", "--exit-code")[0] == 10
    for verb, code in (("banner", 11), ("read-only", 12), ("close", 13)):
        maintenance(verb, "--for", "1h")
        assert ended_with("status", "--exit-code")[0] == code
        maintenance("status")


@time_machine.travel(NOON, tick=False)
def test_what_is_announced_is_told_from_now_on_and_what_is_scheduled_is_not():
    maintenance("announce", "read-only", "--from", "2026-06-03T12:00", "--for", "1h", "--announcement", "A new disk.")
    maintenance("schedule", "close", "--from", "2026-06-05T12:00", "--for", "1h")

    assert maintenance("status").splitlines()[:3] == [
        "announced", "from: 2026-06-03 12:00 UTC", "sentence: A new disk.",
    ]  # fmt: skip
    assert [window.announce_before for window in Window.objects.order_by("starts_at")] == [
        timedelta(days=2),
        timedelta(),
    ]
    first, second = json.loads(maintenance("schedule", "--json"))
    assert maintenance("schedule").splitlines() == [
        f"{first['id']}: read-only from 2026-06-03 12:00 UTC until 2026-06-03 13:00 UTC, announced from "
        "2026-06-01 12:00 UTC",
        f"{second['id']}: closed from 2026-06-05 12:00 UTC until 2026-06-05 13:00 UTC",
    ]
    maintenance("off", "--window", str(first["id"]))
    assert [window["id"] for window in json.loads(maintenance("schedule", "--json"))] == [second["id"]]
    assert ended_with("off", "--window", str(first["id"]))[0] == 3
    assert ended_with("off", "--json")[0] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["close", "--for", "1h"],
        ["banner", "--groups", "feeds,search"],
        ["announce", "read-only", "--from", "2026-06-02T12:00", "--for", "1h"],
        ["off"],
    ],
)
@time_machine.travel(NOON, tick=False)
def test_a_dry_run_shows_the_answers_before_and_after_and_changes_nothing(arguments):
    maintenance("read-only", "--for", "2h")
    before = list(Window.objects.values()), Change.objects.count()

    said = maintenance(*arguments, "--dry-run")
    told = json.loads(maintenance(*arguments, "--dry-run", "--json"))

    assert said.endswith("Nothing was changed.\n")
    assert told["now"] == "read-only"
    # Last those of most routes of a group, which come first.
    rows = reversed(told["answers"])
    answers = {(each["group"], each["who"], each["method"]): (each["now"], each["then"]) for each in rows}
    assert answers["search", "readers", "GET"] == (200, 503 if arguments[0] == "close" else 200)
    assert answers["quizzes", "readers", "POST"] == (200, 200)
    assert answers["articles", "readers", "POST"][0] == 503
    assert answers["articles", "passing", "POST"] == (200, 200)
    assert (list(Window.objects.values()), Change.objects.count()) == before


@time_machine.travel(NOON, tick=False)
def test_a_dry_run_names_what_would_end_and_what_makes_no_sense():
    maintenance("read-only", "--for", "2h")

    said = maintenance("close", "--dry-run").splitlines()
    assert said[0] == "read-only → closed"
    assert "ends: " in said[1] and "read-only from 2026-06-01 12:00 UTC" in said[1]
    with pytest.raises(CommandError, match="24 hours at most"):
        maintenance("close", "--for", "25h", "--dry-run")


def test_groups_are_closed_and_left_open_as_named(client):
    maintenance("close", "--groups", "feeds,quizzes")

    assert client.get("/feed.xml").status_code == 503
    assert client.get("/quizzes/").status_code == 503
    assert client.get("/").status_code == 200


def test_the_history_names_people_the_command_line_and_the_clock():
    with time_machine.travel(NOON, tick=False):
        maintenance("schedule", "read-only", "--from", "2026-06-01T13:00", "--for", "1h", "--reason", "A new disk")
    with time_machine.travel("2026-06-01T15:00:00Z", tick=False):
        told = json.loads(maintenance("history", "--json"))
        assert maintenance("history", "--limit", "1") == (
            "2026-06-01 14:00 UTC  read-only → off  over by the clock: A new disk\n"
        )

    assert [(each["at"], each["action"], each["who"]) for each in told] == [
        ("2026-06-01T14:00:00+00:00", "over", "clock"),
        ("2026-06-01T13:00:00+00:00", "began", "clock"),
        ("2026-06-01T12:00:00+00:00", "announced", None),
    ]


def test_status_does_not_guess_while_the_database_is_down():
    with database_down(), pytest.raises(DatabaseError):
        maintenance("status")


@pytest.mark.parametrize("database", [nullcontext, database_down])
def test_status_tells_what_the_switch_says(monkeypatch, database):
    monkeypatch.setattr(switch, "_switch", switch.Switch("/no/such/file", "closed"))

    with database():
        assert "MAINTENANCE says closed" in maintenance("status")
        told = json.loads(maintenance("status", "--json"))
        assert (told["state"], told["switch"]["state"], told["switch"]["by"]) == ("closed", "closed", "MAINTENANCE")
        assert ended_with("status", "--exit-code")[0] == 13
