from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.cache import pages
from publishing.maintenance.tests.factories import database_down
from publishing.sponsors.house.filling import fill
from publishing.sponsors.models import Creative

from .factories import make_advertiser, make_creative

pytestmark = pytest.mark.django_db


def filled(key="article-top", path="/articles/a/", at=None, **more):
    return fill(key, path, at or timezone.now(), **more)


def test_a_text_leads_straight_to_the_advertiser_who_is_named():
    make_creative(
        headline="Buy <this>", advertiser=make_advertiser("Acme & Sons"), target="https://acme.example/?a=1&b=2"
    )

    html = " ".join(filled().html.split())

    assert '<a class="creative words" href="https://acme.example/?a=1&amp;b=2" rel="sponsored noopener"' in html
    assert "Buy &lt;this&gt;" in html
    assert filled().by == "Advertisement of Acme & Sons"
    assert "style=" not in html and "onclick" not in html and "target=" not in html


def test_a_picture_has_its_size_and_says_what_it_shows():
    make_creative(kind="picture", picture="f" * 32 + ".webp", width=300, height=250, alt="A “red” bicycle")

    html = " ".join(filled().html.split())

    assert f'<img src="/media/{"f" * 32}.webp" alt="A “red” bicycle" width="300" height="250"' in html


def test_nothing_runs_before_its_start_from_its_end_on_or_while_it_is_off():
    now = timezone.now()
    start, end = now + timedelta(hours=1), now + timedelta(hours=2)
    make_creative(starts_at=start, ends_at=end)
    make_creative(is_on=False)

    assert not filled(at=start - timedelta(seconds=1)).html
    assert filled(at=start).html
    assert filled(at=end - timedelta(seconds=1)).html
    assert not filled(at=end).html


def test_a_page_knows_when_the_next_one_starts_or_ends_also_if_it_shows_none():
    now = timezone.now()
    start, end = now + timedelta(minutes=90), now + timedelta(hours=5)
    make_creative(starts_at=start, ends_at=end)

    assert filled(at=now).changes_at == start
    # One alone does not change with the hour.
    assert filled(at=start).changes_at == end
    assert filled(at=end).changes_at is None


def test_of_two_the_page_changes_at_the_end_of_its_hour():
    now = timezone.now()
    make_creative()
    make_creative()

    assert now < filled(at=now).changes_at <= now + timedelta(hours=1)


def test_two_slots_of_a_page_show_two_advertisements():
    make_creative()
    make_creative()

    first = filled()
    second = filled("article-end", taken=[first.creative])

    assert first.creative != second.creative


def test_an_advertisement_is_only_in_its_places_and_in_boxes_of_its_size():
    make_creative(slots=["list"], kind="picture", picture="f" * 32 + ".webp", width=300, height=250, alt="A bicycle")

    assert not filled("article-top").html
    assert filled("list", sizes={"phone": [(728, 90), (300, 250)]}).html
    assert filled("list", sizes={"wide": [[300, 250]]}).html
    assert not filled("list", sizes={"wide": [(728, 90)]}).html


def test_a_text_is_in_boxes_that_have_room_for_all_of_it():
    low, usual = {"phone": [(320, 50)]}, {"phone": [(320, 100)], "wide": [(728, 90)]}
    make_creative(headline="Buy this", text="It is good.")
    assert filled(sizes=low).html

    Creative.objects.update(text="It is good. " * 11)
    pages.invalidate("slots")
    assert filled(sizes=usual).html
    assert not filled(sizes=low).html
    assert not filled(sizes=usual | low).html


def test_choosing_costs_no_query_while_nothing_has_changed(django_assert_num_queries):
    make_creative()
    filled()

    with django_assert_num_queries(0):
        filled()


def test_the_number_of_queries_does_not_grow_with_that_of_advertisements(django_assert_num_queries):
    for number in range(12):
        make_creative(advertiser=make_advertiser(f"Acme {number}"))

    with django_assert_num_queries(1):
        filled()


def test_while_the_database_is_down_pages_show_none():
    make_creative()

    with database_down():
        assert not filled().html
