"""Statistics: the page of a quiz, its CSV table, and the table in the admin of an article."""

import csv
import html

import pytest
from django.urls import reverse

from publishing.tests.factories import make_article, make_user
from publishing.tests.worker import run_worker
from quizzes.admin.heading_results import heading_results
from quizzes.models import FunnelCount
from quizzes.results import corrections
from quizzes.statistics import reports, results
from quizzes.tests.factories import EXAMPLES, make_question, make_quiz, paper_data
from quizzes.tests.kinds.test_kinds import RIGHT, WRONG

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))


def page_of(client, quiz, **query):
    return client.get(reverse("admin:quizzes_quiz_statistics", args=[quiz.pk]), query)


def text_of(response):
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def submit(quiz, number, *answers):
    """Submit a paper as a new reader."""
    from django.test import Client

    browser = Client(headers={"sec-fetch-site": "same-origin"})
    data = paper_data(quiz, *answers, key=f"{number:032x}", confirm="yes")
    assert browser.post(quiz.get_absolute_url(), data).status_code == 303


def take(quiz, number, right=2):
    """`number` readers: every third has all wrong, the others all right."""
    for reader in range(number):
        answers = ["Wrong" if reader % 3 == 0 else "Right"] * right
        submit(quiz, reader, *answers)


def test_with_few_attempts_only_counts_and_facility_are_shown(client, editor):
    quiz = make_quiz()
    take(quiz, 6)

    page = text_of(page_of(client, quiz))

    assert "6 first attempts of 6 in total" in page
    assert "24 more first attempts" in " ".join(page.split())
    assert "67 %" in page
    assert "Internal consistency" not in page


def test_with_thirty_attempts_the_indices_are_shown_with_their_words(client, editor):
    quiz = make_quiz()
    take(quiz, 30)

    page = text_of(page_of(client, quiz))

    assert "more first attempt" not in page
    assert "Internal consistency" in page and "100 %" in page
    assert "very good" in page
    assert page.count("<svg") >= 3


def test_every_kind_of_question_shows_its_answers(client, editor):
    quiz = make_quiz(questions=0, kinds=list(EXAMPLES))
    submit(quiz, 1, *[RIGHT[kind] for kind in EXAMPLES])
    submit(quiz, 2, *[WRONG[kind] for kind in EXAMPLES])

    page = text_of(page_of(client, quiz))

    for words in ("yields", "2.7", "3. First", "dict → {}", "[[1]] while", "11"):
        assert words in page


def test_the_funnel_counts_browsers_and_attempts(client, editor):
    quiz = make_quiz()
    for stage, answered, count in [("seen", 0, 40), ("started", 0, 20), ("answered", 1, 18), ("answered", 2, 9)]:
        FunnelCount.objects.create(edition=quiz.current_edition, stage=stage, answered=answered, count=count)
    take(quiz, 3)

    page = text_of(page_of(client, quiz))

    for words in ("Seen: 40", "Started: 20", "Answered 2: 9", "Submitted: 3"):
        assert words in page


@pytest.mark.parametrize("started", [0, 3])
def test_without_beacons_from_readers_there_is_no_funnel(client, editor, started):
    quiz = make_quiz()
    FunnelCount.objects.create(edition=quiz.current_edition, stage="started", count=started)
    take(quiz, 3)

    page = text_of(page_of(client, quiz))

    assert 'id="no-funnel"' in page
    assert "Answered 1:" not in page and "Seen: 0" not in page


def test_an_earlier_edition_has_its_own_statistics(client, editor):
    quiz = make_quiz()
    take(quiz, 3)
    make_question(quiz)
    quiz.publish(by=None)

    assert "0 first attempts" in text_of(page_of(client, quiz))
    assert "3 first attempts" in text_of(page_of(client, quiz, edition="1"))


@pytest.mark.parametrize("edition", ["9", "x", "-1", "1'", "٣"])
def test_an_unknown_edition_is_404(client, editor, edition):
    assert page_of(client, make_quiz(), edition=edition).status_code == 404


def test_a_quiz_that_was_never_published_has_no_figures_yet(client, editor):
    assert 'id="edition"' not in text_of(page_of(client, make_quiz(published=False)))


def test_the_csv_table_has_no_formula(client, editor):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, stem='=HYPERLINK("evil")')
    quiz.publish(by=None)
    submit(quiz, 1, "Right")

    response = page_of(client, quiz, format="csv")

    header, row = csv.reader(response.content.decode().splitlines())
    assert response.headers["Content-Disposition"] == f'attachment; filename="{quiz.slug}-1.csv"'
    assert (header[4], row[4]) == ("facility %", "100")
    assert row[1].startswith("'=HYPERLINK")


def test_only_those_who_may_see_quizzes_see_their_figures(client):
    client.force_login(make_user("moderator"))

    assert page_of(client, make_quiz()).status_code == 403


def test_five_questions_cost_as_many_queries_as_fifty(client, editor, count_queries):
    counts = []
    for number in (5, 50):
        quiz = make_quiz(questions=number)
        take(quiz, 2, right=number)
        page_of(client, quiz)
        with count_queries() as queries:
            page_of(client, quiz)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15


def test_many_attempts_are_counted_by_a_task(client, editor, monkeypatch):
    monkeypatch.setattr(results, "AT_ONCE", 2)
    quiz = make_quiz()
    take(quiz, 3)

    page = text_of(page_of(client, quiz))
    assert "Counting attempts" in page and "3 first attempts of 3 in total" in page
    assert 'id="questions"' not in page
    assert "Counting attempts" in text_of(page_of(client, quiz, format="csv"))

    run_worker()
    page = text_of(page_of(client, quiz))
    assert "Counting attempts" not in page and "67 %" in page

    submit(quiz, 3, "Right", "Right")
    page = text_of(page_of(client, quiz))
    assert "Counting attempts" in page and "they count 3 first attempts" in page
    assert "67 %" in page and "4 first attempts of 4 in total" in page
    assert page_of(client, quiz, format="csv").headers["Content-Type"].startswith("text/csv")


def test_the_page_works_while_redis_is_down(client, editor, settings):
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"default": redis}

    assert "0 first attempts of 0 in total" in text_of(page_of(client, make_quiz()))


def test_a_disregarded_question_that_was_answered_has_a_page(client, editor):
    quiz = make_quiz()
    take(quiz, 3)
    question = quiz.current_edition.bundle["questions"][0]
    corrections.correct(quiz, question, by=make_user("editor"), note="It was wrong.", action="disregard")

    assert str(reports.DISREGARDED) in text_of(page_of(client, quiz))


# --- the article --------------------------------------------------------------------------------


def article_with(attempts):
    article = make_article(body="Start.\n\n## The contract\n\nText.\n\n## The end\n\nText.")
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, article=article, anchor="the-contract")
    quiz.publish(by=None)
    take(quiz, attempts, right=1)
    return article


def heading_table(client, article):
    """The table in the admin of an article; empty without one."""
    page = text_of(client.get(reverse("admin:articles_article_change", args=[article.pk])))
    return page.partition("heading-results")[2].partition("</table>")[0]


def test_the_admin_of_an_article_shows_results_by_heading(client, editor):
    table = heading_table(client, article_with(30))

    assert "The contract" in table and "67 %" in table and "The end" not in table


def test_with_few_attempts_a_heading_has_no_facility_yet(client, editor):
    table = heading_table(client, article_with(3))

    assert "The contract" in table and " %" not in table


def test_an_article_without_questions_has_no_such_table(client, editor):
    assert heading_table(client, make_article()) == ""


def test_an_article_that_many_quizzes_ask_about_costs_as_many_queries_as_one(count_queries):
    article, counts = make_article(body="Start.\n\n## The contract\n\nText."), []
    for number in (1, 4):
        for _ in range(number):
            quiz = make_quiz(questions=0, published=False)
            make_question(quiz, article=article, anchor="the-contract")
            quiz.publish(by=None)
            take(quiz, 2, right=1)
        with count_queries() as queries:
            rows = heading_results(article)
        counts.append(len(queries))

    assert counts == [5, 5]
    assert [(row.heading, row.questions, row.attempts) for row in rows] == [("The contract", 5, 10)]


def test_a_heading_whose_quiz_is_being_counted_says_so(client, editor, monkeypatch):
    monkeypatch.setattr(results, "AT_ONCE", 2)
    article = article_with(30)
    assert "being counted" in heading_table(client, article)

    run_worker()

    assert "67 %" in heading_table(client, article)
