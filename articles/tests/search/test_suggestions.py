"""Did you mean: words of published articles instead of misspelled ones, and the command that collects them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles.models import Article
from articles.search import rebuild, vocabulary
from publishing.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def meant(client, query, **filters):
    """What the page suggests, and the query of its link; None if it suggests nothing."""
    html = client.get("/search/", {"q": query, **filters}).text
    found = re.search(r'Did you mean <a href="\?([^"]*)"><b>(.*?)</b>', html)
    return found and (unescape(found[2]), unescape(found[1]))


MISTAKES = {
    "lcoking": "locking",
    "trasaction": "transaction",
    "sqllite": "sqlite",
    "Trnasaction of a lock": "transaction of a lock",
    "trnasacton": "transaction",
    '"lcoking transaction"': '"locking transaction"',
    "wirth -lock": None,
    "sqlite trasaction": None,
    "lock": None,
    "zzzzzz": None,
    "Caffée": "cafe",
    "qxq": None,
}


def test_a_misspelled_word_is_corrected_by_words_of_articles(client):
    make_article(title="Locking", body="A locking transaction, one of a lock in the café.")
    make_article(title="SQLite", body="It is small.")

    found = {query: meant(client, query) for query in MISTAKES}

    assert {query: one and one[0] for query, one in found.items()} == MISTAKES
    assert found["lcoking"][1] == "q=locking"


def test_a_suggestion_keeps_the_filters_and_finds_something_there(client):
    make_article(title="Locking", category=make_category("Tools"))
    make_category("News")

    assert meant(client, "lcoking", category="tools")[1] == "q=locking&category=tools"
    assert meant(client, "lcoking", category="news") is None


def test_no_word_is_suggested_that_only_hidden_articles_have(client):
    make_article(title="Zeppelin", status="draft")
    make_article(title="Elephants", published_at=timezone.now() + timedelta(hours=1))
    gone = make_article(title="Giraffes")
    gone.hide("archived")
    gone.save()

    assert [meant(client, query) for query in ("zepelin", "elefants", "girafes")] == [None, None, None]


def test_what_a_suggestion_costs_is_limited(client, count_queries):
    make_article(body=" ".join(f"wordof{chr(97 + i)}{chr(97 + j)}" for i in range(26) for j in range(26)))
    client.get("/search/?q=nothing")

    for query in ("wordofaaa", "wordofaaaaaa " * 12, " ".join(f"wordofa{letter}x" for letter in "abcdefghijkl")):
        with count_queries() as queries:
            assert client.get("/search/", {"q": query}).status_code == 200
        assert len(queries) <= 30, "\n".join(queries)


def test_all_articles_are_indexed_again_in_batches(client, monkeypatch, capsys):
    monkeypatch.setattr("articles.search.indexing.AT_ONCE", 2)
    articles = [make_article(title=f"Elephants {i}") for i in range(3)]
    make_article(title="Giraffes", status="draft")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")
    vocabulary.remove(vocabulary.stored())
    vocabulary.add({"okapi"})

    call_command("rebuild_search")

    assert capsys.readouterr().out.splitlines() == [
        "2 of 4 articles",
        "4 of 4 articles",
        "The search has all articles.",
    ]
    assert len(client.get("/search/?q=elephants").context["articles"]) == 3
    assert meant(client, "elefants")[0] == "elephants"
    assert vocabulary.stored() & {"okapi", "giraffes", "elephants"} == {"elephants"}
    # Every article is found while they are indexed again, and what is of no article is removed.
    Article.objects.filter(pk=articles[0].pk).update(title="Zebras")
    with connection.cursor() as cursor:
        key = "rowid, title" if connection.vendor == "sqlite" else "article_id, document"
        cursor.execute(f"INSERT INTO articles_search ({key}) VALUES (999999, 'elephants')")
    for _ in rebuild():
        assert len(client.get("/search/?q=elephants").context["articles"]) >= 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM articles_search")
        assert cursor.fetchone() == (4,)


def test_a_rebuild_that_was_stopped_goes_on_after_an_article(capsys):
    articles = [make_article() for _ in range(3)]
    vocabulary.add({"okapi"})

    call_command("rebuild_search", "--after", articles[0].pk)

    assert "2 of 2 articles" in capsys.readouterr().out
    assert "okapi" in vocabulary.stored()
