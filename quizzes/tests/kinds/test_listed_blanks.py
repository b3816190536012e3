"""Blanks of a text for which one of several texts is chosen from a list."""

import html
import re

import pytest

from quizzes.models import Attempt, Choice, Quiz
from quizzes.statistics.counting import count
from quizzes.tests.factories import make_question, make_quiz, paper_data
from quizzes.tests.imported import exported, imported

pytestmark = pytest.mark.django_db

TEXTS = [("<=", 100, "Just so."), ("<", 50), (">", 0, "The other way."), (" < =", 0)]
CLOZE = """<quiz><question type="cloze"><name><text>Rome</text></name><questiontext format="html"><text>Rome is in
{1:MULTICHOICE:=Italy#yes~France#no~%50%Lazio}; it was {1:MCVS:~an empire~=both~a republic}. Who? {1:SA:=Nero}.</text>
</questiontext></question></quiz>"""


def make_listed():
    quiz = make_quiz(questions=0, published=False)
    choices = [({"text": text, "blank": 1, "is_offered": True}, *more) for text, *more in TEXTS]
    choices.append(({"text": "x", "blank": 2}, 100))
    make_question(quiz, "cloze", choices, stem="Go on:\n\n```python\nwhile a [[1]] b: [[2]]\n```", matching="plain")
    quiz.publish(by=None)
    return quiz


@pytest.mark.parametrize(
    ("answers", "score"), [(("<=", "x"), 2), (("<", ""), 0.5), ((">", "x"), 1), ((" < =", ""), 0), (("", "X"), 1)]
)
def test_the_weight_of_the_chosen_text_counts(client, post_from_site, answers, score):
    quiz = make_listed()

    response = post_from_site(quiz.get_absolute_url(), paper_data(quiz, answers))

    assert Attempt.objects.get().score * 2 == score
    page = html.unescape(client.get(response.headers["Location"]).content.decode())
    assert ("Just so." in page) == (answers[0] == "<=") and ("The other way." in page) == (answers[0] == ">")
    assert ("<ins><=</ins>" in page) == (answers[0] != "<=")


@pytest.mark.parametrize("text", ["<=>", "< =", "<= "])
def test_a_text_that_is_not_in_the_list_is_refused(post_from_site, text):
    quiz = make_listed()

    response = post_from_site(quiz.get_absolute_url(), paper_data(quiz, (text, "x")))

    assert response.status_code == 422 and not Attempt.objects.exists()
    assert "not on this paper" in response.content.decode()


def test_the_list_shows_every_text_once_in_an_order_without_a_clue(client):
    first = []
    for _ in range(12):
        page = client.get(make_listed().get_absolute_url()).content.decode()
        select = page.partition("<select")[2].partition("</select")[0]
        shown = [html.unescape(text) for text in re.findall(r'<option\s+value="([^"]+)"', select)]
        assert sorted(shown) == sorted(text for text, *_ in TEXTS)
        first.append(shown[0])
    assert len(set(first)) > 1
    assert "Just so" not in page and "offered" not in page and "100" not in select


def test_what_was_chosen_stays_when_another_blank_is_wrong(post_from_site):
    quiz = make_listed()

    response = post_from_site(quiz.get_absolute_url(), paper_data(quiz, ("<=", "x" * 501)))

    assert response.status_code == 422
    assert re.search(r'value="&lt;=" selected', response.content.decode())


@pytest.mark.parametrize("file_format", ["xml", "gift", "json"])
def test_every_format_keeps_a_list(tmp_path, file_format):
    imported(tmp_path / "a.xml", CLOZE, "--slug", "rome")
    before = list(_rows())
    text, complaints = exported(Quiz.objects.get(), file_format)
    assert complaints == ""

    out, errors = imported(tmp_path / f"again.{file_format}", text, "--slug", "rome")

    assert errors == "" and "1 unchanged" in out
    Quiz.objects.all().delete()
    Choice.objects.all().delete()
    imported(tmp_path / f"anew.{file_format}", text.replace("Rome is", "Rome, I think, is"), "--slug", "anew")
    assert list(_rows()) == before == [
        (1, "Italy", True, 100), (1, "France", True, 0), (1, "Lazio", True, 50),
        (2, "an empire", True, 0), (2, "both", True, 100), (2, "a republic", True, 0), (3, "Nero", False, 100),
    ]  # fmt: skip


def _rows():
    for choice in Choice.objects.all():
        yield choice.blank, choice.text, choice.is_offered, choice.weight


def test_texts_of_a_list_that_differ_in_capitals_are_counted_apart():
    choices = [{"blank": 1, "text": "True", "offered": True}]
    question = {"id": 1, "kind": "cloze", "matching": "plain", "choices": choices}

    found = count([question], [({"1": {"1": text}}, {"1": "0"}, "0") for text in ("True", "true")])

    assert [key for key, _, _ in found.questions[0].parts] == ["1:True", "1:true"]
