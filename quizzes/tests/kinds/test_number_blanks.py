"""Blanks of a text that take a number: those whose accepted answers have a tolerance."""

import html

import pytest

from quizzes.editing import freezing
from quizzes.models import Attempt, Choice, Quiz
from quizzes.tests.factories import make_question, make_quiz, paper_data
from quizzes.tests.imported import exported, imported

pytestmark = pytest.mark.django_db

CLOZE = """<quiz><question type="cloze"><name><text>Pi</text></name><questiontext format="html">
<text>Pi is about {1:NUMERICAL:=3.14:0.01}, and e {1:NUMERICAL:=2.718:0.001#yes~*#no}. Who? {1:SA:=Euler}.</text>
</questiontext></question></quiz>"""


def make_pi(published=True):
    quiz = make_quiz(questions=0, published=False)
    choices = [
        ({"text": "3.14", "blank": 1, "tolerance": "0.01"}, 100),
        ({"text": "300", "blank": 2, "tolerance": "0.1", "tolerance_kind": "relative"}, 100),
        ({"text": "pi", "blank": 3}, 100),
    ]
    make_question(quiz, "cloze", choices, stem="Try [[1]], [[2]] and [[3]].", matching="plain")
    if published:
        quiz.publish(by=None)
    return quiz


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (("3.140", "300", "pi"), 3),
        (("3,14", "2.8e2", "PI"), 3),
        (("3.16", "3x10^2", "pi"), 2),
        (("3.15", "331", ""), 1),
    ],
)
def test_a_blank_with_a_tolerance_is_graded_as_a_number(client, post_from_site, answers, score):
    quiz = make_pi()

    response = post_from_site(quiz.get_absolute_url(), paper_data(quiz, answers))

    assert Attempt.objects.get().score * 3 == score
    page = client.get(response.headers["Location"]).content.decode()
    assert all(answer in page for answer in answers)
    assert ("<ins>300</ins>" in page) == (answers[1] == "331")


def test_what_is_no_number_is_refused_beside_the_question_with_the_number_of_the_blank(post_from_site):
    quiz = make_pi()

    response = post_from_site(quiz.get_absolute_url(), paper_data(quiz, ("three", "1,000", "pi")))

    page = html.unescape(response.content.decode())
    assert response.status_code == 422 and not Attempt.objects.exists()
    assert "Blank 1: “three” is not a number" in page
    assert "Blank 2: “1,000” can be read in two ways" in page
    assert 'value="three"' in page
    assert 'aria-label="Blank 1, a number"' in page and 'aria-label="Blank 3"' in page


def test_an_edition_from_before_is_graded_as_text():
    quiz = make_pi()
    edition = quiz.current_edition
    question = freezing.upgraded(edition.bundle)["questions"][0]
    for choice in question["choices"]:
        choice.pop("tolerance", None)
        choice.pop("tolerance_kind", None)

    assert freezing.kinds.grade(question, {"1": "3.14", "2": "3e2", "3": "pi"}).points == pytest.approx(2 / 3)


def test_a_blank_without_a_tolerance_is_frozen_without_one():
    quiz = make_quiz(questions=0, kinds=["cloze"])

    assert all(set(c) == {"id", "weight", "feedback", "blank", "text"} for c in _frozen(quiz)["choices"])


def _frozen(quiz):
    return quiz.current_edition.bundle["questions"][0]


@pytest.mark.parametrize("file_format", ["xml", "gift", "json"])
def test_every_format_keeps_the_tolerance_of_a_blank(tmp_path, file_format):
    imported(tmp_path / "a.xml", CLOZE, "--slug", "pi")
    before = list(_rows())
    text, complaints = exported(Quiz.objects.get(), file_format)
    assert complaints == ""

    out, errors = imported(tmp_path / f"again.{file_format}", text, "--slug", "pi")

    assert errors == "" and "1 unchanged" in out
    Quiz.objects.all().delete()
    Choice.objects.all().delete()
    imported(tmp_path / f"anew.{file_format}", text.replace("Pi is", "Pi, I think, is"), "--slug", "anew")
    assert list(_rows()) == before == [
        (1, "3.14", "0.01", 100), (2, "2.718", "0.001", 100), (2, "*", "", 0), (3, "Euler", "", 100),
    ]  # fmt: skip


def _rows():
    for choice in Choice.objects.all():
        yield choice.blank, choice.text, choice.tolerance, choice.weight
