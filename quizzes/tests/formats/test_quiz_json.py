import json

import pytest

from quizzes.formats import quiz_json
from quizzes.formats.items import Problem, Text, UnreadableFile, normal


def text(source, text_format="plain"):
    return {"format": text_format, "text": source}


GOOD = {
    "kind": "single",
    "stem": text("Q", "markdown"),
    "choices": [{"text": text("a"), "weight": "100"}, {"text": text("b")}],
}
BLANK = {"kind": "cloze", "stem": text("[[1]]"), "choices": [{"text": text("a"), "weight": "100", "blank": 1}]}
NUMBER = {"kind": "numeric", "stem": text("Q"), "choices": [{"text": text("3"), "weight": "100"}]}


def read(*questions, **fields):
    whole = {"format": "publishing-quiz", "version": 1, "questions": list(questions)} | fields
    return quiz_json.read(json.dumps(whole).encode())


def test_a_question_may_leave_out_what_it_does_not_have():
    result = read(GOOD, {**BLANK, "hints": [text(" b ")]}, quiz={"title": "T\n t"})

    assert (result.header, result.problems) == ({"title": "T t"}, [])
    first, second = result.items
    assert [choice.percent for choice in first.choices] == [100, 0]
    assert (first.shuffle, first.stem, first.line) == (True, Text("Q", "markdown"), 1)
    assert (second.matching, second.choices[0].blank, normal(second).hints) == ("plain", 1, (Text("b", "plain"),))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([], "not an object"),
        ({**GOOD, "kind": "essay"}, "“kind” is “essay”"),
        ({"stem": text("Q")}, "“kind” is “”"),
        ({**GOOD, "kind": ["single"]}, "“kind” is not a text"),
        ({**GOOD, "points": 1}, "“points” is not a key of a question"),
        ({**GOOD, "stem": "Q"}, "“stem” is not an object"),
        ({**GOOD, "stem": text("")}, "no text"),
        ({**GOOD, "stem": text("Q", "wiki")}, "“format” is “wiki”"),
        ({**GOOD, "stem": text("Q\x00")}, "U+0000"),
        ({**GOOD, "stem": text("Q\ud800")}, "U+D800"),
        ({**GOOD, "shuffle": 1}, "not true or false"),
        ({**GOOD, "choices": {}}, "not a list"),
        ({**GOOD, "choices": GOOD["choices"][:1]}, "at least two choices"),
        ({**GOOD, "choices": [{"text": text("a"), "weight": 100}] * 2}, "“weight” is not a text"),
        ({**GOOD, "choices": [{"text": text("a"), "weight": float("nan")}] * 2}, "“weight” is not a text"),
        ({**GOOD, "choices": [{"text": text("a"), "weight": "101"}] * 2}, "between -100 and 100"),
        ({**GOOD, "choices": [{"text": text("a"), "weight": "1e1"}] * 2}, "between -100 and 100"),
        ({**GOOD, "choices": [{"text": text(" ")}] * 2}, "empty"),
        ({**GOOD, "matching": "plain"}, "does not belong"),
        ({**GOOD, "rule": "absolute-position"}, "“rule” is"),
        ({**GOOD, "images": [{"name": "a.png", "data": "?"}]}, "base64"),
        ({**GOOD, "images": [{"name": "a.png", "data": "PHN2Zz4="}]}, "not a PNG"),
        ({**GOOD, "images": [{"name": "../a.png", "data": "R0lGODlh"}]}, "no valid file name"),
        ({**BLANK, "choices": [{"text": text("a"), "blank": True}]}, "“blank” is not a whole number"),
        ({**BLANK, "choices": [{"text": text("a"), "blank": 100}]}, "from 1 to 99"),
        ({**BLANK, "choices": [{"text": text("a")}]}, "no blank"),
        ({**NUMBER, "choices": [{"text": text("1e999")}]}, "too large"),
        ({**NUMBER, "choices": [{"text": text("3"), "tolerance": "-1"}]}, "negative"),
    ],
)
def test_a_problem_has_the_number_of_its_question_and_keeps_no_other_out(wrong, words):
    result = read(GOOD, wrong, GOOD)

    assert [(problem.line, words in problem.message) for problem in result.problems] == [(2, True)], result.problems
    assert [item.line for item in result.items] == [1, 3]


def test_a_repeated_key_is_reported():
    once = json.dumps(GOOD)
    data = f'{{"format": "publishing-quiz", "version": 1, "questions": [{once[:-1]}, "kind": "multiple"}}]}}'

    assert quiz_json.read(data.encode()).problems == [Problem(1, "“kind” appears twice in the same question.")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[1]", "“file” is not an object"),
        (b'{"format": "publishing-quiz"}', "“version”: 1"),
        (b'{"format": "publishing-quiz", "version": true}', "“version” is not a whole number"),
        (b'{"format": "publishing-quiz", "version": 2}', "“version”: 1"),
        (b'{"format": "publishing-quiz",\n "version": 1', "on line 2"),
        (b'{"format": "publishing-quiz", "version": 1, "questions": 5}', "“questions” is not a list"),
        (b'{"format": "publishing-quiz", "version": 1, "quiz": {"title": 5}}', "“title” is not a text"),
        (b'{"format": "publishing-quiz", "version": 1, "quiz": {"id": "5"}}', "“id” is not a key"),
        (b'{"version": 1, "version": 1, "format": "publishing-quiz"}', "“version” appears twice"),
        (b'{"a": ' + b"[" * 200_000 + b"}", "nested too deeply"),
        (b'{"a": ' + b"1" * 5000 + b"}", "number in the file is too long"),
        (b'{"\xff": 1}', "not UTF-8"),
        (b" " * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, words):
    with pytest.raises(UnreadableFile, match=words):
        quiz_json.read(data)
