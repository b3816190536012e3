"""`check_articles` says what is wrong with published articles."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article
from publishing.tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db
RIGHT = "[Source](https://example.org/)\n"


def run(*args):
    out = StringIO()
    try:
        call_command("check_articles", *args, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.fixture
def articles():
    author = make_author()
    make_article(slug="right", body=RIGHT, authors=[author])
    make_article(slug="dull", body="Text.", authors=[author])
    make_article(slug="wrong", title="Wrong", body=f"{RIGHT}\nTK\n", authors=[author])
    make_article(slug="draft", status="draft", body="TK")


def test_published_articles_are_listed_with_what_is_found_and_its_line(articles):
    out, error = run()

    assert error == "1 of 3 articles have something that would stop a first publication."
    assert "dull: Article" in out
    assert "warning no-link (body)" in out
    assert "wrong: Wrong\n  blocking placeholder (body, line 3): Write what TK stands for" in out
    assert "right:" not in out
    assert "draft:" not in out


def test_warnings_can_be_left_out_and_articles_chosen(articles):
    assert run("--blocking", "--slug", "dull", "right") == ("2 articles checked.\n", "")
    assert "blocking no-byline (byline)" in run("--blocking", "--slug", "draft")[0]
    assert run("--slug", "right", "none")[1] == "1 of these articles do not exist."


def test_many_articles_need_few_queries(articles, django_assert_max_num_queries):
    wrong = Article.objects.get(slug="wrong")
    links = "".join(f"[x](/articles/right/#no-{number})\n\n[y](/tags/t-{number}/)\n\n" for number in range(20))
    for number in range(40):
        make_article(slug=f"more-{number}", body=links, category=wrong.category)

    with django_assert_max_num_queries(8):
        out, error = run("--blocking")
    assert error.startswith("41 of 43")
    assert out.count("dead-anchor") == 800
