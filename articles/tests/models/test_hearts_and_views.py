from datetime import timedelta

import pytest

from articles.models import ArticleCounts
from articles.models.counts import Heart, View, count_view, set_heart
from publishing.models import VisitorSalt
from publishing.tests.database import in_parallel
from publishing.tests.factories import make_article, make_user

BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
pytestmark = pytest.mark.django_db


def counts(article):
    return ArticleCounts.objects.get(article=article)


def heart(post, article, **headers):
    return post(article.get_absolute_url() + "heart/", headers={"accept": "application/json"} | headers)


def view(post, article, **headers):
    return post(article.get_absolute_url() + "view/", headers=BROWSER | headers)


def test_a_reader_adds_and_removes_a_heart(post_from_site):
    article = make_article()

    given = heart(post_from_site, article)
    taken = heart(post_from_site, article)

    words = {"no_views": "0 views"}
    assert given.json() == words | {"hearted": True, "hearts": 1, "number": "1", "words": "1 heart"}
    assert taken.json() == words | {"hearted": False, "hearts": 0, "number": "0", "words": "0 hearts"}
    assert given.cookies["reader"]["httponly"]
    assert given.cookies["reader"]["samesite"] == "Lax"


def test_a_button_that_was_pressed_on_an_old_page_does_what_it_said(post_from_site):
    article = make_article()
    path = article.get_absolute_url() + "heart/"

    def press(wanted):
        said = post_from_site(path, {"wanted": wanted}, headers={"accept": "application/json"}).json()
        return said["hearted"], said["hearts"]

    assert press("no") == (False, 0)
    assert press("yes") == press("yes") == (True, 1)
    assert press("nonsense") == (False, 0)
    assert press("no") == (False, 0)
    assert counts(article).hearts == Heart.objects.count() == 0


def test_two_readers_give_two_hearts(post_from_site, client):
    article = make_article()
    heart(post_from_site, article)
    client.cookies.clear()

    assert heart(post_from_site, article).json()["hearts"] == 2


def test_a_forged_reader_cookie_counts_as_a_new_reader(post_from_site, client):
    article = make_article()
    heart(post_from_site, article)
    client.cookies["reader"] = client.cookies["reader"].value[:-2] + "zz"

    assert heart(post_from_site, article).json()["hearts"] == 2


def test_without_a_script_a_page_says_what_happened(post_from_site):
    article = make_article()

    answer = post_from_site(article.get_absolute_url() + "heart/")

    assert answer.status_code == 200
    assert article.get_absolute_url() in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_a_heart_from_another_site_is_refused_and_stores_nothing(client):
    article = make_article()

    answer = client.post(article.get_absolute_url() + "heart/", headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert "The request came from another site" in answer.content.decode()
    assert not Heart.objects.exists()


def test_hearts_from_one_network_are_limited_with_the_time_to_wait(post_from_site):
    article = make_article()
    answers = [heart(post_from_site, article) for _ in range(61)]

    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_only_posts_change_anything(client):
    article = make_article()

    assert client.get(article.get_absolute_url() + "heart/").status_code == 405
    assert client.get(article.get_absolute_url() + "view/").status_code == 405


def test_a_visitor_counts_once_in_24_hours_even_past_midnight(post_from_site, clock):
    clock.move_to("2026-06-09T23:50:00+00:00")
    article = make_article()
    view(post_from_site, article)

    clock.move_to("2026-06-10T00:10:00+00:00")
    view(post_from_site, article)
    assert counts(article).views == 1

    clock.move_to("2026-06-10T23:50:01+00:00")
    view(post_from_site, article)
    assert counts(article).views == 2


def test_another_browser_behind_the_same_address_is_another_visitor(post_from_site):
    article = make_article()
    view(post_from_site, article)
    view(post_from_site, article, **{"user-agent": "Mozilla/5.0 (Macintosh) Safari/18"})

    assert counts(article).views == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"},
        {"user-agent": "curl/8.0"},
        {"user-agent": ""},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_bots_prefetches_and_other_sites_are_answered_but_not_counted(post_from_site, headers):
    article = make_article()

    answer = view(post_from_site, article, **headers)

    assert answer.status_code == 204
    assert counts(article).views == 0


def test_staff_are_not_counted(post_from_site, client):
    article = make_article()
    client.force_login(make_user("editor"))

    view(post_from_site, article)

    assert counts(article).views == 0


def test_salts_are_destroyed_after_two_days(post_from_site, clock):
    for day in ("2026-06-09", "2026-06-10", "2026-06-11", "2026-06-12"):
        clock.move_to(f"{day}T12:00:00+00:00")
        view(post_from_site, make_article())

    assert [str(salt.day) for salt in VisitorSalt.objects.order_by("day")] == ["2026-06-11", "2026-06-12"]


def test_rows_that_no_longer_matter_are_forgotten(clock):
    article = make_article()
    count_view(article, ["a" * 64])
    clock.shift(timedelta(hours=25))

    count_view(article, ["b" * 64])

    assert [view.visitor for view in View.objects.all()] == ["b" * 64]
    assert counts(article).views == 2


@pytest.mark.django_db(transaction=True)
def test_fifty_readers_at_once_lose_no_heart():
    article = make_article()

    in_parallel(50, lambda index: set_heart(article, f"{index:032x}"))

    assert counts(article).hearts == Heart.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_one_reader_pressing_fifty_times_at_once_ends_where_he_began():
    article = make_article()

    in_parallel(50, lambda index: set_heart(article, "a" * 32))

    assert counts(article).hearts == Heart.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_fifty_visits_at_once_by_ten_visitors_count_ten_times():
    article = make_article()

    in_parallel(50, lambda index: count_view(article, [f"{index % 10:064x}"]))

    assert counts(article).views == 10
