"""The page of results: passages, facets, order, and what it says when there is nothing."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection

from articles.lists import facets
from articles.models import Tag
from publishing.tests.factories import make_article, make_author, make_category
from publishing.tests.rows import failures

pytestmark = pytest.mark.django_db


def page_of(client, **parameters):
    answer = client.get("/search/", parameters)
    assert answer.status_code == 200
    return answer


def titles(answer):
    return [article.title for article in answer.context["articles"]]


def hits_of(answer):
    """The text of each hit, with marked words in brackets."""
    rows = re.search(r'<ol class="rows results".*?</ol>', answer.text, re.DOTALL)[0]
    marked = rows.replace("<mark>", "[").replace("</mark>", "]")
    return [" ".join(unescape(re.sub("<[^>]+>", " ", row)).split()) for row in marked.split("</li>")[:-1]]


def test_a_hit_shows_category_passage_day_and_authors(client):
    before, after = "One sentence before it. " * 20, "And what follows it. " * 40
    make_article(
        title="On locks", summary="What it is about.", body=f"{before}Here a “transaction” locks rows. {after}",
        authors=[make_author("Ines Okafor"), make_author("Mei Castellan")], category=make_category("Tools"),
        published_at=datetime(2025, 3, 9, 12, tzinfo=UTC),
    )  # fmt: skip

    [hit] = hits_of(page_of(client, q="locking transactions"))

    assert hit.startswith("Tools On [locks]")
    assert "… Here a “[transaction]” [locks] rows. And what follows it." in hit
    assert hit.endswith("… Ines Okafor and Mei Castellan 9 March 2025")
    assert len(hit) < 400


def test_the_summary_is_the_passage_if_it_says_as_much(client):
    make_article(title="One", summary="Of locks & keys.", body="No lock, no café, C++ here.")

    assert "Of [locks] & keys." in hits_of(page_of(client, q="lock"))[0]
    assert "no [café]," in hits_of(page_of(client, q="cafe"))[0]
    assert "[C++] here." in hits_of(page_of(client, q="c++"))[0]
    assert "Of locks & keys." in hits_of(page_of(client, q="opinion"))[0]


def test_no_text_of_an_article_becomes_markup(client):
    make_article(title="<b>lock</b>", summary="</p><script>alert(1)</script> lock", body="`<script>lock</script>`")

    html = page_of(client, q="lock").text.split("<main")[1]

    assert "<script>" not in html
    assert "&lt;b&gt;<mark>lock</mark>&lt;/b&gt;" in html


# --- facets ---


@pytest.fixture
def library():
    tools, news = make_category("Tools"), make_category("News")
    alpha, beta = (Tag.objects.create(name=name.title(), slug=name) for name in ("alpha", "beta"))
    made = {}
    for number, (category, tags, year) in enumerate(
        [(tools, [alpha], 2023), (tools, [alpha, beta], 2024), (news, [beta], 2024), (news, [], 2024), (news, [], 2025)]
    ):
        moment = datetime(year, 5, 10 - number, tzinfo=UTC)
        made[number] = make_article(title=f"Lock {number}", category=category, tags=tags, published_at=moment)
    return made


def offered(answer):
    return {
        facet.parameter: {option.value: option.number for option in facet.options}
        for facet in answer.context["results"].facets
    }


def test_facets_count_the_hits_and_limit_them(client, library):
    answer = page_of(client, q="lock")

    assert offered(answer) == {
        "year": {"2025": 1, "2024": 3, "2023": 1}, "category": {"news": 3, "tools": 2}, "tag": {"alpha": 2, "beta": 2},
    }  # fmt: skip
    links = re.findall(r'<a href="\?([^"]*)">(?:2024|News|Alpha)<', answer.text)
    assert [unescape(link) for link in links] == ["q=lock&year=2024", "q=lock&category=news", "q=lock&tag=alpha"]
    assert set(titles(page_of(client, q="lock", category="tools"))) == {"Lock 0", "Lock 1"}
    assert set(titles(page_of(client, q="lock", tag="beta"))) == {"Lock 1", "Lock 2"}
    assert set(titles(page_of(client, q="lock", year="2024"))) == {"Lock 1", "Lock 2", "Lock 3"}
    assert titles(page_of(client, q="lock", year="2024", category="tools", tag="beta")) == ["Lock 1"]


def test_what_all_hits_have_is_not_offered(client, library):
    assert offered(page_of(client, q="lock", category="tools")) == {"year": {"2024": 1, "2023": 1}, "tag": {"beta": 1}}
    assert offered(page_of(client, q="lock", tag="alpha", year="2023")) == {}


def test_each_filter_can_be_removed_and_the_pages_keep_them(client, library, monkeypatch):
    monkeypatch.setattr("articles.lists.paging.PAGE_SIZE", 1)

    answer = page_of(client, q="lock", year="2024", category="news", sort="new")

    links = [unescape(link) for link in re.findall(r'href="\?([^"]*)"', answer.text.split("<main")[1])]
    assert "q=lock&year=2024&sort=new" in links
    assert "q=lock&category=news&sort=new" in links
    assert "q=lock&category=news&year=2024&sort=new&page=2" in links


def test_filters_that_leave_nothing_say_how_much_there_is_without_them(client, library):
    answer = page_of(client, q="lock", year="1999")

    assert re.search(r'<a href="\?q=lock">5\s+articles without a limit</a>', answer.text)


def test_too_many_hits_to_count_offer_years_and_categories_without_numbers(client, library, monkeypatch):
    monkeypatch.setattr(facets, "COUNTED", 3)
    monkeypatch.setattr("articles.lists.results.COUNTED", 3)

    answer = page_of(client, q="lock")

    found = offered(answer)
    assert found["category"] == {"news": None, "tools": None}
    assert list(found["year"]) == ["2025", "2024", "2023"]
    assert set(titles(page_of(client, q="lock", tag="alpha"))) == {"Lock 0", "Lock 1"}


def test_hits_come_newest_first_on_demand(client, library):
    assert titles(page_of(client, q="lock", sort="new")) == ["Lock 4", "Lock 1", "Lock 2", "Lock 3", "Lock 0"]


@pytest.mark.parametrize(
    "filters",
    ["category=nowhere", "tag=nowhere", "year=x", "year=0", "year=99999", "sort=old", "category=%00", "tag=%22%27;--",
     "year=2024%00", "category=" + "x" * 10_000],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_a_filter_that_is_none_is_not_found(client, filters):
    assert client.get(f"/search/?q=lock&{filters}").status_code == 404


def test_a_filter_is_tested_for_each_hit_and_searches_the_index_once(client, library, sqlite):
    sent = []

    def note(execute, sql, parameters, many, context):
        if "MATCH" in sql:
            sent.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        page_of(client, q="lock", category="tools", tag="alpha", year="2024")
    with connection.cursor() as cursor:
        steps = [row[3] for sql, parameters in sent for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]

    # An equals sign stands for a search by key.
    searches = [step for step in steps if "VIRTUAL TABLE" in step]
    assert searches
    assert not any("INDEX 0:=" in step for step in searches), searches


# --- bad input ---

SENTENCES = {
    "a" * 10_000: "at most 200 letters",
    "lock " * 2000: "at most 200 letters",
    '- - "" -""': "There is no word in that.",
    '"': "There is no word in that.",
    "*": "There is no word in that.",
    ":": "There is no word in that.",
    "\N{GRINNING FACE}": "There is no word in that.",
    "\u202e": "There is no word in that.",
    "-lock": "A minus only leaves out.",
    "the of": "Words like “the” or “how”",
    "NEAR(": "No articles with “NEAR(”",
    "\x00": "Null characters are not allowed.",
    "קפה": "No articles with “קפה”",
}


def test_a_query_that_cannot_find_anything_says_why(client):
    make_article()

    def check(query):
        assert SENTENCES[query] in unescape(page_of(client, q=query).text)

    assert failures(SENTENCES, check) == {}


def test_a_long_query_and_a_long_article_are_rendered_in_bounded_steps(client, count_queries):
    make_article(body="lock transaction " * 20_000)

    page_of(client)
    with count_queries() as queries:
        page_of(client, q="lock " * 39 + "lock")

    assert len(queries) <= 8
