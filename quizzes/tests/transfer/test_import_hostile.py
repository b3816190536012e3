"""Hostile files: a clear message, no script that runs, nothing stored that is not valid."""

import base64
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.urls import reverse
from PIL import Image as Picture

from articles.models import Image
from publishing.tests.factories import make_user
from quizzes.models import BankCategory, Question, QuestionTag, Quiz
from quizzes.tests.factories import paper_data
from quizzes.tests.imported import everything, imported
from quizzes.transfer import importer

pytestmark = pytest.mark.django_db
NOTHING = "no questions to import"

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>"
CDATA = f"<![CDATA[{SCRIPT}]]>"
TEXT = f"<text>{CDATA}</text>"
HOSTILE = f"""<?xml version="1.0"?>
<quiz>
<publishing><title>{CDATA}</title><slug>hostile</slug><summary>{CDATA}</summary><status>published</status></publishing>
<question type="category"><category>{TEXT}</category></question>
<question type="multichoice"><name>{TEXT}</name><questiontext format="html">{TEXT}</questiontext>
<generalfeedback format="html">{TEXT}</generalfeedback><idnumber>{CDATA}</idnumber><single>true</single>
<answer fraction="100" format="html"><text><![CDATA[Right {SCRIPT}]]></text>
<feedback format="html">{TEXT}</feedback></answer>
<answer fraction="0" format="html"><text><![CDATA[Wrong {SCRIPT}]]></text>
<feedback format="html">{TEXT}</feedback></answer>
<hint format="html">{TEXT}</hint><tags><tag>{TEXT}</tag></tags>
<publishing><read_again>{CDATA}</read_again></publishing></question>
<question type="matching"><questiontext format="html">{TEXT}</questiontext>
<subquestion format="html"><text><![CDATA[One {SCRIPT}]]></text><answer>{TEXT}</answer></subquestion>
<subquestion format="html"><text><![CDATA[Two {SCRIPT}]]></text><answer><text>2</text></answer></subquestion></question>
</quiz>
"""


@pytest.fixture
def run(tmp_path):
    return lambda text, *options: imported(tmp_path / "file", text, *options)


class LiveParts(HTMLParser):
    """What a browser would run: attributes that handle events, addresses that are programs, scripts with our text."""

    def __init__(self, page):
        super().__init__()
        self.found, self.tag = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tag = "" if ("type", "application/ld+json") in attributes else tag
        for name, value in attributes:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append((tag, name, value))

    def handle_data(self, data):
        if self.tag == "script" and "alert(1)" in data:
            self.found.append(("script", data))


def test_a_script_in_any_field_runs_nowhere(run, client, post_from_site):
    out, errors = run(HOSTILE)
    quiz = Quiz.objects.get(slug="hostile")
    assert quiz.is_published and "2 new" in out and errors == ""
    result = post_from_site("/quizzes/hostile/", paper_data(quiz, "Right", confirm="yes"))
    readers = ["/quizzes/hostile/", result["location"], "/quizzes/"]
    pages = [client.get(address).content.decode() for address in readers]
    client.force_login(make_user("owner"))
    admin_pages = [
        *[reverse(f"admin:quizzes_{name}_changelist") for name in ("quiz", "question", "bankcategory", "questiontag")],
        *[reverse("admin:quizzes_question_change", args=[question.pk]) for question in Question.objects.all()],
        *[reverse(f"admin:quizzes_quiz_{name}", args=[quiz.pk]) for name in ("change", "preview")],
    ]
    pages += [client.get(address).content.decode() for address in admin_pages]

    for page in pages:
        assert "alert(1)" in page or "Hostile" in page or "quiz" in page
        assert LiveParts(page).found == []
    assert BankCategory.objects.filter(path__contains="script").exists()


def test_invalid_tags_and_categories_are_reported_and_the_question_is_imported(run):
    long = "x" * 201
    out, _ = run(f"$CATEGORY: {long}\n\n// [tag:{'y' * 61}] [tag:a\u202eb] [tag:fine]\nA{{T}}\n")

    notes = [line for line in out.splitlines() if line.startswith("Line 4: ")]
    for note, name in zip(notes, ("“File”", f"“{'y' * 60}”", "“a\u202eb”"), strict=True):
        assert name in note
    assert [tag.name for tag in QuestionTag.objects.all()] == ["fine"]
    assert [category.path for category in BankCategory.objects.all()] == ["File"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "declares a document type"),
        ('<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><quiz>&b;</quiz>', "declares a document type"),
        ('<?xml version="1.0" encoding="UTF-7"?><quiz/>', "the encoding UTF-7"),
        ("<quiz><question></quiz>", "not well-formed"),
        (b"<quiz>\xff</quiz>", "not UTF-8"),
        ('{"format": "other"}', "without “format”"),
        ('{"format": ' + "[" * 100_000, "nested too deeply|not JSON"),
        ("{" * 100_000 + "}" * 100_000, NOTHING),
        ("Q{" + "~{" * 100_000 + "}", NOTHING),
        ("A" * (10 * 1024 * 1024 - 10), NOTHING),
        ("=" * 5_000_000, NOTHING),
        ("A{T}\n\n" * 50_000, "The limit is|no questions to import"),
        (b"Q{T}\x00\n\nA{=\x1b[31m ~b}", NOTHING),
    ],
)
def test_a_hostile_file_is_refused_with_a_reason_and_stores_nothing(run, text, words):
    with pytest.raises(CommandError, match=words):
        run(text)

    assert not Quiz.objects.exists() and not BankCategory.objects.exists()


@pytest.mark.parametrize("mark", ["~wrong\n", "=right\n"])
def test_ten_thousand_answers_cost_one_question(run, mark):
    _, errors = run("A{T}\n\nB{=right\n" + mark * 10_000 + "}\n")

    assert "line 3: " in errors and "10001 choices" in errors
    assert Question.objects.count() == 1


def png(colour):
    buffer = BytesIO()
    Picture.new("RGB", (3, 2), colour).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def with_picture(data, name="a b.png", fraction="100"):
    return f"""<quiz><question type="truefalse"><name><text>P</text></name><questiontext format="html">
<text><![CDATA[<p><img src="@@PLUGINFILE@@/{name.replace(" ", "%20")}" alt="A flag"></p>]]></text>
<file name="{name}" encoding="base64">{data}</file></questiontext>
<answer fraction="{fraction}"><text>true</text></answer>
<answer fraction="0"><text>false</text></answer></question></quiz>"""


def files():
    return sorted(default_storage.listdir("")[1]) if default_storage.exists("") else []


def test_an_embedded_picture_is_stored_once_and_shown(run, client):
    before = files()
    run(with_picture(png("red")), "--status=published")

    image = Image.objects.get()
    assert (
        f'<img src="{image.file.url}" alt="A flag" width="3" height="2"'
        in client.get("/quizzes/file/").content.decode()
    )
    assert "1 unchanged" in run(with_picture(png("red")))[0]
    assert files() == sorted([*before, image.file.name])


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (with_picture(png("blue")), ["--dry-run"], "Dry run"),
        (with_picture(png("blue"), fraction="50"), [], "One of its choices has to be worth the whole point"),
        (with_picture(base64.b64encode(b"GIF89a<script>").decode()), [], "Upload a valid JPEG, PNG"),
        (with_picture(base64.b64encode(b"<svg onload='alert(1)'/>").decode(), "x.svg"), ["--dry-run"], "was left out"),
        (with_picture("!!!"), [], "not valid base64"),
        (with_picture(png("blue"), "../../x.png"), [], "no name that a file can have"),
        (with_picture(png("blue")), ["--title=" + "x" * 300], "at most 200"),
    ],
)
def test_no_picture_stays_on_the_disk_when_nothing_is_stored(run, tmp_path, capsys, text, options, words):
    before = (everything(), files())

    try:
        output = "".join(run(text, *options))
    except CommandError as error:
        output = str(error)

    assert words in output or NOTHING in output
    assert (everything(), files()) == before


def test_an_import_that_breaks_off_leaves_nothing(run, monkeypatch):
    before = (everything(), files())

    def breaks(*args):
        raise RuntimeError("The power is gone")

    monkeypatch.setattr(importer, "_set_status", breaks)
    with pytest.raises(RuntimeError):
        run(with_picture(png("green")))

    assert (everything(), files()) == before
