"""Importing in the admin: a preview first, and errors beside the field."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from publishing.tests.factories import make_user
from quizzes.admin.import_page import CHANGED, CHOOSE, EXPIRED
from quizzes.models import Question, Quiz
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
IMPORT = "/admin/quizzes/quiz/import/"
GIFT = "::One::What loops?{=for ~if}\n\n::Two::Broken{=x ~y\n\n::Three::And this?{TRUE}\n"


@pytest.fixture(autouse=True)
def editor(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    user = make_user("editor")
    client.force_login(user)
    return user


def upload(client, data, name="loops.gift", **fields):
    data = data if isinstance(data, bytes) else data.encode()
    response = client.post(IMPORT, {"file": SimpleUploadedFile(name, data), **fields})
    return response, html.unescape(response.content.decode())


def confirm(client, page):
    token = re.search(r'name="upload" value="([^"]+)"', page)
    return client.post(IMPORT, {"upload": token[1]}, follow=True)


def test_a_file_is_previewed_and_then_imported(client):
    _, page = upload(client, GIFT)

    assert not Quiz.objects.exists() and not Question.objects.exists()
    for words in ("2 new", "Line 1: new", "for</span> <strong>✓ right", "Line 3: error"):
        assert words in " ".join(page.split())

    after = html.unescape(confirm(client, page).content.decode())

    assert [question.name for question in Quiz.objects.get(slug="loops").questions_in_order()] == ["One", "Three"]
    assert "Questions: 2 new" in after


def test_pasted_text_goes_into_an_existing_quiz_and_keeps_its_fields(client):
    quiz = make_quiz(title="Mine", questions=1)
    response = client.post(IMPORT, {"text": "// title: Theirs\n// status: archived\n" + GIFT, "quiz": quiz.pk})

    confirm(client, response.content.decode())

    quiz.refresh_from_db()
    assert (quiz.title, quiz.status, quiz.questions.count()) == ("Mine", "published", 3)


def test_a_new_quiz_takes_the_title_that_is_given(client):
    _, page = upload(client, GIFT, title="Loops and more")

    confirm(client, page)

    assert Quiz.objects.get().slug == "loops-and-more"


def test_the_same_upload_again_changes_nothing(client):
    confirm(client, upload(client, GIFT)[1])

    _, page = upload(client, GIFT)

    assert "0 new, 0 shared, 0 changed, 2 unchanged" in page


def test_the_preview_shows_both_texts_and_the_quizzes_that_share_a_question(client):
    quiz = make_quiz(title="Loops", questions=0, published=False)
    confirm(client, upload(client, GIFT, quiz=quiz.pk)[1])

    _, page = upload(client, GIFT, title="A copy")
    assert "0 new, 2 shared, 0 changed" in page and "new quiz “A copy”" in page
    assert page.count("“Loops”") == 2

    _, page = upload(client, GIFT.replace("What loops", "What repeats"), quiz=quiz.pk)
    assert "0 new, 0 shared, 1 changed, 1 unchanged" in page and "existing quiz “Loops”" in page
    assert "<del>What loops?</del>" in page and "<ins>What repeats?</ins>" in page


def test_a_file_in_utf_16_is_imported(client):
    _, page = upload(client, f"\ufeff{GIFT}".encode("utf-16-le"), title="Loops")

    confirm(client, page)

    assert Quiz.objects.get(title="Loops").questions.count() == 2


def test_if_the_import_would_do_something_else_by_now_it_is_previewed_again(client):
    _, first = upload(client, GIFT, title="Loops")
    confirm(client, upload(client, GIFT, title="Other")[1])

    page = html.unescape(confirm(client, first).content.decode())

    assert str(CHANGED) in page and "0 new, 2 shared" in page
    assert not Quiz.objects.filter(title="Loops").exists()
    confirm(client, page)
    assert Quiz.objects.get(title="Loops").questions.count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xffQ", "not UTF-8"),
        (b"\xff\xfeQ", "not UTF-16"),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
            "document type",
        ),
        (b"<quiz><question", "XML"),
        (b"// difficulty: hard\nA{T}", "“hard”"),
        (b"A{T}" + b" " * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
    ids=["encoding", "utf-16", "doctype", "torn", "header", "size"],
)
def test_a_bad_file_is_refused_beside_the_field(client, data, words):
    response, page = upload(client, data, title="Kept")

    assert response.status_code == 422
    assert words.lower() in page.lower()
    assert 'value="Kept"' in page
    assert not Quiz.objects.exists()


def test_a_file_without_valid_questions_cannot_be_imported(client):
    _, page = upload(client, "Only words.\n\nQ{")

    assert 'name="upload"' not in page


@pytest.mark.parametrize("data", [{}, {"text": "   "}])
def test_a_file_or_text_is_required(client, data):
    response = client.post(IMPORT, data)

    assert response.status_code == 422
    assert str(CHOOSE) in response.content.decode()


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "a:b:c"])
def test_a_forged_upload_is_refused(client, token):
    response = client.post(IMPORT, {"upload": token}, follow=True)

    assert str(EXPIRED) in response.content.decode()
    assert not Quiz.objects.exists()


def test_a_script_in_a_file_does_not_run_in_the_preview(client):
    _, _ = upload(client, GIFT)
    response, _ = upload(client, '[html]<script>alert\\("x"\\)</script>Bold{=<img src\\=x onerror\\=y> ~b}')

    page = response.content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page


def test_publishing_by_a_file_needs_the_permission(client, editor):
    group = editor.groups.get()
    group.permissions.remove(group.permissions.get(codename="publish_quiz"))

    confirm(client, upload(client, "// status: published\n" + GIFT)[1])

    assert Quiz.objects.get().status == "draft"


@pytest.mark.parametrize(("name", "start"), [("gift", "// title"), ("xml", "<?xml"), ("json", "{"), ("aiken", "")])
def test_a_quiz_is_exported_as_a_file(client, name, start):
    quiz = make_quiz(kinds=["single"])

    response = client.get(reverse("admin:quizzes_quiz_export", args=[quiz.pk]), {"format": name})

    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{quiz.slug}.')
    assert response.content.decode().startswith(start)


def test_the_form_of_a_quiz_links_statistics_and_export(client):
    quiz = make_quiz()

    page = client.get(reverse("admin:quizzes_quiz_change", args=[quiz.pk])).content.decode()
    listed = client.get(reverse("admin:quizzes_quiz_changelist")).content.decode()

    assert f"/admin/quizzes/quiz/{quiz.pk}/statistics/" in page
    assert f"/admin/quizzes/quiz/{quiz.pk}/export/" in page
    assert IMPORT in listed
