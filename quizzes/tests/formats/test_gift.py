import json
import re
import time
from dataclasses import replace
from decimal import Decimal

import pytest

from quizzes import formats
from quizzes.formats.decoding import decode
from quizzes.formats.gift.reader import parse
from quizzes.formats.items import MAX_BYTES, Skipped, Text, UnreadableFile, escape_markdown
from quizzes.formats.moodle import ordering

KINDS = {"essay": "Essay", "description": "Description"}


def only(text):
    result = parse(text)
    assert not result.problems
    assert not result.skipped
    (item,) = result.items
    return item


def write(items):
    return formats.write("gift", items).text


def as_json(text):
    return text and {"format": text.format, "text": text.source}


def percent(answer):
    """The weight of a choice of the samples, or what the = or ~ before it says."""
    return answer["weight"] if answer["weight"] is not None else 100 * answer["isCorrect"]


def expected_numbers(answers):
    """(weight, number, tolerance, feedback) of each; a range as its middle and half its width."""
    if isinstance(answers, dict):
        answers = [{"isCorrect": True, "weight": None, "text": answers, "feedback": None}]
    for answer in answers:
        number = {
            key: Decimal(str(value)) for key, value in answer["text"].items() if key not in ("type", "format", "text")
        }
        if "numberLow" in number:
            low, high = number["numberLow"], number["numberHigh"]
            number = {"number": (low + high) / 2, "range": (high - low) / 2}
        value = number.get("number", "*")
        yield percent(answer), value, number.get("range", 0), answer["feedback"]


def expected_reading(entry):
    """A question of the sample files in our terms. Their parser puts a space before a full stop after a gap."""
    stem = {**entry["stem"], "text": re.sub(r"_____ (?=\.)", "_____", entry["stem"]["text"])}
    common = (entry["title"] or "", stem, entry["globalFeedback"])
    if entry["type"] == "TF":
        # What they call trueFeedback is the first one, which Moodle shows for the wrong answer.
        return (*common, entry["isTrue"], entry["trueFeedback"], entry["falseFeedback"])
    if entry["type"] == "Matching":
        return (*common, [(pair["subquestion"], pair["subanswer"]) for pair in entry["matchPairs"]])
    if entry["type"] == "Numerical":
        return (*common, list(expected_numbers(entry["choices"])))
    return (*common, [(percent(choice), choice["text"], choice["feedback"]) for choice in entry["choices"]])


def our_choice(item, choice):
    if item.kind == "matching":
        return as_json(choice.text), choice.pair
    source = choice.text.source
    text = [as_json(choice.text)]
    if item.kind == "numeric":
        text = [source if source == "*" else Decimal(source), Decimal(choice.tolerance or 0)]
    return float(choice.percent), *text, as_json(choice.feedback)


def our_reading(item):
    common = (item.name, as_json(item.stem), as_json(item.explanation))
    if item.kind == "true_false":
        right, wrong = sorted(item.choices, key=lambda choice: -choice.percent)
        return (*common, item.choices[0].percent == 100, as_json(wrong.feedback), as_json(right.feedback))
    return (*common, [our_choice(item, choice) for choice in item.choices])


def test_the_sample_files_of_another_parser_are_read_as_expected(samples):
    files = sorted((samples / "gift").glob("*.gift"))
    assert len(files) > 40
    for path in files:
        read, expected = parse(decode(path.read_bytes())), json.loads(path.with_suffix(".json").read_text())

        skipped = [entry["type"] for entry in expected if entry["type"] in KINDS.values()]
        questions = [entry for entry in expected if entry["type"] not in ("Category", *KINDS.values())]
        assert [our_reading(item) for item in read.items] == [expected_reading(entry) for entry in questions], path.name
        assert [KINDS[found.kind] for found in read.skipped] == skipped, path.name
        assert read.problems == [], path.name
        assert [(item.external_id or None, list(item.tags) or None) for item in read.items] == [
            (entry.get("id"), entry.get("tags")) for entry in questions
        ], path.name


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
    assert question.choices[1].feedback == Text("bad", "plain")


def test_percent_signs_in_a_choice_are_not_a_weight():
    question = only("Q{=%s and %d ~%r ~100% ~%%}")

    assert [choice.text.source for choice in question.choices] == ["%s and %d", "%r", "100%", "%%"]


def test_the_first_feedback_of_true_and_false_is_for_the_wrong_answer():
    true, false = only("Q{TRUE#no#yes####always}").choices

    assert (true.text.source, true.percent, true.feedback.source) == ("True", 100, "yes")
    assert (false.text.source, false.percent, false.feedback.source) == ("False", 0, "no")


def test_numbers_have_weights_tolerances_ranges_and_a_rest():
    item = only("Q{#\n=3.14:0.01#good\n=%50%-1..2\n~#no}")

    assert item.kind == "numeric"
    assert [(choice.text.source, choice.tolerance, int(choice.percent)) for choice in item.choices] == [
        ("3.14", "0.01", 100),
        ("0.5", "1.5", 50),
        ("*", "", 0),
    ]
    assert [choice.feedback and choice.feedback.source for choice in item.choices] == ["good", None, "no"]
    assert only("Q{#0.1..0.2}").choices[0].text.source == "0.15"


def test_a_short_answer_needs_no_sign_and_is_compared_plainly_unless_a_comment_says_how():
    assert [choice.text.source for choice in only("Q{one =%50%two}").choices] == ["one", "two"]
    assert (only("Q{one}").kind, only("Q{one}").matching) == ("short_answer", "plain")
    assert only("// [matching:python]\nQ{=x \\= 1}").matching == "python"


def test_an_empty_left_side_is_one_more_right_side():
    item = only("[html]Q{=<b>a</b> -> 1 =[plain]b->2 = -> 3}")

    assert [(choice.text, choice.pair) for choice in item.choices] == [
        (Text("<b>a</b>", "html"), "1"),
        (Text("b", "plain"), "2"),
        (Text("", "html"), "3"),
    ]


def test_items_to_order_are_written_as_numbered_pairs():
    item = only("// [kind:ordering] [rule:absolute-position]\nSort them.{=b -> 2 =a -> 1 =c -> 3}")

    assert (item.kind, item.rule) == ("ordering", "absolute-position")
    assert [choice.text.source for choice in item.choices] == ["a", "b", "c"]


ORDER_OF_MOODLE = """// [id:order-1]
::Words::[html]Put these words in order.{>4 ALL VERTICAL ABSOLUTE_POSITION SHOW none
First
Second = 2
Third: # {not} a comment
Fourth \\d
}
"""


def test_an_ordering_is_read_and_written_as_moodle_does_it():
    text = ORDER_OF_MOODLE.replace("{not}", r"\{not\}")
    item = only(text)

    assert (item.kind, item.rule, item.line) == ("ordering", "absolute-position", 2)
    assert [choice.text for choice in item.choices] == [
        Text(text, "html") for text in ("First", "Second = 2", "Third: # {not} a comment", r"Fourth \d")
    ]
    assert write([item]) == text


@pytest.mark.parametrize(
    ("head", "rule", "notes"),
    [
        (">2 ALL HORIZONTAL RELATIVE_ALL_PREVIOUS_AND_NEXT SHOW none", "all-previous-and-next", []),
        (" >\n3  EXACT V LONGEST_ORDERED_SUBSET", "longest-ordered-subset", []),
        (">3 CONTIG H ABS NO 123", "absolute-position", []),
        (">2 RANDOM VERTICAL ALL_OR_NOTHING HIDE abc", "all-or-nothing", [ordering.SHOWS_ALL]),
        (">2 REL 0 REL 0 iii", "next-exclude-last", [ordering.SHOWS_ALL]),
        (">3", "next-exclude-last", [ordering.NO_GRADING_TYPE]),
    ],
)
def test_the_short_forms_of_moodles_ordering_are_known(head, rule, notes):
    read = parse(f"Q{{{head}\na\n\tb\nALL\n####because}}")

    assert [(item.rule, [choice.text.source for choice in item.choices]) for item in read.items] == [
        (rule, ["a", "b", "ALL"])
    ]
    assert [note.message for note in read.notes] == notes
    assert read.items[0].explanation.source == "because"


def test_several_right_choices_make_a_single_choice_of_which_any_is_right():
    item = only("Q{=a =b ~c ~%50%d}")

    assert (item.kind, [int(choice.percent) for choice in item.choices]) == ("single", [100, 100, 0, 50])
    assert "\t=a\n\t=b\n\t~c" in write([item])
    all_right = replace(item, choices=item.choices[:2])
    assert [choice.percent for choice in only(write([all_right])).choices] == [100, 100]
    assert only(write([all_right])).kind == "single"


def test_a_bracketed_word_before_a_text_is_no_format_unless_it_is_called_like_one():
    assert [item.stem.source for item in parse("[foo] a{T}\n\n[x]{T}\n\n[1, 2]{T}").items] == [
        "[foo] a",
        "[x]",
        "[1, 2]",
    ]


def test_blanks_are_written_as_short_answers_in_their_order():
    assert [choice.blank for choice in only("// [kind:cloze]\n[[1]] and [[2]]{=a =b}").choices] == [1, 2]
    assert [choice.blank for choice in only("// [kind:cloze]\nOnly [[1]]{=a =%50%b}").choices] == [1, 1]
    item = only("// [kind:cloze] [blanks:2,1,2]\n[[1]] and [[2]]{=a =b =c}")
    assert [choice.blank for choice in item.choices] == [2, 1, 2]


def test_the_program_is_in_comments_and_its_output_is_the_first_answer():
    item = only(
        "// [kind:output] [language:python] [interpreter:CPython 3.11]\n"
        "//> for n in range(2):\n//>     print(n)\nWhat is printed?{=0\\n1\\n =0 1}"
    )

    assert (item.program, item.recorded_output) == ("for n in range(2):\n    print(n)", "0\n1\n")
    assert (item.language, item.interpreter, item.matching) == ("python", "CPython 3.11", "lines")
    assert [choice.text.source for choice in item.choices] == ["0 1"]


def test_comments_hold_hints_and_what_else_gift_has_no_signs_for():
    item = only(
        "// [hint:Look \\[twice\\]\\nat \\\\n.] [hint:b] [shuffle:off] [pinned:2]\n"
        "// [read-again:loops#for] [rule:all-or-nothing]\nQ{~%50%a ~%50%b}"
    )

    assert [hint.source for hint in item.hints] == ["Look \\[twice]\nat \\n.", "b"]
    assert (item.shuffle, item.read_again, item.rule) == (False, "loops#for", "all-or-nothing")
    assert [choice.is_pinned for choice in item.choices] == [False, True]


def test_comments_give_id_and_tags_and_categories_stay():
    read = parse("$CATEGORY: a/b\n\n// [id:x\\]1] [tag:one]\n// [tag:two]\n::N::Q{T}\n\nR{F}\n")

    assert (read.items[0].external_id, read.items[0].tags) == ("x]1", ("one", "two"))
    assert [question.category for question in read.items] == ["a/b", "a/b"]
    assert [question.line for question in read.items] == [5, 7]


def test_the_header_is_read_from_the_top_of_the_file_only():
    read = parse("// Title: A: b\n// articles: x, y\n// title: second\n\nQ{T}\n\n// status: published\nR{T}\n")

    assert read.header == {"title": "A: b", "articles": "x, y"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Q{}", "essay"), ("Q{####only}", "essay"), ("Just words.", "description"),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_is_recognised_and_skipped(text, kind):
    read = parse(f"A{{T}}\n\n{text}\n\nB{{T}}")

    assert read.skipped == [Skipped(3, kind)]
    assert len(read.items) == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Q{\n=a\n~b", 3, "do not end with }"),
        ("Q =a ~b}", 3, "without a {"),
        ("Q\n{=a ~{b}}", 4, "second {"),
        ("f() {return}\n{=a ~b}", 4, "second {"),
        ("::name{T}", 3, "does not end with ::"),
        ("{T}", 3, "no text"),
        ("Q{=a\n~}", 4, "answer is empty"),
        ("Q{a ~b =c}", 3, "“a” comes before"),
        ("Q{~a}", 3, "at least two choices"),
        ("Q{=a\n~%150%b}", 4, "weight “150”"),
        ("Q\n\x07{T}", 4, "control character"),
        ("Q{#about 3}", 3, "not a number"),
        ("Q{#\n=3\n=3:-1}", 5, "negative"),
        ("Q{#5..1}", 3, "ends before it starts"),
        ("Q{#\n=1e999}", 4, "too large"),
        ("Q{#3 ~4}", 3, "every other number"),
        ("Q{=a -> 1\n=b}", 4, "not a pair"),
        ("Q{=a -> 1\n=b -> }", 4, "no right side"),
        ("Q{=a -> 1}", 3, "at least two pairs"),
        ("Q{=a\n=}", 4, "answer is empty"),
        ("// [kind:ordering]\nQ{=a -> 1 =b -> 3}", 4, "numbered"),
        ("Q{>4 ALL VERTCAL ABSOLUTE_POSITION\na\nb}", 3, "one item to order a line"),
        ("Q{>\na\nb}", 3, "one item to order a line"),
        ("Q{>5}", 3, "at least two items"),
        ("Q{>2 ALL\na}", 3, "at least two items"),
        ("Q{>2 ALL\na\n[html]\nb}", 5, "item to order is empty"),
        ("Q{=a\n~%33,3%b}", 4, "The weight %33,3% is not written like %50%"),
        ("Q{=%+50%a}", 3, "The weight %+50%"),
        ("Q{#=%1000%3}", 3, "The weight %1000%"),
        ("[HTML]Q{T}", 3, "[HTML] is none of the formats"),
        ("::n:: [plain_text] Q{T}", 3, "[plain_text] is none of the formats"),
        ("// [kind:order]\nQ{=a -> 1 =b -> 2}", 4, "it can be"),
        ("// [kind:ordering]\nQ{~a =b}", 4, "do not fit"),
        ("// [kind:cloze]\n[[1]] [[2]]{=a}", 4, "which blank"),
        ("// [matching:fuzzy]\nQ{=a}", 4, "it can be"),
    ],
)
def test_an_error_has_its_line_and_keeps_no_other_question_out(text, line, words):
    read = parse(f"A{{T}}\n\n{text}\n\nB{{F}}\n")

    assert [(error.line, words in error.message) for error in read.problems] == [(line, True)], read.problems
    assert [question.stem.source for question in read.items] == ["A", "B"]


def test_a_question_split_by_a_blank_line_is_one_problem():
    read = parse("Q{=a\n\n~b\n\n~c}\n\nB{F}\n")

    assert [error.line for error in read.problems] == [1]
    assert [question.stem.source for question in read.items] == ["B"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"one\ntwo \xff\n", "byte 0xff on line 2"),
        (b"x" * (MAX_BYTES + 1), "larger than 10 MB"),
        ("é{T}".encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, words):
    with pytest.raises(UnreadableFile, match=words):
        decode(data)


def test_a_byte_order_mark_and_windows_line_ends_make_no_difference():
    question = only(decode(b"\xef\xbb\xbf::N::Q{\r\n=a\r\n~b\r\n}\r\n"))

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
    started = time.process_time()
    for question in parse(text).items:
        question.stem.as_markdown()

    assert time.process_time() - started < 10


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

    from publishing.text import markdown

    html = markdown.render_fragment(escape_markdown(text))

    assert unescape(re.sub("</?p>", "", html)) == text
