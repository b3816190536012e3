from datetime import timedelta

import pytest
from django.utils import timezone

from articles.trash import moving
from publishing.tests.factories import make_article, make_category
from quizzes.models import Quiz

from .factories import make_quiz, paper_data

pytestmark = pytest.mark.django_db


def get(client):
    return client.get("/quizzes/").content.decode()


def test_the_list_says_what_each_quiz_is(client):
    article = make_article(title="Forty lines")
    quiz = make_quiz(questions=3, title="Routing", difficulty="advanced", summary="On paths.", articles=[article])

    page = get(client)

    assert f'<a href="{quiz.get_absolute_url()}">Routing</a>' in page
    for text in ("Advanced", "3 questions", "about 2 minutes", "On paths.", f'href="{article.get_absolute_url()}"'):
        assert text in page


def test_the_list_a_paper_and_a_result_are_in_the_colour_of_the_category(client, post_from_site):
    category = make_category("Tools")
    quiz, plain = make_quiz(category=category), make_quiz()
    result = post_from_site(quiz.get_absolute_url(), paper_data(quiz, 0, 0), follow=True)

    assert (
        get(client).count(f'<li class="card {category.colour_class}">') == get(client).count('<li class="card">') == 1
    )
    for page in (client.get(quiz.get_absolute_url()), result):
        assert f'class="paper {category.colour_class}"' in page.text
    assert 'class="paper"' in client.get(plain.get_absolute_url()).text


@pytest.mark.parametrize(("questions", "minutes"), [(1, 1), (2, 1), (8, 4), (9, 5)])
def test_half_a_minute_a_question_rounded_up(questions, minutes):
    assert Quiz(question_count=questions).minutes == minutes


def test_an_empty_list_says_so(client):
    assert "No quizzes yet" in get(client)


def test_drafts_archived_and_scheduled_quizzes_are_not_listed(client):
    make_quiz(published=False, title="Draft quiz")
    make_quiz(title="Archived quiz").archive(by=None)
    make_quiz(published=False, title="Later quiz").publish(by=None, at=timezone.now() + timedelta(hours=1))

    assert "No quizzes yet" in get(client)


def test_a_scheduled_quiz_limits_how_long_the_list_is_kept(client):
    make_quiz(published=False).publish(by=None, at=timezone.now() + timedelta(seconds=90))

    response = client.get("/quizzes/")

    assert int(response.headers["Cache-Control"].split("s-maxage=")[1].split(",")[0]) <= 90
    assert "quizzes" in response.headers["Cache-Tag"]


def test_two_quizzes_cost_as_many_queries_as_twelve(client, count_queries):
    counts = []
    for number in (2, 10):
        for _ in range(number):
            make_quiz(articles=[make_article(), make_article()])
        client.get("/quizzes/")
        with count_queries() as queries:
            client.get("/quizzes/")
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8


def test_the_sitemap_names_published_quizzes(client):
    quiz, draft = make_quiz(), make_quiz(published=False)

    page = "".join(client.get(f"/sitemap-{kind}-1.xml").content.decode() for kind in ("quiz-pages", "quizzes"))

    assert f"<loc>http://testserver{quiz.get_absolute_url()}</loc>" in page
    assert "<loc>http://testserver/quizzes/</loc>" in page
    assert draft.get_absolute_url() not in page


def test_pages_of_a_quiz_change_when_its_article_is_restored_from_the_trash(client):
    article = make_article(title="Restored")
    quiz = make_quiz(articles=[article])
    trashed = moving.trash(article, by=None)

    for address in ("/quizzes/", quiz.get_absolute_url()):
        answer = client.get(address)
        assert "Restored" not in answer.content.decode()
        assert f"link:{article.pk}" in answer["Cache-Tag"].split(",")
    moving.restore(trashed, by=None)
    assert "Restored" in client.get(quiz.get_absolute_url()).content.decode()
