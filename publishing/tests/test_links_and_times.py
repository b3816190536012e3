"""What pages write many times: links to rows, and times."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from publishing.paths import url_of


@pytest.mark.parametrize("name", ["articles:detail", "articles:tag", "comments:thread", "quizzes:paper"])
@pytest.mark.parametrize("slug", ["a", "1234567890", "A-b_9", "-", "x" * 200, "ü", "東京"])
def test_a_link_to_a_row_is_the_one_that_its_url_pattern_makes(name, slug):
    assert url_of(name, slug) == reverse(name, args=[slug])


@pytest.mark.parametrize("key", [1, 99, 1234567890, 10**12])
def test_a_link_to_a_numbered_row_is_the_one_that_its_url_pattern_makes(key):
    assert url_of("comments:permalink", key) == reverse("comments:permalink", args=[key])


@pytest.mark.parametrize("slug", ["", "a b", "a/b", "a?b", '"'])
def test_a_slug_that_no_url_pattern_accepts_has_no_link(slug):
    with pytest.raises(NoReverseMatch):
        url_of("articles:detail", slug)


@pytest.mark.parametrize(
    ("precision", "in_london", "in_auckland"),
    [
        ("month", "May 2026", "June 2026"),
        ("day", "31 May 2026", "1 June 2026"),
        ("minute", "31 May 2026, 23:05", "1 June 2026, 10:05"),
    ],
)
def test_a_time_is_written_in_the_zone_of_the_site(precision, in_london, in_auckland):
    template = Template('{{ moment|time_element:"' + precision + '" }}')
    context = Context({"moment": datetime(2026, 5, 31, 22, 5, 59, tzinfo=UTC)})

    with timezone.override("Europe/London"):
        assert template.render(context) == f'<time datetime="2026-05-31T23:05:59+01:00">{in_london}</time>'
    with timezone.override("Pacific/Auckland"):
        assert template.render(context) == f'<time datetime="2026-06-01T10:05:59+12:00">{in_auckland}</time>'
    assert template.render(Context({"moment": None})) == ""
