import base64
import html
from dataclasses import replace

import pytest

from quizzes import formats
from quizzes.formats.items import Skipped, Text
from quizzes.formats.moodle import ordering, xml
from quizzes.kinds.grading.ordering import RULES

PNG = b"\x89PNG\r\n\x1a\n" + b"." * 20


def quiz(*questions):
    return "<?xml version='1.0' encoding='UTF-8'?>\n<quiz>\n{}\n</quiz>".format("\n".join(questions)).encode()


def write(items):
    return formats.write("xml", items).text


def question(kind, *parts, stem="<p>Q &amp; A</p>"):
    text = f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
    return f'<question type="{kind}"><name><text>N</text></name>{text}{"".join(parts)}</question>'


def answer(text, fraction="0", more="", attributes=""):
    return f'<answer fraction="{fraction}" {attributes}><text>{text}</text>{more}</answer>'


def only(kind, *parts, notes=(), **fields):
    read = xml.read(quiz(question(kind, *parts, **fields)))
    assert (read.problems, read.skipped) == ([], [])
    assert [note.message for note in read.notes] == list(notes)
    (item,) = read.items
    return item


def sources(item):
    return [choice.text.source for choice in item.choices]


def percents(item):
    return [float(choice.percent) for choice in item.choices]


AB = answer("a", "100") + answer("b")


def test_what_questions_have_in_common():
    item = only(
        "multichoice",
        AB,
        '<generalfeedback format="markdown"><text> because </text></generalfeedback>',
        "<idnumber>q-1</idnumber><tags><tag><text>loops</text></tag><tag><text> </text></tag></tags>",
        '<hint format="plain_text"><text>think</text><clearwrong/></hint><hint><text></text></hint>',
    )

    assert (item.name, item.stem, item.line) == ("N", Text("<p>Q &amp; A</p>", "html"), 3)
    assert (item.external_id, item.tags) == ("q-1", ("loops",))
    assert (item.explanation, item.hints) == (Text("because", "markdown"), (Text("think", "plain"),))


def test_choices_are_single_and_not_shuffled_unless_it_says_so():
    feedback = '<feedback format="moodle_auto_format"><text>well done</text></feedback>'
    item = only("multichoice", answer("<b>", "33.33333", feedback).replace("<b>", "&lt;b&gt;"), answer("b", "-50"))

    assert (item.kind, item.shuffle, percents(item)) == ("single", False, [33.33333, -50])
    assert item.choices[0].text == Text("<b>", "html")
    assert item.choices[0].feedback == Text("well done", "moodle")
    assert only("multichoice", AB, "<single>false</single><shuffleanswers>1</shuffleanswers>").kind == "multiple"
    assert only("multichoice", AB, "<shuffleanswers>true</shuffleanswers>").shuffle


def test_true_and_false_are_recognised_by_their_names_else_by_their_order():
    item = only("truefalse", answer("false", "100"), answer("true"))
    assert (sources(item), percents(item)) == (["True", "False"], [0, 100])

    note = "Its answers are not called true and false; the first was taken for true."
    assert percents(only("truefalse", answer("wahr", "100"), answer("falsch"), notes=[note])) == [100, 0]


def test_short_answers_are_plain_text_of_which_case_counts_or_not():
    item = only("shortanswer", answer("*a &lt; b*", "100"), answer("c", "50"), "<usecase>1</usecase>")

    assert (item.kind, item.matching, sources(item), percents(item)) == (
        "short_answer", "case", ["*a < b*", "c"], [100, 50],
    )  # fmt: skip
    assert only("shortanswer", AB, "<usecase>0</usecase>").matching == "plain"


@pytest.mark.parametrize(
    ("text", "attributes", "accepted"),
    [
        (
            "&lt;p&gt;&lt;strong&gt;Pa&lt;/strong&gt;ris &amp;amp; Rome&lt;br/&gt;&lt;/p&gt;",
            'format="html"',
            "Paris & Rome",
        ),
        ("&lt;p dir='ltr'&gt;Paris&lt;/p&gt;", "", "Paris"),
        ("a &amp;lt; b", 'format="html"', "a < b"),
        ("&lt;p&gt;List&amp;lt;String&amp;gt;&lt;/p&gt;", 'format="html"', "List<String>"),
    ],
)
def test_an_accepted_text_loses_the_markup_of_an_editor_with_a_note(text, attributes, accepted):
    notes = ["Its accepted answers were HTML; they are plain text now."]

    item = only("shortanswer", answer(text, "100", attributes=attributes) * 2, notes=notes)

    assert [choice.text for choice in item.choices] == [Text(accepted, "plain")] * 2


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("&lt;p&gt;", 'format="html"'), ("List&lt;String&gt;", 'format="html"'), ("a &lt; b", ""),
        ("&lt;b&gt;Paris&lt;/b&gt;", 'format="moodle_auto_format"'), ("&lt;b&gt;x&lt;/b&gt;", 'format="plain_text"'),
    ],
)  # fmt: skip
def test_a_tag_that_may_be_the_answer_stays(text, attributes):
    assert sources(only("shortanswer", answer(text, "100", attributes=attributes))) == [html.unescape(text)]


def test_numbers_and_blanks_lose_markup_too():
    notes = ["Its accepted answers were HTML; they are plain text now."]
    number = answer("&lt;p&gt;42&lt;/p&gt;", "100", attributes='format="html"')

    assert sources(only("numerical", number, notes=notes)) == ["42"]
    assert sources(only("cloze", stem="{1:SA:=<em>x</em>} {1:NM:=<b>7</b>:1}", notes=notes)) == ["x", "7"]
    assert sources(only("cloze", stem="{1:SA:=&lt;em&gt;#<em>no</em>}")) == ["<em>"]


def test_numbers_have_tolerances_and_lose_their_units():
    units = "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    numbers = answer("3.14", "100", "<tolerance>0.01</tolerance>") + answer("*")
    item = only("numerical", numbers, units, notes=["Its units were left out; answers are plain numbers."])

    assert [(choice.text.source, choice.tolerance) for choice in item.choices] == [("3.14", "0.01"), ("*", "")]


@pytest.mark.parametrize("kind", ["matching", "match"])
def test_pairs_may_have_an_empty_left_side(kind):
    pairs = "".join(
        f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'
        for left, right in [("a", "1"), ("b", "2"), ("", "3")]
    )
    item = only(kind, pairs, "<shuffleanswers>true</shuffleanswers>")

    assert [(choice.text.source, choice.pair) for choice in item.choices] == [("a", "1"), ("b", "2"), ("", "3")]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("ALL_OR_NOTHING", 0),
        ("ABSOLUTE_POSITION", 1),
        ("RELATIVE", 2),
        ("RELATIVE_ALL_PREVIOUS_AND_NEXT", 5),
        ("RELATIVE_TO_CORRECT", 8),
        ("-1", 0),
        ("7", 8),
    ],
)
@pytest.mark.parametrize("spelled", [("selecttype", "gradingtype"), ("selectType", "gradingType")])
def test_items_to_order_are_in_their_order(name, rule, spelled):
    select, grading = spelled
    item = only("ordering", AB, f"<{select}>ALL</{select}><{grading}>{name}</{grading}>")

    assert (item.kind, sources(item), item.rule) == ("ordering", ["a", "b"], list(RULES)[rule])


def test_what_an_ordering_loses_is_noted():
    graded = "<gradingtype>ABSOLUTE_POSITION</gradingtype>"
    for select in ("<selecttype>RANDOM</selecttype><selectcount>2</selectcount>", "<logical>1</logical>"):
        notes = [ordering.SHOWS_ALL]
        assert only("ordering", AB, answer("c"), graded, select, notes=notes).rule == "absolute-position"
    assert only("ordering", AB, graded, "<selecttype>CONTIGUOUS</selecttype><selectcount>2</selectcount>")
    assert only("ordering", AB, notes=[ordering.NO_GRADING_TYPE]).rule == "next-exclude-last"


def test_an_ordering_is_written_in_the_words_that_moodle_reads():
    written = write([only("ordering", AB, "<gradingtype>LONGEST_ORDERED_SUBSET</gradingtype>")])

    for name, value in (
        ("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "2"),
        ("gradingtype", "LONGEST_ORDERED_SUBSET"), ("showgrading", "SHOW"), ("numberingstyle", "none"),
    ):  # fmt: skip
        assert f"<{name}>{value}</{name}>" in written


@pytest.mark.parametrize("kind", ["cloze", "multianswer"])
def test_blanks_to_type_into_are_read_out_of_the_text(kind):
    item = only(kind, stem=r"<p>{1:SHORTANSWER_C:=a &lt; \} &#39;~%50%b#no&#39;w} or {:SAC:=c~*}</p>")

    assert (item.kind, item.stem.source, item.matching) == ("cloze", "<p>[[1]] or [[2]]</p>", "case")
    assert [(choice.blank, choice.text.source) for choice in item.choices] == [
        (1, "a < } '"), (1, "b"), (2, "c"), (2, "*"),
    ]  # fmt: skip
    assert percents(item) == [100, 50, 100, 0]
    assert item.choices[1].feedback == Text("no&#39;w", "html")


def test_what_blanks_lose_is_noted():
    notes = ["Its blanks counted differently; they count the same now."]

    assert sources(only("cloze", stem="{1:SAC:=a} {2:SAC:=b}", notes=notes)) == ["a", "b"]


def test_numeric_blanks_keep_their_tolerance_and_are_written_as_such():
    stem = "{1:NUMERICAL:=3.14:0.01~%50%3,1:0.1#near~*#no} {1:NM:=42} {1:SHORTANSWER_C:=Pi}"
    item = only("cloze", stem=stem)

    assert [(choice.blank, choice.text.source, choice.tolerance) for choice in item.choices] == [
        (1, "3.14", "0.01"), (1, "3,1", "0.1"), (1, "*", ""), (2, "42", "0"), (3, "Pi", ""),
    ]  # fmt: skip
    assert item.matching == "case"
    written = write([item])
    assert "{1:NUMERICAL:=3.14:0.01~%50%3.1:0.1#near~%0%*#no} {1:NUMERICAL:=42} {1:SHORTANSWER_C:=Pi}" in written
    assert "<stem" not in written


GAPS = [("cat", 1), ("on", 2), ("dog", 1), ("&lt;b&gt;under&lt;/b&gt;", 2)]


@pytest.mark.parametrize(
    ("kind", "element", "notes"),
    [
        ("gapselect", "selectoption", []),
        ("ddwtos", "dragbox", ["Its words were dragged into place; they are chosen from lists now."]),
    ],
)
def test_select_missing_words_and_drag_into_text_become_lists(kind, element, notes):
    options = "".join(f"<{element}><text>{text}</text><group>{group}</group></{element}>" for text, group in GAPS)
    item = only(kind, options, stem="The [[1]] sat [[4]] the [[3]], not a [[1]].", notes=notes)

    assert (item.kind, item.stem.source) == ("cloze", "The [[1]] sat [[2]] the [[3]], not a [[4]].")
    assert [(choice.blank, choice.text.source, int(choice.percent)) for choice in item.choices] == [
        (1, "cat", 100), (1, "dog", 0), (2, "on", 0), (2, "under", 100), (3, "cat", 0), (3, "dog", 100),
        (4, "cat", 100), (4, "dog", 0),
    ]  # fmt: skip
    assert all(choice.is_offered for choice in item.choices)


@pytest.mark.parametrize("kind", ["MULTICHOICE", "MC", "MULTICHOICE_V", "MCHS", "MULTICHOICE_S"])
@pytest.mark.parametrize("alternatives", ["=Italy#yes~France~%50%&lt;b&gt;", "~=Italy#yes~France~%50%<b>&lt;b&gt;</b>"])
def test_a_blank_with_a_list_is_read_and_written(kind, alternatives):
    notes = ["Its accepted answers were HTML; they are plain text now."] * ("<b>" in alternatives)
    item = only("cloze", stem=f"Rome: {{1:{kind}:{alternatives}}} or {{1:SA:=x}}", notes=notes)

    assert [(choice.blank, choice.text.source, choice.is_offered) for choice in item.choices] == [
        (1, "Italy", True), (1, "France", True), (1, "<b>", True), (2, "x", False),
    ]  # fmt: skip
    assert percents(item) == [100, 0, 50, 100]
    written = write([item])
    assert "Rome: {1:MULTICHOICE_S:=Italy#yes~%0%France~%50%&lt;b&gt;} or {1:SHORTANSWER:=x}" in written
    assert "<stem" not in written


def test_a_blank_of_a_text_is_written():
    item = replace(only("cloze", stem="{1:SA:=x}"), stem=Text("<p>[[1]]</p>", "html"))

    assert "<p>{1:SHORTANSWER:=x}</p>" in write([item])


def test_categories_lose_what_every_course_has():
    category = '<question type="category"><category><text>{}</text></category></question>'
    read = xml.read(
        quiz(
            category.format("$course$/top/a/b"),
            question("multichoice", AB),
            category.format("top"),
            question("multichoice", AB),
        )
    )

    assert [item.category for item in read.items] == ["a/b", "top"]


def test_other_kinds_are_skipped_by_their_name():
    kinds = ["description", "essay", "calculated", "calculatedmulti", "ddimageortext"]
    read = xml.read(quiz(*(question(kind) for kind in kinds), question("multichoice", AB)))

    assert read.skipped == [Skipped(line, kind) for line, kind in enumerate(kinds, 3)]
    assert len(read.items) == 1


def file(data, name="a.png"):
    return f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(data).decode()}</file>'


def test_images_of_all_texts_are_kept_once():
    text = f"<text>a</text>{file(PNG)}"
    item = only("multichoice", AB, f"<generalfeedback>{text}</generalfeedback><hint>{text}{file(PNG, 'b.png')}</hint>")
    assert item.images == (("a.png", PNG), ("b.png", PNG))

    old = f"<image>pictures/c.png</image><image_base64>{base64.b64encode(PNG).decode()}</image_base64>"
    item = only("multichoice", AB, old)
    assert item.images == (("c.png", PNG),)
    assert item.stem.source.endswith('<img src="@@PLUGINFILE@@/c.png" alt="">')


def test_a_file_that_is_no_image_is_left_out_with_a_note():
    notes = ["“a.svg” was left out; only PNG, JPEG, GIF and WebP images are taken."]

    assert only("multichoice", AB, f"<hint>{file(b'<svg>', 'a.svg')}</hint>", notes=notes).images == ()


MEGABYTE = PNG.ljust(1024 * 1024, b".")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (question("multichoice", answer("a", "100")), "at least two choices"),
        (question("multichoice", answer("a"), answer(" ")), "empty"),
        (question("multichoice", answer("a", "150"), answer("b")), "“150” is not a number between"),
        (question("multichoice", answer("a", "NaN"), answer("b")), "“NaN” is not a number between"),
        (question("multichoice", AB, stem=" "), "no text"),
        (question("truefalse", answer("true", "100")), "at least two choices"),
        (question("truefalse", AB + answer("c")), "not just the choices"),
        (question("shortanswer"), "at least one accepted answer"),
        (question("numerical", answer("about 3", "100")), "not a number"),
        (question("numerical", answer("3", "100", "<tolerance>-1</tolerance>")), "negative"),
        (question("matching", "<subquestion><text>a</text></subquestion>"), "no right side"),
        (question("ordering", answer("a")), "at least two items"),
        (question("ordering", AB, "<gradingtype>BEST</gradingtype>"), "grading type “BEST” is unknown"),
        (question("ordering", AB, "<selecttype>FEW</selecttype>"), "selection “FEW”"),
        (question("cloze"), "no blank"),
        (question("cloze", stem="{1:SA:=a"), "does not end"),
        (question("cloze", stem="{1:SA:=a} {1:MULTIRESPONSE:=a~b}"), "is not supported"),
        (question("cloze", stem="{1:MCX:=a~b}"), "is not supported"),
        (question("gapselect", "<selectoption><text>a</text></selectoption>", stem="[[2]]"), "1 texts to choose from"),
        (question("gapselect", "<selectoption><text>a</text></selectoption>", stem="none"), "no blank"),
        (question("gapselect", "<selectoption><text> </text></selectoption>", stem="[[1]]"), "is empty"),
        (question("cloze", stem="{1:SA:=a~}"), "empty"),
        (question("cloze", stem="{1:SA:=a} {3:NUMERICAL:=zero}"), "“zero” is not a number"),
        (question("cloze", stem="{1:NM:=3:-1}"), "negative"),
        (question("cloze", stem="{1:SA:%200%a}"), "weight “200”"),
        (question("multichoice", AB, file(PNG), file(PNG + b".")), "two different images"),
        (question("multichoice", AB, file(MEGABYTE + b".")), "larger than 1 MB"),
        (question("multichoice", AB, *(file(PNG, f"{n}.png") for n in range(21))), "20 is the most"),
        (question("multichoice", AB, *(file(MEGABYTE, f"{n}.png") for n in range(6))), "5 MB together"),
        (question("multichoice", AB, file(PNG).replace("iVBO", "?")), "base64"),
        (question("multichoice", AB, file(PNG, "../a.png")), "no valid file name"),
        (question("multichoice", AB, "<publishing><rule>best</rule></publishing>"), "“rule” is “best”"),
    ],
)  # fmt: skip
def test_a_problem_has_its_line_and_keeps_no_other_question_out(wrong, words):
    read = xml.read(quiz(question("multichoice", AB), wrong, question("multichoice", AB)))

    assert [(problem.line, words in problem.message) for problem in read.problems] == [(4, True)], read.problems
    assert [item.line for item in read.items] == [3, 5]


def test_an_output_is_a_short_answer_of_moodle_with_more_elements():
    output = question(
        "shortanswer",
        answer("1\n", "100", attributes='recorded="true"'),
        "<publishing><kind>output</kind><program> print(1)\n</program><interpreter>CPython</interpreter></publishing>",
    )
    (item,) = xml.read(quiz(output)).items

    assert (item.kind, item.program, item.recorded_output, item.choices) == ("output", " print(1)\n", "1\n", ())
    assert (item.matching, item.interpreter) == ("lines", "CPython")
