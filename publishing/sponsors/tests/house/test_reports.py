import csv
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from publishing.sponsors.models import Advertiser, CreativeDay
from publishing.tests.factories import make_user
from publishing.web.spreadsheets import plain

from .factories import make_advertiser, make_creative

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - timedelta(days=number)


def count(creative, ago, seen, clicked=0):
    CreativeDay.objects.create(creative=creative, day=days_ago(ago), seen=seen, clicked=clicked)


@pytest.fixture
def spring():
    creative = make_creative(name="Spring")
    count(creative, 1, 200, 3)
    count(creative, 2, 1000)
    count(creative, 40, 7, 1)
    return creative


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))
    return client


def page_for_staff(creative):
    return reverse("admin:sponsors_advertiser_report", args=[creative.advertiser_id])


def words(response):
    return " ".join(response.text.split())


def rows_of(response):
    content = response.content.decode()
    assert content.startswith("\ufeff")
    return list(csv.reader(content.removeprefix("\ufeff").splitlines()))


def test_a_report_has_totals_days_and_a_drawing_of_the_last_thirty_days(client, spring):
    other = make_creative(name="Summer", advertiser=spring.advertiser)
    count(other, 1, 50, 1)

    response = client.get(spring.advertiser.get_report_url())

    page = words(response)
    assert '<th scope="row"><bdi>Spring</bdi></th> <td>Running</td> <td class="number">1,200</td>' in page
    assert '<td class="number">3</td> <td class="number">0.25 %</td>' in page
    assert '<th scope="row">Total</th> <td></td> <td class="number">1,250</td> <td class="number">4</td>' in page
    assert page.count("<rect") == 30
    assert '<svg class="chart" role="img" aria-labelledby="seen-title"' in page
    assert "style=" not in page


def test_a_report_can_be_of_other_days_and_of_one_advertisement(client, spring):
    other = make_creative(name="Summer", advertiser=spring.advertiser)
    count(other, 40, 100)
    url = spring.advertiser.get_report_url()

    page = words(client.get(url, {"first": days_ago(41), "last": days_ago(39), "creative": spring.pk}))

    assert '<th scope="row">Total</th> <td></td> <td class="number">7</td> <td class="number">1</td>' in page
    assert page.count("<rect") == 3


@pytest.mark.parametrize(
    "query",
    [
        {"first": "2026-06-02", "last": "2026-06-01"},
        {"first": "2020-01-01", "last": "2026-01-01"},
        {"first": "0001-01-01", "last": "9999-12-31"},
        {"first": "yesterday"},
        {"first": "٢٠٢٦-٠١-٠١"},
        {"creative": "9" * 30},
        {"creative": "x"},
        {"creative": "1' OR 1=1"},
    ],
)
def test_days_that_are_wrong_are_named_and_the_usual_ones_are_shown(client, spring, query):
    response = client.get(spring.advertiser.get_report_url(), query)

    assert response.status_code == 200
    assert "1,200" in response.text
    if set(query) != {"first"} or query["first"] == "yesterday":
        assert "<strong" in response.text
        assert client.get(spring.advertiser.get_report_url(), query | {"format": "csv"}).status_code == 400


def test_the_ends_of_the_calendar_are_days_like_others(client, spring):
    for day in ("0001-01-01", "9999-12-31"):
        assert client.get(spring.advertiser.get_report_url(), {"first": day, "last": day}).status_code == 200


def test_advertisers_see_only_what_is_theirs(client, spring):
    theirs = make_creative(name="Secret plan", advertiser=make_advertiser("Rival"))
    count(theirs, 1, 999_999)
    url = spring.advertiser.get_report_url()

    for query in ({}, {"creative": theirs.pk}, {"advertiser": theirs.advertiser_id}):
        page = client.get(url, query).text
        assert "Secret plan" not in page and "Rival" not in page and "999" not in page
    assert client.get(url, {"creative": theirs.pk, "format": "csv"}).status_code == 400
    assert "Secret plan" not in client.get(url, {"format": "csv"}).content.decode()


def test_the_link_is_private_and_in_no_index(client, spring):
    for query in ({}, {"format": "csv"}):
        response = client.get(spring.advertiser.get_report_url(), query)
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies


def test_the_link_only_shows(client, spring):
    url = spring.advertiser.get_report_url()

    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(url, headers={"sec-fetch-site": "same-origin"}).status_code == 405
    assert '<form method="post"' not in client.get(url).text
    assert "/admin/" not in client.get(url).text


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "x", lambda t: t.split(":")[0]]
)
def test_a_link_that_was_changed_is_not_found(client, spring, change):
    token = spring.advertiser.get_report_url().split("/")[3]

    assert client.get(f"/sponsored/reports/{change(token)}/").status_code == 404


def test_a_new_link_ends_the_one_before(editor, client, spring):
    before = spring.advertiser.get_report_url()
    assert settings.SITE_URL + before in editor.get(page_for_staff(spring)).text

    response = editor.post(reverse("admin:sponsors_advertiser_new_link", args=[spring.advertiser_id]), follow=True)

    after = Advertiser.objects.get().get_report_url()
    assert settings.SITE_URL + after in response.text and before not in response.text
    assert client.get(before).status_code == 410
    assert client.get(after).status_code == 200


def test_the_link_of_a_deleted_advertiser_is_gone(client):
    advertiser = make_advertiser()
    url = advertiser.get_report_url()
    advertiser.delete()

    assert client.get(url).status_code == 410


def test_the_table_is_csv_that_a_spreadsheet_can_open(editor):
    advertiser = make_advertiser('=HYPERLINK("https://evil.example")')
    for name in ("=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "＝1+1"):
        count(make_creative(name=name, advertiser=advertiser), 0, 5, 1)

    response = editor.get(reverse("admin:sponsors_advertiser_report", args=[advertiser.pk]), {"format": "csv"})

    head, *rows = rows_of(response)
    assert head == ["day", "advertiser", "advertisement", "seen", "clicked"]
    assert {row[1][0] for row in rows} == {row[2][0] for row in rows} == {"'"}
    assert rows[0] == [str(days_ago(0)), '\'=HYPERLINK("https://evil.example")', "'=1+1", "5", "1"]
    assert response["Content-Disposition"].startswith('attachment; filename="advertiser-')
    assert response["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("text", ["=1", "+1+1", "-1+1", "@a", "\t=1", "\r=1", "\n=1", "＋1", "－1", "＠a"])
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text):
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-1", "-1.5", "a=1", "", 5, -5, "’=1"])
def test_numbers_and_words_are_as_they_are(value):
    assert plain(value) == value


def test_a_report_costs_the_same_for_many(client, spring, django_assert_num_queries):
    url = spring.advertiser.get_report_url()
    client.get(url)
    with django_assert_num_queries(20, exact=False) as few:
        client.get(url)
    for _ in range(11):
        count(make_creative(advertiser=spring.advertiser), 3, 1)

    with django_assert_num_queries(len(few)):
        client.get(url)


def test_staff_without_the_permission_see_no_report(client, spring):
    for role in ("author", "moderator"):
        client.force_login(make_user(role))
        assert client.get(page_for_staff(spring)).status_code == 403
        new_link = reverse("admin:sponsors_advertiser_new_link", args=[spring.advertiser_id])
        assert client.post(new_link).status_code == 403
    assert Advertiser.objects.get().link_number == 1
