"""Dates and times as people type them, around the two nights in which the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import override_settings

from publishing.maintenance.moments import MomentField, around_gap, in_zone, readings

BERLIN, SYDNEY, LORD_HOWE, APIA = "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia"


def typed(text):
    return datetime.fromisoformat(text)


def utc(*moments):
    return [f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" for moment in moments]


class Form(forms.Form):
    moment = MomentField(required=False)
    word = forms.CharField()


def form(date, time, reading=None, **data):
    fields = {"moment_0": date, "moment_1": time, "word": "kept"} | data
    return Form(fields if reading is None else fields | {"moment_2": reading})


@pytest.mark.parametrize(
    ("zone", "text", "moments"),
    [
        (BERLIN, "2026-06-01T14:30", ["2026-06-01 12:30"]),
        (BERLIN, "2026-03-29T01:59", ["2026-03-29 00:59"]),
        (BERLIN, "2026-03-29T02:00", []),
        (BERLIN, "2026-03-29T02:59:59", []),
        (BERLIN, "2026-03-29T03:00", ["2026-03-29 01:00"]),
        (BERLIN, "2026-10-25T01:59", ["2026-10-24 23:59"]),
        (BERLIN, "2026-10-25T02:00", ["2026-10-25 00:00", "2026-10-25 01:00"]),
        (BERLIN, "2026-10-25T02:59", ["2026-10-25 00:59", "2026-10-25 01:59"]),
        (BERLIN, "2026-10-25T03:00", ["2026-10-25 02:00"]),
        # Where it is spring in October.
        (SYDNEY, "2026-10-04T02:30", []),
        (SYDNEY, "2026-04-05T02:30", ["2026-04-04 15:30", "2026-04-04 16:30"]),
        # By half an hour.
        (LORD_HOWE, "2026-10-04T02:15", []),
        (LORD_HOWE, "2026-10-04T02:30", ["2026-10-03 15:30"]),
        # Without a Friday.
        (APIA, "2011-12-30T12:00", []),
        ("UTC", "2026-03-29T02:30", ["2026-03-29 02:30"]),
    ],
)
def test_what_a_date_and_time_can_mean(zone, text, moments):
    with override_settings(TIME_ZONE=zone):
        assert utc(*readings(typed(text))) == moments


@pytest.mark.parametrize(
    ("zone", "text", "before", "after"),
    [
        (BERLIN, "2026-03-29T02:30", "2026-03-29 01:59", "2026-03-29 03:00"),
        (SYDNEY, "2026-10-04T02:00", "2026-10-04 01:59", "2026-10-04 03:00"),
        (LORD_HOWE, "2026-10-04T02:15", "2026-10-04 01:59", "2026-10-04 02:30"),
        (APIA, "2011-12-30T12:00", "2011-12-29 23:59", "2011-12-31 00:00"),
    ],
)
def test_the_nearest_times_around_a_gap(zone, text, before, after):
    with override_settings(TIME_ZONE=zone):
        assert [f"{moment:%Y-%m-%d %H:%M}" for moment in around_gap(typed(text))] == [before, after]


@override_settings(TIME_ZONE=BERLIN)
def test_a_time_that_does_not_exist_is_refused_with_the_nearest_ones():
    refused = form("2026-03-29", "02:30")

    assert refused.errors["moment"] == [
        "29 March 2026, 02:30 does not exist: the clocks go forward. The nearest times are "
        "29 March 2026, 01:59 CET (UTC+01:00) and 29 March 2026, 03:00 CEST (UTC+02:00)."
    ]
    assert "Which of the two?" not in refused.as_p()


@pytest.mark.parametrize(
    ("zone", "date", "first", "second"),
    [
        (BERLIN, "2026-10-25", "CEST (UTC+02:00)", "CET (UTC+01:00)"),
        (SYDNEY, "2026-04-05", "AEDT (UTC+11:00)", "AEST (UTC+10:00)"),
    ],
)
def test_of_a_time_that_comes_twice_one_is_chosen_and_what_was_typed_is_kept(zone, date, first, second):
    with override_settings(TIME_ZONE=zone):
        asked = form(date, "02:30")
        html = asked.as_p()
        chosen = [form(date, "02:30", number) for number in "01"]

        assert "comes twice" in asked.errors["moment"][0]
        assert first in asked.errors["moment"][0] and second in asked.errors["moment"][0]
        assert html.count('type="radio"') == 2 and "Which of the two?" in html
        assert html.index(first) < html.index(second)
        assert f'value="{date}"' in html and 'value="02:30"' in html and 'value="kept"' in html
        assert [each.is_valid() for each in chosen] == [True, True]
        earlier, later = (each.cleaned_data["moment"] for each in chosen)
        assert later - earlier == timedelta(hours=1)
        assert 'value="1"' in chosen[1].as_p().partition("checked")[0]


@override_settings(TIME_ZONE=BERLIN)
def test_a_stored_time_that_comes_twice_is_shown_with_its_choice_and_is_unchanged_by_saving():
    for number, hour in enumerate((0, 1)):
        stored = {"moment": datetime(2026, 10, 25, hour, 30, tzinfo=UTC)}
        shown = Form(initial=stored).as_p()
        saved = Form({"moment_0": "2026-10-25", "moment_1": "02:30", "moment_2": str(number)}, initial=stored)
        other = Form({"moment_0": "2026-10-25", "moment_1": "02:30", "moment_2": str(1 - number)}, initial=stored)

        assert shown.count('type="radio"') == 2
        assert shown.partition(" checked")[0].count('type="radio"') == number + 1
        assert "moment" not in saved.changed_data and "moment" in other.changed_data


@override_settings(TIME_ZONE=BERLIN)
def test_a_choice_left_over_from_another_time_does_nothing():
    plain = form("2026-10-26", "02:30", "1")

    assert plain.is_valid()
    assert utc(plain.cleaned_data["moment"]) == ["2026-10-26 01:30"]
    assert 'type="radio"' not in plain.as_p()


@pytest.mark.parametrize(
    ("date", "time", "reading", "words"),
    [
        ("2026-10-25", "", None, "Enter a valid time."),
        ("", "02:30", None, "Enter a valid date."),
        ("2026-02-30", "02:30", None, "Enter a valid date."),
        ("2026-10-25", "02:30", "2", "not one of the available choices"),
        ("0001-01-01", "00:00", None, "not a date of our calendar"),
        ("٢٠٢٦-١٠-٢٥", "x", None, "Enter a valid time."),
    ],
)
@override_settings(TIME_ZONE=BERLIN)
def test_what_is_no_date_and_time_is_refused(date, time, reading, words):
    assert words in " ".join(form(date, time, reading).errors["moment"])


def test_the_last_moment_of_the_calendar_is_refused_where_it_is_a_year_later():
    with override_settings(TIME_ZONE="America/New_York"):
        assert "not a date of our calendar" in form("9999-12-31", "23:59").errors["moment"][0]


def test_a_field_that_may_be_empty_may_be_empty_and_one_that_may_not_says_so():
    empty = form("", "")

    assert empty.is_valid() and empty.cleaned_data["moment"] is None
    with pytest.raises(ValidationError, match="required"):
        MomentField().clean(["", "", "1"])


@override_settings(TIME_ZONE=BERLIN)
def test_each_form_asks_for_itself():
    form("2026-10-25", "02:30").is_valid()

    assert 'type="radio"' not in Form().as_p()
    assert utc(in_zone(typed("2026-10-25T02:30"), "1")) == ["2026-10-25 01:30"]
