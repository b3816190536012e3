import pytest

from articles.search import matching_ids
from publishing.tests.factories import make_article

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


def test_the_index_follows_changes_and_deletions():
    article = make_article(title="Elephants")
    article.title = "Giraffes"
    article.save()
    assert matching_ids("elephants") == []
    assert matching_ids("giraffes") == [article.pk]

    article.delete()

    assert matching_ids("giraffes") == []
