import json
import re
import time

import pytest

from quizzes import gift
from quizzes.gift import escape_markdown, parse

KINDS = {
    "numerical": "Numerical", "short answer": "Short", "essay": "Essay", "matching": "Matching",
    "description": "Description",
}  # fmt: skip


def only(text):
    result = parse(text)
    assert not result.errors
    assert not result.unsupported
    (question,) = result.questions
    return question


def as_json(text):
    return text and {"format": text.format, "text": text.source}


def expected_reading(entry):
    """A question of the sample files in our terms. Their parser puts a space before a full stop after a gap."""
    stem = {**entry["stem"], "text": re.sub(r"_____ (?=\.)", "_____", entry["stem"]["text"])}
    common = (entry["title"] or "", stem, entry["globalFeedback"], entry["hasEmbeddedAnswers"])
    if entry["type"] == "TF":
        # What they call trueFeedback is the first one, which Moodle shows for the wrong answer.
        return (*common, entry["isTrue"], entry["trueFeedback"], entry["falseFeedback"])
    keys = ("isCorrect", "weight", "text", "feedback")
    return (*common, [tuple(choice[key] for key in keys) for choice in entry["choices"]])


def our_reading(question):
    common = (question.name, as_json(question.stem), as_json(question.explanation), question.has_gap)
    if question.kind == "true_false":
        right, wrong = sorted(question.choices, key=lambda choice: not choice.is_marked_right)
        return (*common, question.choices[0].is_marked_right, as_json(wrong.feedback), as_json(right.feedback))
    return (
        *common,
        [
            (
                choice.is_marked_right,
                choice.weight and float(choice.weight),
                as_json(choice.text),
                as_json(choice.feedback),
            )
            for choice in question.choices
        ],
    )


def test_the_sample_files_of_another_parser_are_read_as_expected(samples):
    files = sorted((samples / "gift").glob("*.gift"))
    assert len(files) > 40
    for path in files:
        read, expected = parse(gift.decode(path.read_bytes())), json.loads(path.with_suffix(".json").read_text())

        choice_questions = [entry for entry in expected if entry["type"] in ("MC", "TF")]
        assert [our_reading(question) for question in read.questions] == [
            expected_reading(entry) for entry in choice_questions
        ], path.name
        others = [entry["type"] for entry in expected if entry["type"] not in ("MC", "TF", "Category")]
        assert [KINDS[found.kind] for found in read.unsupported] == others, path.name
        assert read.errors == [], path.name


def test_escapes_are_undone_once_and_backslash_n_is_a_line_end():
    question = only(r"[markdown]a \\n b\n\: \# \= \{ \} \~ \x{=\{1\}#\#one ~2}")

    assert question.stem.source == "a \\n b\n: # = { } ~ \\x"
    assert question.choices[0].text.source == "{1}"
    assert question.choices[0].feedback.source == "#one"


def test_a_choice_has_weight_format_and_feedback():
    question = only("Q{~%33.33333%[html]<b>a</b>#good ~%-50%b#[plain]bad ~c}")

    assert question.kind == "multiple"
    assert [str(choice.percent) for choice in question.choices] == ["33.33333", "-50", "0"]
    assert [choice.text.format for choice in question.choices] == ["html", "moodle", "moodle"]
    assert question.choices[1].feedback == gift.Text("bad", "plain")


def test_percent_signs_in_a_choice_are_not_a_weight():
    question = only("Q{=%s and %d ~%r ~100% ~%%}")

    assert [choice.text.source for choice in question.choices] == ["%s and %d", "%r", "100%", "%%"]


def test_the_first_feedback_of_true_and_false_is_for_the_wrong_answer():
    true, false = only("Q{TRUE#no#yes####always}").choices

    assert (true.text.source, true.percent, true.feedback.source) == ("True", 100, "yes")
    assert (false.text.source, false.percent, false.feedback.source) == ("False", 0, "no")


def test_comments_give_id_and_tags_and_categories_stay():
    read = parse("$CATEGORY: a/b\n\n// [id:x\\]1] [tag:one]\n// [tag:two]\n::N::Q{T}\n\nR{F}\n")

    assert (read.questions[0].external_id, read.questions[0].tags) == ("x]1", ("one", "two"))
    assert [question.category for question in read.questions] == ["a/b", "a/b"]
    assert [question.line for question in read.questions] == [5, 7]


def test_the_header_is_read_from_the_top_of_the_file_only():
    read = parse("// Title: A: b\n// articles: x, y\n// title: second\n\nQ{T}\n\n// status: published\nR{T}\n")

    assert read.header == {"title": "A: b", "articles": "x, y"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Q{}", "essay"), ("Q{####only}", "essay"), ("Q{#3:1}", "numerical"), ("Q{=a->b =c->d}", "matching"),
        ("Q{=a =b}", "short answer"), ("Q{true}", "short answer"), ("Just words.", "description"),
    ],
)  # fmt: skip
def test_other_kinds_are_recognised(text, kind):
    read = parse(f"A{{T}}\n\n{text}\n\nB{{T}}")

    assert read.unsupported == [gift.Unsupported(3, kind)]
    assert len(read.questions) == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Q{\n=a\n~b", 3, "do not end with }"),
        ("Q =a ~b}", 3, "without a {"),
        ("Q\n{=a ~{b}}", 4, "second {"),
        ("f() {return}\n{=a ~b}", 4, "second {"),
        ("::name{T}", 3, "does not end with ::"),
        ("{T}", 3, "no text"),
        ("Q{=a\n~}", 4, "choice is empty"),
        ("Q{a ~b =c}", 3, "“a” stands before"),
        ("Q{~a}", 3, "only one choice"),
        ("Q{=a\n~%150%b}", 4, "weight 150"),
        ("Q\n\x07{T}", 4, "control character"),
    ],
)
def test_an_error_has_its_line_and_keeps_no_other_question_out(text, line, words):
    read = parse(f"A{{T}}\n\n{text}\n\nB{{F}}\n")

    assert [(error.line, words in error.message) for error in read.errors] == [(line, True)], read.errors
    assert [question.stem.source for question in read.questions] == ["A", "B"]


def test_a_question_torn_apart_by_a_blank_line_is_told_once():
    read = parse("Q{=a\n\n~b\n\n~c}\n\nB{F}\n")

    assert [error.line for error in read.errors] == [1]
    assert [question.stem.source for question in read.questions] == ["B"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"one\ntwo \xff\n", "byte 0xff on line 2"),
        (b"x" * (gift.MAX_BYTES + 1), "larger than 10 MB"),
        ("é{T}".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, words):
    with pytest.raises(gift.UnreadableFile, match=words):
        gift.decode(data)


def test_a_byte_order_mark_and_windows_line_ends_make_no_difference():
    question = only(gift.decode(b"\xef\xbb\xbf::N::Q{\r\n=a\r\n~b\r\n}\r\n"))

    assert (question.name, question.choices[1].line) == ("N", 3)


@pytest.mark.parametrize(
    "text",
    [
        "Q{=right\n" + "~wrong\n" * 10_000 + "}",
        "Q{" + "~a" * 300_000 + "}",
        "{" * 500_000,
        "// " + "[id:" * 300_000,
        "Q" + "\\n" * 300_000 + "{T}",
        " " * 1_000_000 + "x",
        "Q{~%" + "1" * 500_000 + "% =}",
        "\n\n".join(["(a+)+$[a-z]*{=(.*)*~b}"] * 20_000),
    ],
)
def test_reading_takes_time_in_proportion_to_the_length(text):
    started = time.perf_counter()
    for question in parse(text).questions:
        question.stem.as_markdown()

    assert time.perf_counter() - started < 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "a*b*c _d_ `e`",
        "# no heading",
        "1. no list",
        "- no list",
        "<b>no tag</b> &lt;",
        "[no](link) ~~x~~",
        "a | b",
        "=== x",
    ],
)
def test_plain_text_reads_in_markdown_as_it_was_typed(text):
    from html import unescape

    from publishing import markup

    html = markup.render_fragment(escape_markdown(text))

    assert unescape(re.sub("</?p>", "", html)) == text
