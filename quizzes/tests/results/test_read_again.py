"""Results lead back to the paragraph that a question is about, also after its heading was renamed."""

import pytest

from publishing.tests.factories import make_article
from quizzes.tests.factories import make_question, make_quiz, paper_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article(title="Forty lines", body="Start.\n\n## The contract\n\nText.\n\n## The end\n\nText.")


def result(client, post_from_site, article, anchor="the-contract"):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, article=article, anchor=anchor)
    quiz.publish(by=None)
    place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Wrong")).headers["Location"]
    return lambda: client.get(place).content.decode()


def test_a_question_names_its_heading(client, post_from_site, article):
    page = result(client, post_from_site, article)()

    assert f'href="{article.get_absolute_url()}#the-contract"' in page
    assert "The contract" in page


def test_the_link_survives_a_renamed_heading_and_a_new_address(client, post_from_site, article):
    page = result(client, post_from_site, article)
    article.body = article.body.replace("The contract", "What both sides promise")
    article.slug = "forty-lines-and-one"
    article.save()

    assert 'href="/articles/forty-lines-and-one/#the-contract"' in page()
    assert "What both sides promise" in page()
    assert 'id="the-contract"' in client.get("/articles/forty-lines-and-one/").content.decode()


def test_a_heading_that_is_gone_leads_to_the_article(client, post_from_site, article):
    page = result(client, post_from_site, article)
    article.body = "Start.\n\n## The end\n\nText."
    article.save()

    assert f'href="{article.get_absolute_url()}"' in page()
    assert "#the-contract" not in page()


def test_an_article_that_readers_do_not_find_is_not_named(client, post_from_site, article):
    page = result(client, post_from_site, article)
    article.archive(by=None)

    assert article.get_absolute_url() not in page()
    assert "Forty lines" not in page()
