import json
from collections import Counter
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.statistics import counting, items
from quizzes.statistics.counting import Counts, count

QUESTIONS = [
    {"id": number, "kind": kind, "matching": "case", "choices": []}
    for number, kind in enumerate(
        ["single", "multiple", "true_false", "short_answer", "numeric", "ordering", "matching", "cloze", "output"], 1
    )
]
POINTS = st.sampled_from(["0", "1/3", "1/2", "1"])
TYPED = st.text(alphabet="ab é\n", min_size=1, max_size=3).filter(str.strip)
ANSWERS = {
    "single": st.sampled_from([[11], [12]]),
    "true_false": st.sampled_from([[31], [32]]),
    "multiple": st.sets(st.integers(21, 24), min_size=1).map(sorted),
    "short_answer": TYPED,
    "numeric": TYPED,
    "output": TYPED,
    "ordering": st.permutations([61, 62, 63]).map(list),
    "matching": st.dictionaries(st.sampled_from(["71", "72"]), st.integers(71, 73), min_size=1),
    "cloze": st.dictionaries(st.sampled_from(["1", "2"]), TYPED, min_size=1),
}


@st.composite
def attempts(draw):
    """(answers, marks, total), as the rows of the database give them; each question may be off the paper."""
    answers, marks = {}, {}
    for question in QUESTIONS:
        key = str(question["id"])
        if draw(st.booleans()):
            marks[key] = draw(POINTS)
            if draw(st.booleans()):
                answers[key] = draw(ANSWERS[question["kind"]])
    return answers, marks, str(sum(map(F, marks.values())))


ROWS = st.lists(attempts(), max_size=12)


def counted(rows):
    return count(QUESTIONS, rows)


def question_of(rows, number):
    return counted(rows).questions[number - 1]


@given(ROWS, st.randoms())
def test_any_order_gives_the_same_counts(rows, random):
    assert counted(random.sample(rows, len(rows))) == counted(rows)


@given(ROWS)
def test_counts_survive_being_stored_as_json(rows):
    found = counted(rows)

    assert Counts.from_json(json.loads(json.dumps(found))) == found


@given(ROWS)
def test_it_counts_what_plain_lists_count(rows):
    found = counted(rows)

    assert {F(total, found.unit): times for total, times in found.totals} == Counter(F(total) for _, _, total in rows)
    for question in found.questions:
        key = str(question.id)
        given_ones = [(F(marks[key]), F(total)) for _, marks, total in rows if key in marks]
        pairs = {(F(mark, found.unit), F(total, found.unit)): times for mark, total, times in question.pairs}
        assert question.attempts == len(given_ones)
        assert question.answered == sum(key in answers for answers, _, _ in rows)
        assert pairs == Counter(given_ones)


def test_each_ticked_choice_is_counted_alone_and_all_of_them_together():
    rows = [({"2": [21, 22]}, {"2": "1"}, "3"), ({"2": [21]}, {"2": "1/2"}, "5/2"), ({}, {"2": "0"}, "1")]
    found = counted(rows)
    question = found.questions[1]

    assert {a.key: (a.count, a.share) for a in items.answers(question, question.parts)} == {
        "21": (2, 2 / 3),
        "22": (1, 1 / 3),
    }
    assert {a.key: a.count for a in items.answers(question, question.responses)} == {"21,22": 1, "21": 1}
    assert found.unit == 2
    assert question.parts == [["21", 2, 11], ["22", 1, 6]]


@pytest.mark.parametrize(
    ("number", "answer", "responses", "parts"),
    [
        (1, [11], ["11"], []),
        (4, "  two\n words ", ["two words"], []),
        (4, "x" * 900, ["x" * counting.KEY_LENGTH], []),
        (6, [63, 61, 62], ["63,61,62"], ["1:63", "2:61", "3:62"]),
        (7, {"71": 72, "72": 71}, [], ["71:72", "72:71"]),
        (8, {"1": "a  b", "2": "c"}, [], ["1:a b", "2:c"]),
        (9, "e\u0301", ["é"], []),
    ],
)
def test_an_answer_is_counted_by_its_kind(number, answer, responses, parts):
    question = question_of([({str(number): answer}, {str(number): "0"}, "0")], number)

    assert sorted(key for key, _, _ in question.responses) == responses
    assert sorted(key for key, _, _ in question.parts) == parts


def test_a_question_has_the_spelling_of_its_matching():
    question = {"id": 4, "kind": "short_answer", "matching": "plain"}

    found = count([question], [({"4": text}, {"4": "1"}, "1") for text in ("YES", "yes", "Yes ")])

    assert [tuple(row[:2]) for row in found.questions[0].responses] == [("yes", 3)]


def test_an_unanswered_question_is_on_the_paper():
    question = question_of([({}, {"1": "0"}, "0"), ({"1": []}, {"1": "0"}, "0")], 1)

    assert (question.attempts, question.answered, question.responses) == (2, 0, [])


def test_fractions_that_are_written_differently_are_the_same():
    found = counted([({}, {"1": "2/4"}, "2/4"), ({}, {"1": "1/2"}, "1/2")])

    assert (found.unit, found.totals, found.questions[0].pairs) == (2, [[1, 2]], [[1, 1, 2]])


def test_different_texts_without_end_keep_the_counts_small():
    found = count(
        [{"id": 4, "kind": "short_answer", "matching": "plain"}],
        (
            ({"4": "right" if number % 3 else f"text {number}"}, {"4": "1" if number % 3 else "0"}, "1")
            for number in range(60_000)
        ),
    )

    [question] = found.questions
    assert question.responses[0] == ["right", 40_000, 40_000]
    assert len(question.responses) == counting.KEPT_RESPONSES
    assert question.answered == 60_000
    assert len(json.dumps(found)) < 30_000


def test_of_more_different_texts_than_are_counted_those_that_came_first_are_counted_exactly(monkeypatch):
    monkeypatch.setattr(counting, "COUNTED_ANSWERS", 2)
    monkeypatch.setattr(counting, "HELD_AT_ONCE", 0)
    monkeypatch.setattr(counting, "ROWS_AT_ONCE", 1)

    question = question_of([({"4": text}, {"4": "0"}, "1") for text in "abcacb"], 4)

    assert question.responses == [["a", 2, 2], ["b", 2, 2]]
    assert question.answered == 6
