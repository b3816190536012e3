from decimal import Decimal

import pytest

from quizzes import formats
from quizzes.formats import aiken
from quizzes.formats.items import Item, ItemChoice, Text

GOOD = "Which keyword defines a function?\nA. def\nB. fun\nANSWER: A\n"


def test_a_question_is_a_line_its_choices_and_its_answer():
    read = aiken.parse("Which <b>one</b>?\n\nA) {a}\nB.b & c\nC.  d\n\nANSWER:  B is right\n")

    assert read.problems == []
    (item,) = read.items
    assert (item.kind, item.stem, item.line) == ("single", Text("Which <b>one</b>?", "plain"), 1)
    assert [choice.text.source for choice in item.choices] == ["{a}", "b & c", "d"]
    assert [choice.percent for choice in item.choices] == [0, 100, 0]


def test_the_first_choice_is_a_whatever_its_letter_is():
    (item,) = aiken.parse("Q?\nX. a\nB. b\nANSWER: A").items

    assert item.choices[0].percent == 100


@pytest.mark.parametrize("line", ["answer: b", "Answer : B", "ANSWER: b", "answer:b)"])
def test_the_answer_may_be_in_small_letters(line):
    (item,) = aiken.parse(f"Answer: why?\nA. a\nB. b\n{line}").items

    assert item.stem.source == "Answer: why?"
    assert [choice.percent for choice in item.choices] == [0, 100]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_are_read(end):
    read = aiken.parse((GOOD + "x\n" + GOOD).replace("\n", end))

    assert [(item.line, len(item.choices)) for item in read.items] == [(1, 2), (6, 2)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Q?\nA. a\nANSWER: A", 5, "at least two choices"),
        ("Q?\nANSWER: A", 5, "at least two choices"),
        ("ANSWER: A", 5, "before the question"),
        ("A. What prints 1?\nA. a\nB. b\nANSWER: A", 5, "before the question"),
        ("Q?\nA. a\nB. b\nANSWER: C", 8, "can be A to B"),
        ("Q?\nA. a\nB. b\nANSWER:", 8, "can be A to B"),
        ("Q?\nA. a\nB.\nANSWER: A", 7, "empty"),
        ("One\ntwo?\nA. a\nB. b\nANSWER: A", 5, "one line"),
        ("Q?\nA. a\nB. b", 5, "no line “ANSWER: A”"),
    ],
)
def test_an_error_has_its_line_and_keeps_no_other_question_out(text, line, words):
    read = aiken.parse(f"{GOOD}{text}\nLast?\nA. a\nB. b\nANSWER: A\n")

    assert [(problem.line, words in problem.message) for problem in read.problems] == [(line, True)], read.problems
    assert [read.items[0].stem.source, read.items[-1].stem.source] == ["Which keyword defines a function?", "Last?"]


def single(*weights, stem="Q\nr", kind="single"):
    choices = tuple(ItemChoice(0, Text(f"c\n{n}", "plain"), Decimal(weight)) for n, weight in enumerate(weights))
    return Item(0, kind, "", Text(stem, "plain"), choices)


def test_what_is_written_is_read_again_on_single_lines():
    written = formats.write("aiken", [single(0, 100, 0), single(100, 0, kind="true_false")])

    assert written.text.startswith("Q r\nA. c 0\nB. c 1\nC. c 2\nANSWER: B\n\nQ r\nA. True\n")
    assert written.left_out == []
    assert [item.stem.source for item in aiken.parse(written.text).items] == ["Q r", "Q r"]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (single(50, 50, kind="multiple"), "no questions of this kind"),
        (single(100, 50), "one right answer"),
        (single(100, 100), "one right answer"),
        (single(100, -50), "one right answer"),
        (single(100, *[0] * 26), "at most 26"),
        (single(100), "at least two choices"),
        (single(100, 0, stem="A. What?"), "taken for"),
        (single(100, 0, stem="ANSWER: A"), "taken for"),
        (single(100, 0, stem="answer: b"), "taken for"),
        (single(100, 0, stem="Q"), "taken for"),
    ],
)
def test_questions_that_aiken_does_not_support_are_left_out_and_listed(item, words):
    written = formats.write("aiken", [single(100, 0), item])

    assert [(problem.line, words in problem.message) for problem in written.left_out] == [(2, True)]
    assert len(aiken.parse(written.text).items) == 1
