from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction as F
from secrets import token_hex

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from publishing.tests.worker import run_worker
from quizzes import kinds
from quizzes.models import Attempt, Correction
from quizzes.statistics import items, results, tasks
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


def counted(edition):
    return results.for_editions([edition])[edition.pk].counts


def totals(counts):
    """{total of a paper: attempts}"""
    return {str(F(total, counts.unit)): times for total, times in counts.totals}


def figures(counts):
    """Attempts and facility of each question, and the totals."""
    return [(item.attempts, item.facility) for item in items.item_statistics(counts)], totals(counts)


def test_what_readers_hand_in_is_counted(client, post_from_site):
    quiz = make_quiz(questions=0, kinds=EXAMPLES)
    right = ["Right", ("Both", "And"), "True", "yield", "3.14", ("First", "Second", "Third"), ("[]", "{}")]
    data = paper_data(quiz, *right, ("for", "in"), "2")
    post_from_site(quiz.get_absolute_url(), data)
    # Somebody else.
    client.cookies.clear()
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Wrong", None, "True", confirm="yes"))

    counts = counted(quiz.current_edition)

    assert totals(counts) == {"9": 1, "1": 1}
    answered = {kind: question.answered for kind, question in zip(EXAMPLES, counts.questions, strict=True)}
    assert answered == dict.fromkeys(EXAMPLES, 1) | {"single": 2, "true_false": 2}
    assert [question.attempts for question in counts.questions] == [2] * 9


def test_only_first_papers_that_came_in_time_are_counted(edition):
    right = [[choices[0]] for choices in (ids(edition), ids(edition, 1))]
    make_attempt(edition, *right)
    make_attempt(edition, *right, is_first=False)
    make_attempt(edition, *right, is_late=True)

    assert totals(counted(edition)) == {"2": 1}


def test_marks_are_those_that_were_given_when_it_was_handed_in(edition):
    attempt = make_attempt(edition, [ids(edition)[0]], None)
    first = str(edition.bundle["questions"][0]["id"])
    Attempt.objects.filter(pk=attempt.pk).update(
        marks=attempt.marks | {first: "1/3"}, score_numerator=1, score_denominator=3
    )

    assert figures(counted(edition)) == ([(1, pytest.approx(100 / 3)), (1, 0)], {"1/3": 1})


def test_rows_from_before_marks_were_kept_are_graded(edition):
    make_attempt(edition, [ids(edition)[0]], [ids(edition, 1)[1]], marks=None)

    assert figures(counted(edition)) == ([(1, 100), (1, 0)], {"1": 1})


def test_a_question_that_was_not_drawn_was_not_on_the_paper():
    edition = make_quiz(questions=3, draw_count=2).current_edition
    questions = [question["id"] for question in edition.bundle["questions"]]
    make_attempt(edition, [ids(edition)[0]], None, order=[[questions[0], []], [questions[1], []]])
    make_attempt(edition, None, None, order=[[questions[1], []], [questions[2], []]], marks=None, score_numerator=0)

    counts = counted(edition)

    assert figures(counts) == ([(1, 100), (2, 0), (1, 0)], {"1": 1, "0": 1})
    assert all(question.is_drawn for question in counts.questions)


# --- corrections ------------------------------------------------------------------------------------


def correction(edition, number, **fields):
    question = edition.bundle["questions"][number]["id"]
    fields = {"note": "It was wrong.", "last_edition": edition.number} | fields
    return Correction.objects.create(quiz_id=edition.quiz_id, question=question, **fields)


@pytest.fixture
def answered(edition):
    """Three readers: both right; first wrong, second right; first right, second unanswered."""
    first, second = ids(edition), ids(edition, 1)
    make_attempt(edition, [first[0]], [second[0]])
    make_attempt(edition, [first[1]], [second[0]])
    make_attempt(edition, [first[0]], None)
    return edition


def test_a_disregarded_question_leaves_the_totals_and_nothing_else_changes(answered):
    before = counted(answered)
    stored = list(Attempt.objects.order_by("pk").values("answers", "marks", "score_numerator"))
    correction(answered, 0, action="disregard")

    after = counted(answered)

    assert figures(before) == ([(3, pytest.approx(200 / 3)), (3, pytest.approx(200 / 3))], {"2": 1, "1": 2})
    assert figures(after) == ([(0, None), (3, pytest.approx(200 / 3))], {"1": 2, "0": 1})
    assert list(Attempt.objects.order_by("pk").values("answers", "marks", "score_numerator")) == stored


def test_what_is_accepted_too_is_right_for_those_who_answered_it(answered):
    counted(answered)
    correction(answered, 0, action="accept", choice=ids(answered)[1])

    assert figures(counted(answered)) == (
        [(3, 100), (3, pytest.approx(200 / 3))],
        {"2": 2, "1": 1},
    )


def test_a_correction_that_is_deleted_leaves_no_trace(answered):
    before = counted(answered)
    made = correction(answered, 0, action="disregard")
    counted(answered)
    # As it is stored while the question is disregarded: without a mark for it.
    marks = {str(answered.bundle["questions"][1]["id"]): "0"}
    make_attempt(answered, [ids(answered)[0]], None, marks=marks, score_numerator=0, maximum=1)
    made.delete()

    after = counted(answered)

    assert totals(before) == {"2": 1, "1": 2}
    assert figures(after) == ([(4, 75), (4, 50)], {"2": 1, "1": 3})


def test_a_correction_of_an_earlier_edition_does_not_touch_the_next(answered):
    correction(answered, 0, action="disregard", last_edition=answered.number - 1)

    assert totals(counted(answered)) == {"2": 1, "1": 2}


def test_a_disregarded_question_that_was_answered_has_no_answers(answered):
    correction(answered, 0, action="disregard")

    question = counted(answered).questions[0]

    assert (question.attempts, question.answered, question.responses) == (0, 0, [])


# --- kept -----------------------------------------------------------------------------------------


def test_looking_counts_everything_once_and_writes_nothing(answered, count_queries):
    make_attempt(answered, None, None)

    with count_queries() as first:
        found = counted(answered)
    with count_queries() as again:
        assert counted(answered) == found

    assert totals(found) == {"2": 1, "1": 2, "0": 1}
    assert (len(first), len(again)) == (3, 2)
    assert not [sql for sql in first if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_new_attempt_and_a_correction_are_counted_at_once(answered):
    counted(answered)
    make_attempt(answered, None, None)
    assert totals(counted(answered)) == {"2": 1, "1": 2, "0": 1}
    correction(answered, 0, action="disregard")

    assert totals(counted(answered)) == {"1": 2, "0": 2}


def test_many_editions_cost_as_many_queries_as_one(count_queries):
    editions = [make_quiz(questions=1).current_edition for _ in range(5)]
    for number, edition in enumerate(editions):
        make_attempt(edition, [ids(edition)[0]])
        if number % 2:
            counted(edition)

    with count_queries() as queries:
        found = results.for_editions(editions)

    assert len(queries) == 3
    assert [totals(found[edition.pk].counts) for edition in editions] == [{"1": 1}] * 5


# --- many attempts ----------------------------------------------------------------------------------


@pytest.fixture
def many(answered, monkeypatch):
    """An edition with more attempts than are counted at once."""
    monkeypatch.setattr(results, "AT_ONCE", 2)
    return answered


def test_many_attempts_are_counted_by_a_task_that_is_enqueued_once(many):
    looks = [results.for_editions([many])[many.pk] for _ in range(3)]
    assert [(look.counts, look.attempts, look.task.status) for look in looks] == [(None, 3, "READY")] * 3
    assert DBTaskResult.objects.count() == 1

    run_worker()
    found = results.for_editions([many])[many.pk]

    assert totals(found.counts) == {"2": 1, "1": 2}
    assert found.task is None


def test_the_last_counts_are_shown_while_new_attempts_are_counted(many):
    counted(many)
    run_worker()
    for _ in range(2):
        make_attempt(many, None, None)
        found = results.for_editions([many])[many.pk]
        assert (found.counts.attempts, found.task.status) == (3, "READY")

    run_worker()

    assert counted(many).attempts == 5
    # Nothing that no page needs any more is kept.
    assert DBTaskResult.objects.count() == 1


def test_what_a_task_counted_with_other_corrections_keeps_them(many):
    counted(many)
    run_worker()
    correction(many, 0, action="disregard")

    found = results.for_editions([many])[many.pk]

    assert found.state["corrections"] == []
    assert totals(found.counts) == {"2": 1, "1": 2}
    assert found.task.status == "READY"


def test_small_editions_are_counted_at_once_beside_large_ones(many):
    small = make_quiz(questions=1).current_edition
    make_attempt(small, [ids(small)[0]])

    found = results.for_editions([many, small])

    assert found[many.pk].counts is None
    assert totals(found[small.pk].counts) == {"1": 1}


def test_a_task_that_failed_is_tried_again_after_a_minute(many, monkeypatch, clock):
    def broken(*arguments):
        raise OSError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "counts_of", broken)
        counted(many)
        run_worker()
    assert results.for_editions([many])[many.pk].task.status == "FAILED"
    assert DBTaskResult.objects.count() == 1

    clock.shift(timedelta(minutes=1, seconds=1))
    assert results.for_editions([many])[many.pk].task.status == "READY"
    run_worker()

    assert counted(many).attempts == 3


def test_a_task_whose_worker_was_killed_is_enqueued_again(many, clock):
    counted(many)
    DBTaskResult.objects.get().claim("killed")
    clock.shift(timedelta(minutes=9))
    assert results.for_editions([many])[many.pk].task.status == "RUNNING"

    clock.shift(timedelta(minutes=2))

    assert results.for_editions([many])[many.pk].task.status == "READY"


def test_results_of_another_shape_are_not_read(many, monkeypatch):
    counted(many)
    run_worker()
    monkeypatch.setattr(tasks, "FORMAT", tasks.FORMAT + 1)

    assert counted(many) is None


@pytest.mark.django_db(transaction=True)
def test_many_who_look_at_once_enqueue_one_task(monkeypatch):
    monkeypatch.setattr(results, "AT_ONCE", 0)
    edition = make_quiz(questions=1).current_edition
    make_attempt(edition, None)

    def look(_):
        try:
            results.for_editions([edition])
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(look, range(6)))

    assert DBTaskResult.objects.count() == 1
