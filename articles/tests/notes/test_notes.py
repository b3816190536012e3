"""Notes on paragraphs of what is worked on: written, answered, resolved, gone when the article is published."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import ParagraphNote
from articles.notes import writing
from articles.versions import saving, steps
from publishing.tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
BODY = "One paragraph.\n\nAnother paragraph.\n\nA third one."


@pytest.fixture
def author():
    return make_user("author")


@pytest.fixture
def article(author):
    article = make_article(status="draft", published_at=None, body=BODY, authors=[make_author(user=author)])
    saving.record(article)
    return article


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def write(client, article, text="Which one?", words="Another", **changed):
    now = saving.shown(article)
    sent = {"text": text, "start": now.fields["body"].find(words), "token": now.digest} | changed
    return client.post(reverse("admin:articles_article_notes", args=[article.pk]), sent)


def act(client, article, key, action, **typed):
    return client.post(reverse("admin:articles_article_note", args=[article.pk, key]), {"action": action} | typed)


def beat(client, article, digest=""):
    sent = {"tab": "one", "notes": digest}
    return client.post(reverse("admin:articles_article_presence", args=[article.pk]), sent).json()


def autosave(article, by, **typed):
    now = saving.current(article)
    return saving.save_working(now, now.fields | typed, by=by, token=now.digest)


def test_the_other_side_sees_a_note_with_its_paragraph_answers_and_resolves_it(article, author):
    editor, writer = client_of(make_user("editor")), client_of(author)

    write(editor, article)
    seen = beat(writer, article)
    note = seen["notes"][0]
    assert (note["text"], note["words"], BODY[note["start"] :][:7]) == ("Which one?", "Another paragraph.", "Another")

    act(writer, article, note["key"], "answer", text="The first.")
    assert [answer["text"] for answer in beat(editor, article)["notes"][0]["answers"]] == ["The first."]
    assert act(writer, article, note["key"], "resolve").json()["notes"][0]["resolved"] == author.username
    assert act(editor, article, note["key"], "open").json()["notes"][0]["resolved"] == ""


def test_a_page_that_shows_the_notes_does_not_get_them_again(article, author):
    client = client_of(author)
    write(client, article)

    first = beat(client, article)
    assert "notes" not in beat(client, article, first["digest"])
    autosave(article, author, body=f"Before.\n\n{BODY}")
    assert beat(client, article, first["digest"])["notes"][0]["start"] == BODY.find("Another") + len("Before.\n\n")


@pytest.mark.parametrize("way", ["discard", "restore"])
def test_a_note_finds_its_paragraph_in_another_version(author, way):
    article = make_article(body=BODY, authors=[make_author(user=author)])
    first = saving.record(article)
    autosave(article, author, body=f"Before.\n\n{BODY}")
    client = client_of(author)
    write(client, article)

    steps.discard(article, by=author) if way == "discard" else steps.restore(first, by=author)

    assert beat(client, article)["notes"][0]["start"] == BODY.find("Another")


def test_a_paragraph_that_is_gone_is_said(article, author):
    client = client_of(author)
    write(client, article)
    autosave(article, author, body="One paragraph.\n\nA third one.")

    note = beat(client, article)["notes"][0]

    assert (note["start"], note["words"]) == (None, "Another paragraph.")


def test_notes_are_gone_when_the_article_is_published(article, author):
    write(client_of(author), article)
    category = make_article().category_id
    autosave(article, author, category=category)

    steps.publish(article, by=make_user("editor"))

    assert not ParagraphNote.objects.exists()
    assert saving.shown(article).anchors is None


def test_readers_never_see_a_note(client, author):
    article = make_article(body=BODY, authors=[make_author(user=author)])
    saving.record(article)
    write(client_of(author), article, "Zeppelin?")

    pages = [article.get_absolute_url(), article.get_preview_url(), "/", "/rss.xml", "/feed.json", "/llms.txt"]
    for page in pages:
        assert "Zeppelin" not in client.get(page).content.decode(), page


def test_authors_write_on_their_own_articles_and_delete_their_own_notes(article, author):
    editor, writer, other = client_of(make_user("editor")), client_of(author), client_of(make_user("author"))
    of_editor = write(editor, article).json()["notes"][0]
    write(writer, article, "Mine.", words="A third")

    assert write(other, article).status_code == 404
    assert act(other, article, of_editor["key"], "resolve").status_code == 404
    assert write(client_of(make_user("moderator")), article).status_code == 403
    assert act(writer, article, of_editor["key"], "remove").status_code == 403
    removable = {note["text"]: note["removable"] for note in beat(writer, article)["notes"]}
    assert removable == {"Which one?": False, "Mine.": True}
    assert len(act(editor, article, of_editor["key"], "remove").json()["notes"]) == 1
    assert len(saving.shown(article).anchors) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"text": ""},
        {"text": "x" * 100_000},
        {"text": "a\x00b"},
        {"start": -1},
        {"start": "x"},
        {"start": 10**9},
        {"token": "x" * 17},
    ],
)
def test_what_is_no_note_is_refused(article, author, changed):
    response = write(client_of(author), article, **changed)

    assert (response.status_code, bool(response.json()["errors"])) == (400, True)
    assert not ParagraphNote.objects.exists()


def test_a_note_on_a_text_that_is_not_the_stored_one_is_refused(article, author):
    assert write(client_of(author), article, token="0123456789abcdef").status_code == 409


def test_html_in_a_note_stays_text(article, author):
    response = write(client_of(author), article, "<script>alert(1)</script>")

    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["notes"][0]["text"] == "<script>alert(1)</script>"


def test_notes_and_answers_have_a_limit(article, author, monkeypatch):
    monkeypatch.setattr(writing, "MOST_NOTES", 3)
    client = client_of(author)
    key = [write(client, article) for _ in range(2)][0].json()["notes"][0]["key"]

    assert act(client, article, key, "answer", text="").status_code == 400
    assert act(client, article, key, "burn").status_code == 400
    assert act(client, article, key, "answer", text="One.").status_code == 200
    assert act(client, article, key, "answer", text="Two.").status_code == 400
    assert write(client, article).status_code == 400
    assert ParagraphNote.objects.count() == 3


def test_saving_costs_no_query_more_with_notes(article, author):
    client = client_of(author)
    autosave(article, author, body=BODY)
    with CaptureQueriesContext(connection) as before:
        autosave(article, author, body=f"{BODY} More.")
    usual = len(before)
    for words in ("One", "Another", "A third"):
        write(client, article, words=words)

    with CaptureQueriesContext(connection) as after:
        autosave(article, author, body=BODY.replace("Another", "Another changed"))
    assert len(after) <= usual
    assert [note["words"] for note in beat(client, article)["notes"]][1] == "Another changed paragraph."
