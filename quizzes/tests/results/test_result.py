import re
from fractions import Fraction

import pytest

from publishing.tests.factories import make_article
from quizzes.models import Attempt
from quizzes.results.result_context import points_text
from quizzes.tests.factories import make_question, make_quiz, paper_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz():
    quiz = make_quiz(questions=0, published=False, articles=[make_article(title="Forty lines")])
    make_question(quiz, choices=[("Right", 100, "Praise."), ("Wrong", 0, "Not this.")], explanation="Because one.")
    make_question(quiz, choices=[("Right", 100, "Praise."), ("Wrong", 0, "Not that.")], explanation="Because two.")
    make_question(quiz, "multiple", [("Both", 50), ("And", 50), ("Neither", 0)], explanation="Because three.")
    make_question(quiz, "true_false", [("True", 100), ("False", 0)], explanation="Because four.")
    quiz.publish(by=None)
    return quiz


@pytest.fixture
def page(client, post_from_site, quiz):
    data = paper_data(quiz, "Right", "Wrong", "Both", None, confirm="yes")
    return client.get(post_from_site(quiz.get_absolute_url(), data).headers["Location"]).content.decode()


def part(page, number):
    start = page.index(f'aria-labelledby="question-{number}"')
    return page[start : page.index("</section>", start)]


def test_the_result_says_how_much_was_right_and_what_to_read_again(page, quiz):
    assert '<h1 class="score" id="result" tabindex="-1"' in page
    assert "You got 2.5 of 4" not in page
    assert "You got 1.5 of 4" in page
    assert f'<a href="{quiz.articles.get().get_absolute_url()}">Forty lines</a>' in page
    assert re.search(rf'href="{quiz.get_absolute_url()}">\s*Retake the quiz', page)


def test_every_verdict_is_in_words_and_says_why(page):
    verdicts = ["✓ Right: 1 of 1", "✗ Not quite: 0 of 1", "◐ Partly right: 0.5 of 1", "– Not answered: 0 of 1"]
    for number, (verdict, why) in enumerate(zip(verdicts, ["one", "two", "three", "four"], strict=True), 1):
        assert verdict in part(page, number)
        assert f"Because {why}." in part(page, number)


def test_the_readers_choice_and_the_right_one_are_marked_by_word(page):
    wrong = part(page, 2)

    yours, right = (wrong[wrong.index(f"<p>{text}</p>") :].split("</li>")[0] for text in ("Wrong", "Right"))
    assert "Your answer" in yours and "Right answer" not in yours
    assert "Right answer" in right and "Your answer" not in right
    assert "Not that." in yours
    assert "Praise." not in wrong


def test_a_result_belongs_to_its_reader(client, page):
    response = client.get(Attempt.objects.get().get_absolute_url())

    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page


def test_a_result_stays_when_the_quiz_is_archived(client, page, quiz):
    quiz.archive(by=None)

    again = client.get(Attempt.objects.get().get_absolute_url())

    assert again.status_code == 200
    assert "Retake the quiz" not in again.content.decode()


@pytest.mark.parametrize("token", ["x", "0" * 22, "%00", "..%2F", "a" * 5000])
def test_an_unknown_result_is_not_found(client, token):
    assert client.get(f"/quizzes/results/{token}/").status_code == 404


def test_a_result_cannot_be_posted_to(post_from_site, page):
    assert post_from_site(Attempt.objects.get().get_absolute_url()).status_code == 405


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (Fraction(7), "7"), (Fraction(13, 2), "6.5"), (Fraction(2, 3), "0.67"), (Fraction(0), "0"),
        (Fraction(1999, 2000), "0.99"), (Fraction(1, 900), "0.01"), (Fraction(100), "100"),
    ],
)  # fmt: skip
def test_points_are_written_without_pretending_to_be_whole(points, text):
    assert points_text(points) == text


def test_two_questions_cost_as_many_queries_as_twelve(client, post_from_site, count_queries):
    counts = []
    for number in (2, 12):
        quiz = make_quiz(questions=number, articles=[make_article() for _ in range(number)])
        place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, *["Right"] * number)).headers["Location"]
        client.get(place)
        with count_queries() as queries:
            client.get(place)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 5
