"""Dates, numbers and what is counted, as each language writes them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from publishing.text import moments

MOMENT = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "month", "day", "minute", "soon"),
    [
        ("en", "March 2026", "5 March 2026", "5 March 2026, 14:30", "5 March, 14:30"),
        ("ar", "مارس 2026", "5 مارس 2026", "5 مارس 2026، 14:30", "5 مارس، 14:30"),
        ("de", "März 2026", "5. März 2026", "5. März 2026, 14:30", "5. März, 14:30"),
        ("es", "marzo de 2026", "5 de marzo de 2026", "5 de marzo de 2026, 14:30", "5 de marzo, 14:30"),
        ("fr", "mars 2026", "5 mars 2026", "5 mars 2026 à 14:30", "5 mars à 14:30"),
        ("ja", "2026年3月", "2026年3月5日", "2026年3月5日 14:30", "3月5日 14:30"),
        ("pl", "marzec 2026", "5 marca 2026", "5 marca 2026, 14:30", "5 marca, 14:30"),
        # Not one of ours: what Django says.
        ("nl", "maart 2026", "5 maart 2026", "5 maart 2026 14:30", "5 maart 2026 14:30"),
    ],
)
def test_a_moment_is_written_as_readers_of_the_language_write_it(language, month, day, minute, soon):
    with translation.override(language):
        written = [moments.in_words(MOMENT, precision) for precision in ("month", "day", "minute", "soon")]
        assert [words.lower() for words in written] == [words.lower() for words in (month, day, minute, soon)]
        assert moments.in_words(date(2026, 3, 5), "day") == written[1]
        element = Template('{{ moment|time_element:"day" }}').render(Context({"moment": MOMENT}))
        assert element == f'<time datetime="2026-03-05T14:30:00+00:00">{written[1]}</time>'


def test_below_a_chart_a_day_is_short():
    ticks = {"en": "5 Mar", "ar": "5/3", "de": "5.3.", "es": "5/3", "fr": "5/3", "ja": "3/5", "pl": "5.03"}
    for language, written in ticks.items():
        with translation.override(language):
            assert moments.in_words(date(2026, 3, 5), "tick") == written


def test_no_moment_has_no_words():
    assert moments.in_words(None, "day") == ""
    assert Template('{{ none|time_element:"day" }}{{ none|machine_time }}').render(Context({"none": None})) == ""


@pytest.mark.parametrize(
    ("language", "number"),
    [
        ("en", "1,234,567"),
        ("de", "1.234.567"),
        ("fr", "1\xa0234\xa0567"),
        ("ja", "1,234,567"),
        ("es", "1\xa0234\xa0567"),
    ],
)
def test_numbers_are_grouped_as_in_the_language(language, number):
    with translation.override(language):
        assert moments.number(1_234_567) == number
        assert number in moments.counted(1_234_567, "heart")


def test_one_and_many_in_english():
    for noun in ("article", "comment", "heart", "view"):
        assert [moments.counted(number, noun) for number in (0, 1, 1200)] == [
            f"0 {noun}s",
            f"1 {noun}",
            f"1,200 {noun}s",
        ]
    assert [moments.counted(number, "minute") for number in (1, 5)] == ["1 min read", "5 min read"]


def test_names_in_a_row():
    assert [moments.listed(["Ada", "Ben", "Cleo"][:number]) for number in range(4)] == [
        "", "Ada", "Ada and Ben", "Ada, Ben and Cleo",
    ]  # fmt: skip


def test_the_same_moment_in_two_zones_is_two_texts():
    template, context = Template('{{ moment|time_element:"minute" }}'), Context({"moment": MOMENT})
    with translation.override("de"), timezone.override("Asia/Tokyo"):
        assert ">5. März 2026, 23:30<" in template.render(context)
    with translation.override("de"):
        assert ">5. März 2026, 14:30<" in template.render(context)
