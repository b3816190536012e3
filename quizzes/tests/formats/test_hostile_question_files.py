"""Files made to do harm: they are refused with a sentence, or read in time, and nothing in them is followed."""

import socket
import time

import pytest

from quizzes import formats
from quizzes.formats.items import MAX_BYTES

QUESTION = (
    '<question type="multichoice"><questiontext><text>Q{}</text></questiontext>'
    '<answer fraction="100"><text>a</text></answer><answer><text>b</text></answer></question>'
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.fixture(autouse=True)
def _no_connection(monkeypatch):
    def refuse(*args):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    ("start", "inside"),
    [
        ('<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE quiz [<!ENTITY x SYSTEM "http://example.com/">]>', "&x;"),
        ('<!DOCTYPE quiz [<!ENTITY % x SYSTEM "http://example.com/x.dtd"> %x;]>', ""),
        ('<!DOCTYPE quiz SYSTEM "http://example.com/x.dtd">', ""),
        (f'<!DOCTYPE quiz [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"),
        (f'<!DOCTYPE quiz [<!ENTITY x "{"x" * 100_000}">]>', "&x;" * 10_000),
        ("<!DOCTYPE quiz>", ""),
    ],
)
def test_document_types_and_entities_are_refused(start, inside):
    for declaration in ('<?xml version="1.0"?>', ""):
        with pytest.raises(formats.UnreadableFile, match="document type or entities"):
            formats.read(f"{declaration}{start}<quiz>{QUESTION.format(inside)}</quiz>".encode())


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "iso-8859-1", "rot13", "utf-32", "x" * 40])
def test_only_utf_8_and_utf_16_are_read(encoding):
    data = f'<?xml version="1.0" encoding="{encoding}"?><quiz>{QUESTION.format("")}</quiz>'.encode()

    with pytest.raises(formats.UnreadableFile, match="Only UTF-8 and UTF-16"):
        formats.read(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_utf_8_and_utf_16_are_read_with_and_without_a_mark(encoding):
    text = f'<?xml version="1.0" encoding="{encoding[:6].rstrip("-")}"?><quiz>{QUESTION.format("é")}</quiz>'

    assert formats.read(text.encode(encoding)).items[0].stem.source == "Qé"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<quiz>" + "<a>" * 100_000, "too many elements"),
        ("<quiz><question>" + "<a/>" * 200_000, "too many elements"),
        ("<quiz><question></quiz>", "not well-formed XML: mismatched tag on line 1"),
        ("<quiz>\n&nbsp;</quiz>", "not well-formed XML: undefined entity on line 2"),
        ("<quiz>\n\x07</quiz>", "not well-formed XML"),
        ("<?xml version='1.0'?><questestinterop/>", "starts with <questestinterop>"),
        ("<quiz>" + "x" * MAX_BYTES, "larger than 10 MB"),
        ("{T}" + "x" * MAX_BYTES, "larger than 10 MB"),
        ('{"' + "x" * MAX_BYTES, "larger than 10 MB"),
    ],
)
def test_what_cannot_be_a_quiz_is_refused(data, words):
    with pytest.raises(formats.UnreadableFile, match=words):
        formats.read(data.encode())


SCRIPT = "<script>alert(1)</script>"


def test_a_script_in_every_field_stays_the_text_that_it_is():
    text = f"<text><![CDATA[{SCRIPT}]]></text>"
    data = f"""<quiz><question type="category"><category>{text}</category></question>
        <question type="multichoice"><name>{text}</name><questiontext format="html">{text}</questiontext>
        <generalfeedback>{text}</generalfeedback><idnumber><![CDATA[{SCRIPT}]]></idnumber><tags><tag>{text}</tag></tags>
        <hint>{text}</hint><answer fraction="100">{text}<feedback>{text}</feedback></answer><answer>{text}</answer>
        </question></quiz>"""
    read = formats.read(data.encode())

    (item,) = read.items
    texts = [item.stem, item.explanation, item.hints[0], item.choices[0].text, item.choices[0].feedback]
    assert {text.source for text in texts} == {SCRIPT}
    assert {item.name, item.category, item.external_id, *item.tags} == {SCRIPT}


def xml(kind, *parts, stem="Q"):
    text = f"<questiontext><text>{stem}</text></questiontext>"
    return f'<quiz><question type="{kind}">{text}{"".join(parts)}</question></quiz>'


ANSWER = "<answer><text>a</text><feedback><text>b</text></feedback></answer>"


@pytest.mark.parametrize(
    "text",
    [
        xml("multichoice", ANSWER * 10_000),
        xml("multichoice", ANSWER * 2, stem="x" * 9_000_000),
        xml("cloze", stem="{1:SA:=a}" * 50_000),
        xml("cloze", stem="{1:SA:" * 300_000),
        xml("cloze", stem="{1:SA:=" + "~=a" * 300_000 + "}"),
        xml("cloze", stem="{1:" * 300_000),
        xml("cloze", stem="{1:NM:=" + "~=7:1" * 100_000 + "}"),
        xml("cloze", stem="{1:MC:=" + "~a" * 100_000 + "}"),
        xml("gapselect", "<selectoption><text>a</text></selectoption>" * 20_000, stem="[[1]]" * 100_000),
        xml("gapselect", *(f"<dragbox><text>{n}</text></dragbox>" for n in range(20_000)), stem="[[1]]" * 100_000),
        xml("shortanswer", f"<answer format='html'><text>{'&lt;p ' * 500_000}</text></answer>"),
        "Q{>2 ALL\n" + "a\n" * 100_000 + "}",
        "Q{>2" + " ALL" * 500_000 + "}",
        "<quiz>" + "<question/>" * 100_000 + "</quiz>",
        '{"format": "publishing-quiz", "version": 1, "questions": [' + "{}," * 200_000 + "{}]}",
        "Q\n" + "A. a\n" * 500_000 + "ANSWER: A",
        "A. a\nANSWER: A\n" * 200_000,
        "Q{#" + "=1:" * 50_000 + "}",
        "Q{" + "=a->b" * 50_000 + "}",
        "Q{=" + "->" * 500_000 + "}",
        "// " + "[hint:\\]" * 200_000 + "\nQ{T}",
        "// " + "[hint:x] " * 200_000 + "\nQ{T}",
        "//>" * 500_000 + "\nQ{T}",
        "// [kind:ordering]\nQ{" + "".join(f"=i -> {n}" for n in range(1, 20_001)) + "}",
        "{" * 5_000_000,
    ],
    ids=range(25),
)  # fmt: skip
def test_reading_takes_time_in_proportion_to_the_length(text):
    started = time.process_time()
    for item in formats.read(text.encode()).items:
        formats.normal(item)

    assert time.process_time() - started < 10
