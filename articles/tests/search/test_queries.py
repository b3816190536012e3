from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles.labels import merging
from articles.models import Article, MergedLabel, Series, Tag
from articles.models.shown import labels_changing
from articles.search import Hits
from publishing.tests.factories import make_article, make_author, make_category, make_user
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db


def titles(client, query):
    answer = client.get("/search/", {"q": query})
    assert answer.status_code == 200
    return [article.title for article in answer.context["articles"]]


def test_title_summary_and_body_are_searched_in_this_order_of_weight(client):
    make_article(title="Third", body="It mentions moderation once.")
    make_article(title="Second", summary="About moderation.")
    make_article(title="Moderation")

    assert titles(client, "moderation") == ["Moderation", "Second", "Third"]


@pytest.mark.parametrize("query", ["moderate", "moderating", "MODERATION", "moder", "cafe", "café", "moderation caf"])
def test_words_are_found_by_stem_by_beginning_and_without_accents(client, query):
    make_article(title="Moderation in the café")

    assert titles(client, query) == ["Moderation in the café"]


def test_every_word_has_to_occur(client):
    make_article(title="Routing and requests")

    assert titles(client, "routing requests") == ["Routing and requests"]
    assert titles(client, "routing elephants") == []


LANGUAGE = {
    "the transaction of a lock": ["Both", "Far"],
    "how do I lock a transaction": ["Both", "Far"],
    '"transactions lock"': ["Both"],
    '"transactions lock': ["Both"],
    "“transactions lock”": ["Both"],
    '"lock the rows"': ["Both"],
    "transaction -rows": ["Far"],
    "transaction -locking": [],
    'lock -"transactions lock"': ["Far"],
    "lock -the": ["Both", "Far"],
    "-rows lock": ["Far"],
    "row-level": ["Both"],
    "lock -row-level": ["Far"],
    "C++": ["Signs"],
    "c++17": ["Signs"],
    "C#": ["Signs"],
    "F#": ["Both"],
    ".NET": ["Signs"],
    "transaction -C#": ["Both", "Far"],
    "3.14": ["Far"],
    "config.example.org": ["Far"],
    "--keepdb": ["Far"],
    '"LOCK far"': ["Far"],
}


def test_the_language_of_queries(client):
    make_article(title="Both", summary="", body="Transactions lock the rows. Row-level means a C library, and F#.")
    make_article(title="Far", summary="", body="A lock, far from a transaction. 3.14 config.example.org `--keepdb`")
    make_article(title="Signs", summary="", body="C++17, (C#) and .NET; see page#c and a+b.")

    found = {query: sorted(titles(client, query)) for query in LANGUAGE}

    assert found == LANGUAGE


@pytest.mark.parametrize("status", ["draft", "review", "archived"])
def test_only_published_articles_are_found(client, status):
    make_article(title="Moderation", status=status)

    assert titles(client, "moderation") == []


@pytest.mark.parametrize(
    "query",
    [
        "' OR 1=1--",
        "%",
        "_",
        "\\",
        'NEAR( "*',
        "(zq+)+$",
        '"',
        "*",
        "AND OR NOT",
        "a" * 10_000,
        "title:x",
        "-",
        "^",
        "&|!():*",
        "\x00",
        "the",
    ],
)
def test_what_is_syntax_elsewhere_is_only_text_here(client, query):
    make_article(title="Moderation")

    assert titles(client, query) == []


def test_no_word_asks_the_reader_for_one_and_no_hit_says_so(client):
    assert "results" not in client.get("/search/").content.decode().lower().split("<main")[1].split("</form>")[0]
    assert "elephants" in client.get("/search/", {"q": "elephants"}).content.decode()


def test_what_was_typed_is_kept_and_harmless(client):
    html = client.get("/search/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in html


def test_hits_are_counted_and_shown_in_pages(client):
    for number in range(14):
        make_article(title=f"Locks {number}" if number % 2 else "Prose", body="It locks.", summary="")
    make_article(title="Locks", published_at=timezone.now() + timedelta(hours=1))

    first, second = (client.get("/search/", {"q": "lock", "page": page}) for page in (1, 2))

    assert "14 articles with “lock”" in first.text
    both = [article.title for page in (first, second) for article in page.context["articles"]]
    assert len(both) == 14
    assert set(both[:7]) == {f"Locks {number}" for number in range(1, 14, 2)}
    assert client.get("/search/", {"q": "lock", "page": 3}).status_code == 404


def test_too_many_hits_to_rank_come_newest_first(client, monkeypatch):
    monkeypatch.setattr("articles.search.hits.RANKED", 13)
    for number in range(15):
        make_article(title=f"Locks {number}", body="locks " * number)

    pages = [client.get("/search/", {"q": "locks", "page": page}) for page in (1, 2)]

    assert "More than 13 articles with “locks”" in pages[0].text
    both = [article.title for page in pages for article in page.context["articles"]]
    assert both == [f"Locks {number}" for number in range(14, 1, -1)]


def found(query):
    return Hits(query, Article.objects.hidden())[0:12]


def test_the_index_follows_changes_and_deletions():
    article = make_article(title="Elephants")
    article.title = "Giraffes"
    article.save()
    assert found("elephants") == []
    assert found("giraffes") == [article.pk]

    article.delete()

    assert found("giraffes") == []


def test_a_search_of_many_articles_uses_the_index(postgresql):
    with connection.cursor() as cursor:
        # Of words that do not compress, so that the documents lie outside their rows, as those of articles do.
        cursor.execute(
            "INSERT INTO articles_search SELECT number, words || array_to_tsvector(ARRAY['n' || number]) FROM "
            "(SELECT array_to_tsvector(array_agg(md5(word::text))) AS words FROM generate_series(1, 80) word) words, "
            "generate_series(1, 20000) number"
        )
        cursor.execute("ANALYZE articles_search")
        sent = []

        def note(execute, sql, parameters, many, context):
            sent.append((sql, parameters))
            return execute(sql, parameters, many, context)

        with connection.execute_wrapper(note):
            assert found("n777") == [7779, 7778, 7777, 7776, 7775, 7774, 7773, 7772, 7771, 7770, 777]
        plans = []
        for sql, parameters in sent:
            cursor.execute(sql.replace("; SELECT", "; EXPLAIN SELECT", 1), parameters)
            cursor.nextset()
            plans.append(" ".join(row[0] for row in cursor.fetchall()))

    # The words with the last one as a prefix, and as it is; then a page of hits.
    assert [plan.count("Bitmap Index Scan on articles_search_document") for plan in plans] == [2, 1]
    assert not any("Seq Scan on articles_search" in plan for plan in plans)


# --- the names of labels ---


def test_articles_are_found_by_author_tag_category_and_series(client):
    series = Series.objects.create(title="By hand", slug="by-hand")
    make_article(
        title="Deadlocks", summary="Why?", body="", authors=[make_author("Ines Okafor")], series=series,
        tags=[Tag.objects.create(name="Postgres", slug="postgres")], category=make_category("Databases"),
    )  # fmt: skip
    make_article(title="Okafor")

    assert titles(client, "okafor") == ["Okafor", "Deadlocks"]
    for query in ("ines deadlocks", '"ines okafor"', "postgres", "database deadlock", "why databases", "by hand"):
        assert titles(client, query) == ["Deadlocks"], query


def test_what_is_found_follows_labels_that_are_given_renamed_merged_and_deleted(client, monkeypatch):
    monkeypatch.setattr("articles.search.labels.AT_ONCE", 1)
    tools, ines, owner = make_category("Tools"), make_author("Ines"), make_user("owner")
    tags = [Tag.objects.create(name=name, slug=name) for name in ("alpha", "beta")]
    rows = [make_article(title=f"Part {i}", category=tools, authors=[ines], tags=tags[:1]) for i in range(2)]
    found = {}

    def note(step, *queries):
        run_worker()
        found[step] = {query: len(titles(client, query)) for query in queries}

    note("before", "tools", "ines", "alpha", "beta")
    ines.name = "Maria"
    ines.save()
    merging.rename(tools, "Methods", by=owner)
    note("renamed", "tools", "methods", "ines", "maria")
    merging.merge(tags[:1], tags[1], by=owner)
    note("merged", "alpha", "beta")
    merging.undo(MergedLabel.objects.get(), by=owner)
    note("undone", "alpha", "beta")
    with labels_changing(rows[0]):
        rows[0].tags.set([tags[1]])
    rows[0].category = make_category("News")
    rows[0].save()
    note("given", "alpha", "beta", "methods", "news")
    Tag.objects.get(name="beta").delete()
    note("deleted", "beta", "part")

    assert found == {
        "before": {"tools": 2, "ines": 2, "alpha": 2, "beta": 0},
        "renamed": {"tools": 0, "methods": 2, "ines": 0, "maria": 2},
        "merged": {"alpha": 0, "beta": 2},
        "undone": {"alpha": 2, "beta": 0},
        "given": {"alpha": 1, "beta": 1, "methods": 1, "news": 1},
        "deleted": {"beta": 0, "part": 2},
    }
