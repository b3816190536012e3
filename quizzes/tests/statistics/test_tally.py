import json
from collections import Counter
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.statistics import frequent, items, tally
from quizzes.statistics.frequent import Frequent
from quizzes.statistics.tally import Tally

QUESTIONS = [
    {"id": number, "kind": kind}
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
    found = Tally.of(QUESTIONS)
    found.add(rows)
    return found


@settings(deadline=None)
@given(ROWS, st.lists(st.integers(0, 12), max_size=4), st.randoms())
def test_any_order_and_any_pieces_give_the_same_tally(rows, cuts, random):
    at_once, mixed = counted(rows), random.sample(rows, len(rows))
    in_pieces, merged = Tally.of(QUESTIONS), Tally.of(QUESTIONS)
    edges = [0, *sorted(cuts), len(rows)]
    for start, end in zip(edges, edges[1:], strict=False):
        in_pieces.add(mixed[start:end])
        merged.merge(counted(mixed[start:end]))

    assert in_pieces == merged == at_once


@settings(deadline=None)
@given(ROWS)
def test_a_tally_survives_being_stored_as_json(rows):
    found = counted(rows)

    assert Tally.from_json(json.loads(json.dumps(found.to_json()))) == found


@settings(deadline=None)
@given(ROWS)
def test_it_counts_what_plain_lists_count(rows):
    found = counted(rows)

    assert found.totals == Counter(total for _, _, total in rows)
    for number, question in found.questions.items():
        given_ones = [(marks, total) for _, marks, total in rows if str(number) in marks]
        assert question.attempts == len(given_ones)
        assert question.answered == sum(str(number) in answers for answers, _, _ in rows)
        assert question.pairs == Counter((marks[str(number)], total) for marks, total in given_ones)


def test_each_ticked_choice_is_counted_alone_and_all_of_them_together():
    rows = [({"2": [21, 22]}, {"2": "1"}, "3"), ({"2": [21]}, {"2": "1/2"}, "5/2"), ({}, {"2": "0"}, "1")]
    question = counted(rows).questions[2]

    assert {a.key: (a.count, a.share) for a in items.parts(question)} == {"21": (2, 2 / 3), "22": (1, 1 / 3)}
    assert {a.key: a.count for a in items.responses(question)} == {"21,22": 1, "21": 1}
    assert question.parts.points(question.parts.rows["21"].total) == F(11, 2)


@pytest.mark.parametrize(
    ("number", "answer", "responses", "parts"),
    [
        (1, [11], ["11"], []),
        (4, "  two\n words ", ["two words"], []),
        (4, "x" * 900, ["x" * tally.KEY_LENGTH], []),
        (6, [63, 61, 62], ["63,61,62"], ["1:63", "2:61", "3:62"]),
        (7, {"71": 72, "72": 71}, [], ["71:72", "72:71"]),
        (8, {"1": "a  b", "2": "c"}, [], ["1:a b", "2:c"]),
        (9, "e\u0301", ["é"], []),
    ],
)
def test_an_answer_is_counted_by_its_kind(number, answer, responses, parts):
    question = counted([({str(number): answer}, {str(number): "0"}, "0")]).questions[number]

    assert sorted(question.responses.rows) == responses
    assert sorted(question.parts.rows) == parts


def test_a_question_may_have_its_own_spelling():
    found = Tally.of(QUESTIONS)
    found.add(
        [({"4": text}, {"4": "1"}, "1") for text in ("YES", "yes", "Yes ")], {4: lambda text: text.strip().lower()}
    )

    assert [(answer.key, answer.count) for answer in items.responses(found.questions[4])] == [("yes", 3)]


def test_an_unanswered_question_is_on_the_paper():
    question = counted([({}, {"1": "0"}, "0"), ({"1": []}, {"1": "0"}, "0")]).questions[1]

    assert (question.attempts, question.answered, question.responses.rows) == (2, 0, {})


def test_fractions_that_are_written_differently_are_the_same():
    found = counted([({}, {"1": "2/4"}, "2/4"), ({}, {"1": "1/2"}, "1/2")])

    assert found.totals == {"1/2": 2}
    assert found.questions[1].pairs == {("1/2", "1/2"): 2}


@pytest.mark.parametrize("data", [{}, {"format": 2}], ids=["nothing", "a later one"])
def test_another_format_is_refused(data):
    with pytest.raises(ValueError, match="cannot be read"):
        Tally.from_json(data)


# --- bounded tables -----------------------------------------------------------------------------


def test_different_texts_without_end_keep_the_tally_small():
    found = Tally.of(QUESTIONS)
    found.add(
        ({"4": "right" if number % 3 else f"text {number}"}, {"4": "1" if number % 3 else "0"}, "1")
        for number in range(60_000)
    )

    question = found.questions[4]
    table = question.responses
    assert table.by_frequency()[0][1][:2] == (40_000, 40_000)
    assert len(table.rows) == tally.KEPT_RESPONSES
    assert sum(row.count for row in table.rows.values()) + table.others == question.answered == 60_000
    assert len(json.dumps(found.to_json())) < 30_000


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("aaaabbbcdefgh"), max_size=12), max_size=6))
def test_what_a_full_table_let_go_is_within_its_bounds(batches):
    limit, table = 3, Frequent(3)
    for batch in batches:
        table.add([(key, 1, 2) for key in batch], 1)
    truth = Counter(key for batch in batches for key in batch)

    assert len(table.rows) <= limit
    assert table.floor <= truth.total() / limit
    assert sum(row.count for row in table.rows.values()) + table.others == truth.total()
    assert sum(row.total for row in table.rows.values()) + table.others_total == 2 * truth.total()
    for key, number in truth.items():
        row = table.rows.get(key)
        assert row.count <= number <= row.count + row.missed if row else number <= table.floor


@settings(deadline=None)
@given(st.lists(st.sampled_from("aaaabbbcdefgh")), st.lists(st.sampled_from("aaaaxxyz")))
def test_two_full_tables_merge_within_their_bounds(first, second):
    tables = []
    for keys in (first, second):
        table = Frequent(3)
        for key in keys:
            table.add([(key, 1, 1)], 1)
        tables.append(table)
    merged, truth = tables[0], Counter([*first, *second])
    merged.merge(tables[1])

    assert merged.floor <= truth.total() / 3
    for key, number in truth.items():
        row = merged.rows.get(key)
        assert row.count <= number <= row.count + row.missed if row else number <= merged.floor


def test_totals_of_different_fractions_stay_exact():
    table = Frequent(3)
    table.add([("a", 1, 1)], 3)
    table.add([("a", 1, 1), ("b", 1, 5)], 2)

    assert {key: table.points(row.total) for key, row in table.rows.items()} == {"a": F(5, 6), "b": F(5, 2)}
    assert frequent.Frequent.from_json(3, table.to_json()) == table
