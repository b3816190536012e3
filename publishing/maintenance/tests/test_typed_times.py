"""Times that are typed at the desk and on the command line, in the nights in which the clocks change."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import override_settings

from publishing.maintenance.models import Window

from .test_admin import PLAN, confirm, errors, fields, owner  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

BERLIN, SYDNEY = "Europe/Berlin", "Australia/Sydney"


def at(name, date, time, **others):
    return {f"{name}_0": date, f"{name}_1": time} | others


@pytest.mark.parametrize(
    ("zone", "now", "date", "before", "after"),
    [
        (BERLIN, "2026-03-20T12:00Z", "2026-03-29", "01:59 CET", "03:00 CEST"),
        (SYDNEY, "2026-09-20T12:00Z", "2026-10-04", "01:59 AEST", "03:00 AEDT"),
    ],
)
@pytest.mark.parametrize("name", ["starts_at", "ends_at"])
@pytest.mark.usefixtures("owner")
def test_a_time_that_the_clocks_skip_is_refused_beside_its_field(client, name, zone, now, date, before, after):
    with override_settings(TIME_ZONE=zone), time_machine.travel(now, tick=False):
        refused = client.post(PLAN, fields(lasts="until", reason="Kept") | at(name, date, "02:30"))

        assert refused.status_code == 422
        assert before in errors(refused) and after in errors(refused)
        assert name in refused.context["form"].errors
        assert f'value="{date}"' in refused.text and 'value="02:30"' in refused.text and 'value="Kept"' in refused.text
        assert not Window.objects.exists()


@pytest.mark.parametrize(
    ("zone", "now", "date", "moments"),
    [
        (BERLIN, "2026-10-20T12:00Z", "2026-10-25", ["2026-10-25 00:30", "2026-10-25 01:30"]),
        (SYDNEY, "2026-03-20T12:00Z", "2026-04-05", ["2026-04-04 15:30", "2026-04-04 16:30"]),
    ],
)
@pytest.mark.parametrize("reading", [0, 1])
@pytest.mark.usefixtures("owner")
def test_a_time_that_comes_twice_is_asked_about_and_the_choice_lasts(client, reading, zone, now, date, moments):
    with override_settings(TIME_ZONE=zone), time_machine.travel(now, tick=False):
        typed = fields("closed", lasts="60", reason="Kept") | at("starts_at", date, "02:30")
        asked = client.post(PLAN, typed)
        choices = re.findall(r'<input type="radio" name="starts_at_2" value="([01])"', asked.text)
        answer = confirm(client, typed | {"starts_at_2": str(reading)})
        window = Window.objects.get()
        again = client.get(f"/admin/maintenance/window/{window.pk}/change/").text

    assert (asked.status_code, choices) == (422, ["0", "1"])
    assert f'value="{date}"' in asked.text and 'value="Kept"' in asked.text
    assert answer.status_code == 200
    assert f"{window.starts_at.astimezone(UTC):%Y-%m-%d %H:%M}" == moments[reading]
    assert window.ends_at - window.starts_at == timedelta(hours=1)
    checked = re.search(r'name="starts_at_2" value="([01])"[^>]*checked', again)
    assert checked and checked[1] == str(reading)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "1926-06-01", "2126-06-01"])
@pytest.mark.parametrize(("name", "lasts"), [("starts_at", "30"), ("starts_at", "open"), ("ends_at", "until")])
@pytest.mark.usefixtures("owner")
def test_the_ends_of_the_calendar_and_other_centuries_are_refused_beside_their_field(client, name, lasts, date, zone):
    with override_settings(TIME_ZONE=zone):
        refused = client.post(PLAN, fields("closed", lasts=lasts) | at(name, date, "23:59"))

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [name]
    assert not Window.objects.exists()


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        (BERLIN, "2026-03-29T02:30", "does not exist.*01:59 CET.*03:00 CEST"),
        (SYDNEY, "2026-10-04T02:30", "does not exist.*01:59 AEST.*03:00 AEDT"),
        (BERLIN, "2026-10-25T02:30", r"comes twice.*CEST \(UTC\+02:00\).*CET \(UTC\+01:00\).*offset"),
        (SYDNEY, "2026-04-05T02:30", "comes twice.*AEDT.*AEST.*offset"),
        ("America/New_York", "9999-12-31T23:59", "not a date of our calendar"),
        ("UTC", "9999-12-31T23:59", "two years ahead"),
    ],
)
@pytest.mark.parametrize("length", [["--for", "1h"], []])
@time_machine.travel("2026-02-01T12:00Z", tick=False)
def test_the_command_refuses_what_the_clocks_skip_and_asks_for_an_offset(zone, moment, words, length):
    with override_settings(TIME_ZONE=zone), pytest.raises(CommandError, match=words):
        call_command("maintenance", "close", "--from", moment, *length, stdout=StringIO(), stderr=StringIO())

    assert not Window.objects.exists()


@pytest.mark.parametrize(("offset", "hour"), [("+02:00", 0), ("+01:00", 1)])
@time_machine.travel("2026-10-20T12:00Z", tick=False)
def test_the_command_takes_either_reading_with_its_offset(offset, hour):
    with override_settings(TIME_ZONE=BERLIN):
        call_command("maintenance", "close", "--from", f"2026-10-25T02:30{offset}", "--for", "1h", stdout=StringIO())

    assert Window.objects.get().starts_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
