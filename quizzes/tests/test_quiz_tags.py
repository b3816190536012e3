import pytest
from django.template import Context, Template
from django.test import RequestFactory

from publishing.tests.factories import make_article

from .factories import make_quiz

pytestmark = pytest.mark.django_db


def render(tag, **context):
    request = RequestFactory().get("/")
    template = Template("{% load quiz_tags %}" + tag)
    return template.render(Context({"request": request, **context})), request


def test_an_article_ends_with_its_quizzes(client):
    article = make_article()
    quiz = make_quiz(questions=4, title="Loops", articles=[article])

    page = client.get(article.get_absolute_url())

    text = page.content.decode()
    section = text[text.index('id="quizzes"') :].split("</section>")[0]
    assert "Test yourself" in section
    assert f'href="{quiz.get_absolute_url()}"' in section
    assert "4 questions · about 2 minutes" in " ".join(section.split())
    assert {f"quiz:{quiz.pk}", f"article:{article.pk}"} <= set(page.headers["Cache-Tag"].split(","))


def test_an_article_without_quizzes_shows_nothing_of_them():
    make_quiz(articles=[make_article()])

    assert render("{% quizzes_for article %}", article=make_article())[0].strip() == ""


def test_a_draft_is_not_shown_under_its_article():
    article = make_article()
    make_quiz(published=False, articles=[article])

    assert render("{% quizzes_for article %}", article=article)[0].strip() == ""


def test_the_newest_quizzes_are_shown_on_the_home_page(client):
    quizzes = [make_quiz() for _ in range(5)]

    page = client.get("/").content.decode()

    assert [quiz.get_absolute_url() in page for quiz in quizzes] == [False, True, True, True, True]


def test_no_quizzes_leave_no_empty_section():
    assert render("{% latest_quizzes 3 %}")[0].strip() == ""


@pytest.mark.parametrize("tag", ["{% quizzes_for article %}", "{% latest_quizzes 12 %}"])
@pytest.mark.parametrize("number", [0, 2, 12])
def test_a_box_of_quizzes_costs_one_query(count_queries, tag, number):
    article = make_article()
    for _ in range(number):
        make_quiz(articles=[article])
    render(tag, article=article)

    with count_queries() as queries:
        text, request = render(tag, article=article)

    assert len(queries) == 1
    assert text.count("1 minute") == number
    assert len([name for name in request.shown_names if name.startswith("quiz:")]) == number
