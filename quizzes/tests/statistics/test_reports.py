"""What editors read of counts: pure, from an edition's bundle."""

import pytest

from quizzes.statistics import answer_reports, reports
from quizzes.statistics.counting import KEY_LENGTH, count

CHOICES = [
    {"id": 11, "weight": "100", "feedback": "", "html": "<p>Yes</p>", "pinned": False},
    {"id": 12, "weight": "0", "feedback": "", "html": "<p><code>a &lt; b</code></p>", "pinned": False},
]


def question(pk=1, kind="single", choices=CHOICES, **fields):
    fields = {"rule": "single", "matching": "plain", "always": False, "stem": f"<p>Stem {pk}</p>"} | fields
    return {"id": pk, "kind": kind, "choices": choices} | fields


def report_of(questions, rows, corrections=(), draw=None):
    """Rows of (answers, marks) by id of question."""
    bundle = {"format": 2, "draw": draw, "questions": questions}
    attempts = [
        (
            {str(pk): answer for pk, answer in answers.items()},
            {str(pk): str(mark) for pk, mark in marks.items()},
            str(sum(marks.values())),
        )
        for answers, marks in rows
    ]
    counts = count(questions, attempts, {q["id"] for q in questions} if draw else ())
    return reports.report(bundle, list(corrections), counts)


def texts(found, number=0):
    return [
        (row.label, row.text, row.worth, row.answer.count)
        for group in found.questions[number].groups
        for row in group.rows
    ]


def test_a_wrong_choice_that_strong_readers_take_is_flagged_at_its_question():
    strong = [({1: [12]}, {1: 0, 2: 1, 3: 1})] * 20
    weak = [({1: [11]}, {1: 1, 2: 0, 3: 0})] * 20

    found = report_of([question(), question(2), question(3)], strong + weak).questions[0]

    assert found.flags == [
        reports.NEGATIVE,
        "Strong readers prefer a wrong choice: B.",
    ]
    assert [bar.label for bar in found.groups[0].chart.bars] == ["A ✓", "B !"]


def test_with_few_attempts_no_index_is_given_and_nothing_flagged():
    rows = [({1: [12]}, {1: 0, 2: 1})] * 14 + [({1: [11]}, {1: 1, 2: 0})] * 15

    found = report_of([question(), question(2)], rows)

    asked = found.questions[0]
    assert [figure.value for figure in asked.figures] == ["52 %", "–", "–", "–", "–"]
    assert asked.flags == []
    assert {row.point_biserial for row in asked.groups[0].rows} == {"–"}
    assert [figure.name for figure in found.figures] == ["First attempts", "Mean", "Median"]
    assert found.missing == 1


def test_markup_becomes_the_text_that_it_shows():
    assert texts(report_of([question()], [({1: [12]}, {1: 0})])) == [
        ("A", "Yes", "right", 0),
        ("B", "a < b", "wrong", 1),
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("<pre><code>x<span>=</span>1</code></pre>", "x=1"),
        ('<p><img src="/a.png" alt=""></p>', "(a picture)"),
        ("<p>\ue001 in x</p>", "[[1]] in x"),
    ],
)
def test_html_is_shown_as_one_line(html, text):
    assert answer_reports.text_of(html) == text


def test_a_disregarded_question_says_so_and_is_not_counted():
    correction = {"question": 1, "action": "disregard", "choice": None, "text": "", "blank": None}

    found = report_of([question(), question(2)], [({2: [11]}, {2: 1})], [correction])

    assert found.questions[0].notes == [reports.DISREGARDED]
    assert found.questions[0].figures[0].value == "–"
    assert found.histogram.rows == [("0", 0), ("1", 1)]


def test_what_is_accepted_too_is_worth_the_point_in_the_table():
    correction = {"question": 1, "action": "accept", "choice": 12, "text": "", "blank": None}

    found = report_of([question()], [({1: [12]}, {1: 1})], [correction])

    assert texts(found)[1] == ("B", "a < b", "right", 1)
    assert found.questions[0].notes == [reports.CORRECTED]


def test_a_drawn_question_says_that_it_is_not_on_every_paper():
    found = report_of([question(), question(2)], [({}, {1: 0})], draw=1)

    assert found.questions[0].notes == [reports.DRAWN]
    assert found.histogram.rows == [("0", 1), ("1", 0)]


def test_typed_answers_are_graded_as_they_were_and_cut_ones_are_not():
    short = question(kind="short_answer", choices=[{"id": 1, "weight": "100", "feedback": "", "text": "yield"}])
    rows = [({1: "yield"}, {1: 1})] * 2 + [({1: "return"}, {1: 0}), ({1: "x" * 900}, {1: 0})]

    assert texts(report_of([short], rows)) == [
        ("1", "yield", "right", 2),
        ("2", "return", "wrong", 1),
        ("3", "x" * KEY_LENGTH, "", 1),
    ]


def test_those_who_are_not_in_a_table_are_counted_below_it():
    short = question(kind="short_answer", choices=[{"id": 1, "weight": "100", "feedback": "", "text": "yield"}])

    group = report_of([short], [({1: f"word {n}"}, {1: 0}) for n in range(30)]).questions[0].groups[0]

    assert (len(group.rows), group.others) == (answer_reports.MOST_TYPED, 18)


def test_a_long_paper_has_a_short_funnel():
    bundle = {"draw": None, "questions": [question(pk) for pk in range(1, 41)]}

    found = reports.funnel(bundle, 0, {("seen", 0): 50, ("answered", 1): 40})

    assert [bar.label for bar in found.bars][:3] == ["Seen", "Started", "Answered 4"]
    assert [bar.label for bar in found.bars][-2:] == ["Answered 40", "Submitted"]
    assert len(found.bars) == reports.FUNNEL_STEPS + 3


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), (0.004, "0.00"), (-0.004, "0.00"), (-1.374658, "−1.37"), (12.5, "12.50")]
)
def test_a_figure_is_shown(value, shown):
    assert answer_reports.figure(value) == shown
