from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction as F
from secrets import token_hex

import pytest
from django.core.management import call_command
from django.db import connection

from quizzes import kinds
from quizzes.models import Attempt, Repair, Tally
from quizzes.statistics import items, tally_store
from quizzes.tests.factories import EXAMPLES, make_quiz, paper_data

pytestmark = pytest.mark.django_db


def make_attempt(edition, *answers, **fields):
    """What is stored for one reader: an answer (raw, or None) for each question of the edition, right or wrong."""
    questions = edition.bundle["questions"][: len(answers)]
    given = {str(q["id"]): answer for q, answer in zip(questions, answers, strict=True) if answer is not None}
    marks = kinds.grade_paper(questions, given)
    score = sum((mark.points for mark in marks), F())
    row = {
        "token": token_hex(13), "answers": given, "marks": {str(mark.question): str(mark.points) for mark in marks},
        "score_numerator": score.numerator, "score_denominator": score.denominator, "maximum": len(marks),
    }  # fmt: skip
    return Attempt.objects.create(edition=edition, **row | fields)


def ids(edition, number=0):
    return [choice["id"] for choice in edition.bundle["questions"][number]["choices"]]


@pytest.fixture
def edition():
    """Two single-choice questions, the first choice of each is right."""
    return make_quiz(questions=2).current_edition


def counts(tally):
    """Attempts and facility of each question, and the totals."""
    return [(item.attempts, item.facility) for item in items.of(tally)], dict(tally.totals)


def test_what_readers_hand_in_is_counted(client, post_from_site):
    quiz = make_quiz(questions=0, kinds=EXAMPLES)
    right = ["Right", ("Both", "And"), "True", "yield", "3.14", ("First", "Second", "Third"), ("[]", "{}")]
    data = paper_data(quiz, *right, ("for", "in"), "2")
    post_from_site(quiz.get_absolute_url(), data)
    # Somebody else.
    client.cookies.clear()
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Wrong", None, "True", confirm="yes"))

    tally = tally_store.brought_up_to_date(quiz.current_edition)

    assert tally.totals == {"9": 1, "1": 1}
    answered = {kind: question.answered for kind, question in zip(EXAMPLES, tally.questions.values(), strict=True)}
    assert answered == dict.fromkeys(EXAMPLES, 1) | {"single": 2, "true_false": 2}
    assert [question.attempts for question in tally.questions.values()] == [2] * 9
    assert not Attempt.objects.filter(is_counted=False).exists()


def test_only_first_papers_that_came_in_time_are_counted(edition):
    right = [[choices[0]] for choices in (ids(edition), ids(edition, 1))]
    make_attempt(edition, *right)
    make_attempt(edition, *right, is_first=False)
    make_attempt(edition, *right, is_late=True)

    assert tally_store.brought_up_to_date(edition).totals == {"2": 1}


def test_an_attempt_is_read_once(edition):
    first = make_attempt(edition, [ids(edition)[0]], None)
    tally_store.brought_up_to_date(edition)
    Attempt.objects.filter(pk=first.pk).update(answers={}, marks={}, score_numerator=0)
    make_attempt(edition, None, None)

    assert tally_store.brought_up_to_date(edition).totals == {"1": 1, "0": 1}
    assert tally_store.rebuild(edition).totals == {"0": 2}


def test_counting_twice_is_counting_once(edition):
    make_attempt(edition, [ids(edition)[0]], None)

    assert (
        tally_store.brought_up_to_date(edition)
        == tally_store.brought_up_to_date(edition)
        == tally_store.rebuild(edition)
    )


def test_marks_are_those_that_were_given_when_it_was_handed_in(edition):
    attempt = make_attempt(edition, [ids(edition)[0]], None)
    first = str(edition.bundle["questions"][0]["id"])
    Attempt.objects.filter(pk=attempt.pk).update(
        marks=attempt.marks | {first: "1/3"}, score_numerator=1, score_denominator=3
    )

    assert counts(tally_store.brought_up_to_date(edition)) == ([(1, pytest.approx(100 / 3)), (1, 0)], {"1/3": 1})


def test_rows_from_before_marks_were_kept_are_graded(edition):
    make_attempt(edition, [ids(edition)[0]], [ids(edition, 1)[1]], marks=None)

    assert counts(tally_store.brought_up_to_date(edition)) == ([(1, 100), (1, 0)], {"1": 1})


def test_a_question_that_was_not_drawn_was_not_on_the_paper():
    edition = make_quiz(questions=3, draw_count=2).current_edition
    questions = [question["id"] for question in edition.bundle["questions"]]
    make_attempt(edition, [ids(edition)[0]], None, order=[[questions[0], []], [questions[1], []]])
    make_attempt(edition, None, None, order=[[questions[1], []], [questions[2], []]], marks=None, score_numerator=0)

    tally = tally_store.brought_up_to_date(edition)

    assert counts(tally) == ([(1, 100), (2, 0), (1, 0)], {"1": 1, "0": 1})
    assert all(question.is_drawn for question in tally.questions.values())


# --- repairs ------------------------------------------------------------------------------------


def repair(edition, number, **fields):
    question = edition.bundle["questions"][number]["id"]
    fields = {"note": "It was wrong.", "last_edition": edition.number} | fields
    return Repair.objects.create(quiz_id=edition.quiz_id, question=question, **fields)


@pytest.fixture
def answered(edition):
    """Three readers: both right; first wrong, second right; first right, second unanswered."""
    first, second = ids(edition), ids(edition, 1)
    make_attempt(edition, [first[0]], [second[0]])
    make_attempt(edition, [first[1]], [second[0]])
    make_attempt(edition, [first[0]], None)
    return edition


def test_a_disregarded_question_leaves_the_totals_and_nothing_else_changes(answered):
    before = tally_store.brought_up_to_date(answered)
    stored = list(Attempt.objects.order_by("pk").values("answers", "marks", "score_numerator"))
    repair(answered, 0, action="disregard")

    after = tally_store.brought_up_to_date(answered)

    assert counts(before) == ([(3, pytest.approx(200 / 3)), (3, pytest.approx(200 / 3))], {"2": 1, "1": 2})
    assert counts(after) == ([(0, None), (3, pytest.approx(200 / 3))], {"1": 2, "0": 1})
    assert list(Attempt.objects.order_by("pk").values("answers", "marks", "score_numerator")) == stored


def test_what_is_accepted_too_is_right_for_those_who_answered_it(answered):
    tally_store.brought_up_to_date(answered)
    repair(answered, 0, action="accept", choice=ids(answered)[1])

    assert counts(tally_store.brought_up_to_date(answered)) == (
        [(3, 100), (3, pytest.approx(200 / 3))],
        {"2": 2, "1": 1},
    )


def test_a_repair_that_is_taken_back_leaves_no_trace(answered):
    before = tally_store.brought_up_to_date(answered)
    made = repair(answered, 0, action="disregard")
    tally_store.brought_up_to_date(answered)
    # As it is stored while the question is disregarded: without a mark for it.
    marks = {str(answered.bundle["questions"][1]["id"]): "0"}
    make_attempt(answered, [ids(answered)[0]], None, marks=marks, score_numerator=0, maximum=1)
    made.delete()

    after = tally_store.brought_up_to_date(answered)

    assert before.totals == {"2": 1, "1": 2}
    assert counts(after) == ([(4, 75), (4, 50)], {"2": 1, "1": 3})


def test_a_repair_of_an_earlier_edition_does_not_touch_the_next(answered):
    repair(answered, 0, action="disregard", last_edition=answered.number - 1)

    assert tally_store.brought_up_to_date(answered).totals == {"2": 1, "1": 2}


# --- without writing ----------------------------------------------------------------------------


def test_looking_counts_everything_and_writes_nothing(answered, count_queries):
    tally_store.brought_up_to_date(answered)
    make_attempt(answered, None, None)
    stored = Tally.objects.get().data

    with count_queries() as queries:
        looked = tally_store.as_of_now([answered])[answered.pk]

    assert len(queries) == 3
    assert not [sql for sql in queries if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert Tally.objects.get().data == stored
    assert looked.totals == {"2": 1, "1": 2, "0": 1}
    assert looked == tally_store.brought_up_to_date(answered)


def test_looking_follows_a_repair_that_nobody_has_counted_yet(answered):
    tally_store.brought_up_to_date(answered)
    repair(answered, 0, action="disregard")

    assert tally_store.as_of_now([answered])[answered.pk].totals == {"1": 2, "0": 1}


def test_looking_at_many_editions_costs_as_many_queries_as_at_one(count_queries):
    editions = [make_quiz(questions=1).current_edition for _ in range(5)]
    for number, edition in enumerate(editions):
        make_attempt(edition, [ids(edition)[0]])
        if number % 2:
            tally_store.brought_up_to_date(edition)

    with count_queries() as queries:
        found = tally_store.as_of_now(editions)

    assert len(queries) == 3
    assert [found[edition.pk].totals for edition in editions] == [{"1": 1}] * 5


def test_the_command_counts_every_edition(answered, capsys):
    other = make_quiz(questions=1).current_edition
    make_attempt(other, None)

    call_command("count_attempts")
    call_command("count_attempts")

    assert capsys.readouterr().out == "Editions counted: 2.\nEditions counted: 0.\n"
    assert {row.edition_id for row in Tally.objects.all()} == {answered.pk, other.pk}


# --- at once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_who_count_at_once_count_each_attempt_once(monkeypatch):
    monkeypatch.setattr(tally_store, "ATTEMPTS_AT_ONCE", 4)
    edition = make_quiz(questions=1).current_edition
    right, wrong = ids(edition)

    def work(number):
        try:
            for turn in range(5):
                make_attempt(edition, [right if (number + turn) % 2 else wrong])
                tally_store.brought_up_to_date(edition) if number or turn < 4 else tally_store.rebuild(edition)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))

    assert tally_store.brought_up_to_date(edition).totals == {"0": 15, "1": 15}
    assert not Attempt.objects.filter(is_counted=False).exists()
