"""What is written and read again is the same question, whatever stands in it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes import formats
from quizzes.formats.items import Item, ItemChoice, Text, normal
from quizzes.kinds import RULES
from quizzes.tests.item_strategies import any_items

# Questions are large, and a slow one is not wrong.
ARBITRARY = settings(max_examples=40, suppress_health_check=list(HealthCheck))
HEADER = {"title": "A: b", "slug": "a-b", "status": "draft", "draw_count": "3"}


def again(file_format, questions):
    written = formats.write(file_format, questions, header=HEADER)
    read = formats.read(written.text.encode(), f"quiz{formats.FORMATS[file_format]}")
    assert (read.problems, read.notes, read.skipped) == ([], [], [])
    assert read.header == HEADER
    return written, [normal(item) for item in read.items]


@pytest.mark.parametrize("kind", RULES)
@ARBITRARY
@given(data=st.data())
def test_every_format_gives_back_what_was_written(kind, data):
    questions = [normal(item) for item in data.draw(st.tuples(any_items(kind), any_items(kind)))]

    assert again("xml", questions)[1] == questions
    assert again("json", questions)[1] == questions
    without_images = [replace(item, images=()) for item in questions]
    assert again("gift", without_images)[1] == without_images


@ARBITRARY
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    for start in ("", "<quiz>", '{"', "Q{", "::", "// [hint:", "a\nA. b\nANSWER: "):
        try:
            formats.read((start + text).encode())
        except formats.UnreadableFile as error:
            assert str(error).endswith(".")


def single(**fields):
    choices = (ItemChoice(0, Text("a", "plain"), Decimal(100)), ItemChoice(0, Text("b", "plain")))
    return Item(**{"line": 0, "kind": "single", "name": "", "stem": Text("Q", "plain"), "choices": choices} | fields)


@pytest.mark.parametrize("file_format", ["gift", "xml", "json"])
def test_characters_that_no_file_can_hold_are_dropped_and_line_ends_are_made_one(file_format):
    stem = Text(" a\x00\x0bb\ud800\r\nc\rd\ufffe ", "markdown")

    assert again(file_format, [single(stem=stem)])[1][0].stem.source == "ab\nc\nd"


@pytest.mark.parametrize("file_format", ["gift", "xml", "json"])
def test_incomplete_questions_are_left_out_and_listed(file_format):
    lone = replace(single(), choices=single().choices[:1])
    written, read = again(file_format, [single(), lone, single(stem=Text(" ", "html"))])

    assert len(read) == 1
    assert [problem.line for problem in written.left_out] == [2, 3]


def test_images_left_out_of_gift_are_listed():
    written, read = again("gift", [single(images=(("a.png", b"\x89PNG\r\n\x1a\n"),))])

    assert read == [normal(single())]
    assert [(problem.line, "images" in problem.message) for problem in written.left_out] == [(1, True)]


def test_questions_keep_their_categories_in_their_order():
    questions = [normal(single(category=name)) for name in ("a/b", "", "$course$/top", "top", "a/", "a/b")]

    for file_format in ("gift", "xml", "json"):
        assert again(file_format, questions)[1] == questions


@pytest.mark.parametrize(
    ("data", "name", "file_format"),
    [
        (b"Q{T}", "", "gift"),
        (b"\xef\xbb\xbf{ =Asia } is large.", "", "gift"),
        (b"", "", "gift"),
        (b'\n <?xml version="1.0"?><quiz/>', "questions.txt", "xml"),
        ("\ufeff<quiz></quiz>".encode("utf-16-le"), "", "xml"),
        (b'\xef\xbb\xbf{\n "format": 1}', "", "json"),
        ('\ufeff{"format": 1}'.encode("utf-16-be"), "", "json"),
        ("\ufeffQ{T}".encode("utf-16-le"), "", "gift"),
        ("\ufeffQ\nA. a\nB. b\nANSWER: A".encode("utf-16-le"), "", "aiken"),
        (b"Q\nA. a\nB. b\nanswer: a", "", "aiken"),
        (b"Q\nA. a\nB. b\nANSWER: A", "", "aiken"),
        (b"Q\rA) a\rB) b\r\rANSWER: A", "", "aiken"),
        (b"Q\nA. a\nANSWER: A{T}", "quiz.gift", "gift"),
    ],
)
def test_the_content_says_what_a_file_is(data, name, file_format):
    assert formats.detect(data, name) == file_format


def test_numbers_are_written_as_every_program_reads_them():
    choice = ItemChoice(0, Text("3,5×10^8", "plain"), Decimal(100), tolerance="0,5")
    item = single(kind="numeric", choices=(choice,))

    assert "=3.5e8:0.5" in formats.write("gift", [item]).text
    assert [(found.text.source, found.tolerance) for found in again("xml", [item])[1][0].choices] == [("3.5e8", "0.5")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
@pytest.mark.parametrize("file_format", ["gift", "aiken", "xml", "json"])
def test_every_format_is_read_in_every_encoding_that_has_a_byte_order_mark(file_format, encoding):
    text = formats.write(file_format, [single(stem=Text("Größe 😀?", "plain"))]).text
    data = f"\ufeff{text}".replace('encoding="UTF-8"', 'encoding="UTF-16"' if "16" in encoding else 'encoding="UTF-8"')

    (item,) = formats.read(data.encode(encoding)).items

    assert item.stem.source == "Größe 😀?"


@pytest.mark.parametrize("data", [b"\xff\xfeQ", b"\xff\xfe\x00\xd8Q\x00", b"Q\xff"])
def test_bytes_in_no_encoding_are_refused_with_a_sentence(data):
    with pytest.raises(formats.UnreadableFile, match="Save it again as UTF-8"):
        formats.read(data)
