"""Each kind of question over HTTP: what is graded, what is refused beside it, and what the result says."""

import html

import pytest

from quizzes.kinds.base import field_name
from quizzes.models import Attempt
from quizzes.tests.factories import EXAMPLES, make_paper, make_question, make_quiz, paper_data

pytestmark = pytest.mark.django_db

# What is answered, and what it scores.
RIGHT = {
    "single": "Right", "multiple": ("Both", "And"), "true_false": "True", "short_answer": "yield", "numeric": "3.14",
    "ordering": ("First", "Second", "Third"), "matching": ("[]", "{}"), "cloze": ("for", "in"), "output": "2",
}  # fmt: skip
PARTLY = {
    "multiple": ("Both",), "ordering": ("First", "Third", "Second"), "matching": ("[]", "[]"), "cloze": ("for", "of"),
}  # fmt: skip
WRONG = {
    "single": "Wrong", "multiple": ("Neither",), "true_false": "False", "short_answer": "yields", "numeric": "2.7",
    "ordering": ("Third", "Second", "First"), "matching": ("{}", "<>"), "cloze": ("while", "of"), "output": "11",
}  # fmt: skip


def take(post_from_site, kind, answer, **extra):
    quiz = make_quiz(questions=0, kinds=[kind])
    return quiz, post_from_site(quiz.get_absolute_url(), paper_data(quiz, answer, **extra))


def field_of(quiz):
    return field_name(make_paper(quiz).questions[0])


def refused(response, words):
    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert words in page
    assert not Attempt.objects.exists()
    return page


def test_there_is_an_example_of_every_kind():
    assert set(RIGHT) == set(WRONG) == set(EXAMPLES)


@pytest.mark.parametrize("kind", RIGHT)
def test_a_right_answer_is_worth_the_point(client, post_from_site, kind):
    _, response = take(post_from_site, kind, RIGHT[kind])

    assert Attempt.objects.get().score == 1
    assert "You got 1 of 1" in client.get(response.headers["Location"]).content.decode()


@pytest.mark.parametrize("kind", PARTLY)
def test_a_partly_right_answer_is_worth_a_part(client, post_from_site, kind):
    _, response = take(post_from_site, kind, PARTLY[kind])

    assert 0 < Attempt.objects.get().score < 1
    assert "Partly right" in client.get(response.headers["Location"]).content.decode()


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_worth_nothing_and_the_right_one_is_shown(client, post_from_site, kind):
    _, response = take(post_from_site, kind, WRONG[kind])

    page = html.unescape(client.get(response.headers["Location"]).content.decode())
    assert Attempt.objects.get().score == 0
    assert "Not quite" in page and "Because" in page
    for text in [RIGHT[kind]] if isinstance(RIGHT[kind], str) else RIGHT[kind]:
        assert text in page


@pytest.mark.parametrize("kind", RIGHT)
def test_no_byte_of_the_paper_tells_the_answer(client, kind):
    quiz = make_quiz(questions=0, kinds=[kind])

    response = client.get(quiz.get_absolute_url())

    page = html.unescape(response.content.decode())
    secret = {"short_answer": "yield", "numeric": "3.14", "output": ">2<", "cloze": "for x in"}.get(kind, "weight")
    assert secret not in page.split("<main", 1)[1].replace('for="', "")
    assert "Just so." not in page and "Because" not in page


@pytest.mark.parametrize("typed", ["yield", "  yield ", "ｙield"])
def test_what_was_typed_is_kept_as_it_was(post_from_site, typed):
    quiz, _ = take(post_from_site, "short_answer", typed)

    assert list(Attempt.objects.get().answers.values()) == [typed]


@pytest.mark.parametrize(
    "number", ["1e999", "NaN", "nan", "inf", "１２", "٣", "1 000", "1_000", "0x10", "three", "--1", "1" * 60]
)
def test_an_answer_that_is_not_a_number_is_refused_beside_it_and_shown_again(post_from_site, number):
    quiz, response = take(post_from_site, "numeric", number)

    page = refused(
        response, "digits 0 to 9" if number in ("１２", "٣") else "number" if number != "1e999" else "too large"
    )
    assert f'value="{number}"' in page
    assert f'href="#{field_of(quiz)}"' in page


@pytest.mark.parametrize("number", ["3.14", "3,14", "+3.14", " 3.14 ", "314e-2", "3.145"])
def test_a_number_may_be_written_in_many_ways(post_from_site, number):
    take(post_from_site, "numeric", number)

    assert Attempt.objects.get().score == 1


def test_an_item_in_two_places_is_refused(post_from_site):
    _, response = take(post_from_site, "ordering", ("First", "Second", "First"))

    refused(response, "An item is in two places")


def test_an_order_with_a_gap_is_refused(post_from_site):
    _, response = take(post_from_site, "ordering", ("First", "Second"))

    refused(response, "1 of 3 items have no place yet")


def test_an_item_of_another_question_is_refused(post_from_site):
    quiz = make_quiz(questions=0, kinds=["ordering", "ordering"])
    first, second = (field_name(question) for question in make_paper(quiz).questions)
    data = paper_data(quiz, RIGHT["ordering"], RIGHT["ordering"])

    refused(post_from_site(quiz.get_absolute_url(), data | {first: data[second]}), "not on this paper")


@pytest.mark.parametrize("token", ["x", "0" * 16, "<script>", "\x00"])
def test_a_changed_right_side_is_refused(post_from_site, token):
    quiz = make_quiz(questions=0, kinds=["matching"])
    data = {
        name: token if name.startswith("q") else value for name, value in paper_data(quiz, RIGHT["matching"]).items()
    }

    refused(post_from_site(quiz.get_absolute_url(), data), "not on this paper")


@pytest.mark.parametrize(("kind", "length"), [("short_answer", 501), ("cloze", 501), ("output", 5001)])
def test_a_text_that_is_too_long_is_refused(post_from_site, kind, length):
    answer = ("a" * length, "in") if kind == "cloze" else "a" * length

    _, response = take(post_from_site, kind, answer)

    refused(response, f"this one has {length}")


@pytest.mark.parametrize("kind", ["short_answer", "cloze", "output"])
@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m"])
def test_a_text_that_cannot_be_stored_is_refused(post_from_site, kind, text):
    _, response = take(post_from_site, kind, (text, "in") if kind == "cloze" else text)

    refused(response, "cannot be stored")


@pytest.mark.parametrize("kind", ["short_answer", "numeric", "output", "cloze"])
def test_two_texts_for_one_field_are_refused(post_from_site, kind):
    quiz = make_quiz(questions=0, kinds=[kind])
    data = {
        name: ["1", "2"] if name.startswith("q") else value for name, value in paper_data(quiz, RIGHT[kind]).items()
    }

    refused(post_from_site(quiz.get_absolute_url(), data), "several were sent")


@pytest.mark.parametrize("kind", ["short_answer", "cloze", "output"])
def test_what_was_typed_comes_back_escaped(client, post_from_site, kind):
    text = '"><script>alert(1)</script>'
    quiz = make_quiz(questions=1, kinds=[kind])

    response = post_from_site(
        quiz.get_absolute_url(), paper_data(quiz, None, (text, text) if kind == "cloze" else text)
    )

    assert "&lt;script&gt;alert(1)" in response.content.decode()
    assert "<script>alert(1)" not in response.content.decode()


def test_spaces_are_no_answer(post_from_site):
    quiz, response = take(post_from_site, "short_answer", "   ")

    refused(response, "1 of 1 not answered")


@pytest.mark.parametrize(
    ("typed", "score"),
    [("x=1", 1), ("x = 1", 1), ("x  =  1  # one", 1), ("x==1", 0), ("x=11", 0), ("X=1", 0), ("x := 1", 0)],
)
def test_python_is_compared_token_by_token(post_from_site, typed, score):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, "short_answer", [("x = 1", 100)], matching="python")
    quiz.publish(by=None)

    post_from_site(quiz.get_absolute_url(), paper_data(quiz, typed))

    assert Attempt.objects.get().score == score
