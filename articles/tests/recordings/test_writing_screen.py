"""Audio and video put into a text in the writing screen: what it asks the server, and in a real Chromium."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Recording
from articles.models.uploads import recording_files
from publishing.tests.browser import sign_in
from publishing.tests.factories import make_user
from publishing.tests.pictures import stored_files

from .files import film, sound

UPLOAD = reverse("admin:articles_recording_upload")
PICK = reverse("admin:articles_recording_pick")
GIVE = """([event, bytes, name, type]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const given = event === "drop"
    ? new DragEvent(event, { dataTransfer: data, bubbles: true, cancelable: true })
    : new ClipboardEvent(event, { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector("#id_body").dispatchEvent(given);
}"""


@pytest.fixture
def editor(client, db):
    client.force_login(make_user("editor"))
    return client


def test_an_upload_answers_with_what_plays_it_and_the_same_file_is_stored_once(editor):
    answer = editor.post(UPLOAD, {"file": sound(), "title": "The [interview]"})

    row = Recording.objects.get()
    assert answer.status_code == 201
    assert answer.json()["markdown"] == f"![The \\[interview\\]]({row.file.url})"
    assert LogEntry.objects.filter(object_id=str(row.pk)).count() == 1

    again = editor.post(UPLOAD, {"file": sound(), "title": "Part 1"})
    assert (again.status_code, again.json()["markdown"]) == (200, f"![Part 1]({row.file.url})")
    assert Recording.objects.count() == 1


def test_what_cannot_be_taken_is_refused_in_words_and_leaves_nothing(editor, monkeypatch):
    before = stored_files()
    page = SimpleUploadedFile("talk.mp3", b"<!doctype html>")

    assert list(editor.post(UPLOAD, {"title": "A talk"}).json()["errors"]) == ["file"]
    assert list(editor.post(UPLOAD, {"title": "", "file": sound()}).json()["errors"]) == ["title"]
    refused = editor.post(UPLOAD, {"title": "A talk", "file": page})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["file"])
    monkeypatch.setattr(recording_files, "MOST_BYTES", 1000)
    assert editor.post(UPLOAD, {"title": "A talk", "file": sound()}).status_code == 413
    assert not Recording.objects.exists()
    assert before == stored_files()


def test_the_library_is_searched_and_told_page_by_page(editor):
    for number in range(26):
        Recording.objects.create(file=sound(1 + number / 10), title=f"Talk {number}")
    Recording.objects.create(file=film(), title="A film")

    first, found = editor.get(PICK).json(), editor.get(PICK, {"q": "film"}).json()

    assert (len(first["recordings"]), first["next"]) == (24, 2)
    assert len(editor.get(PICK, {"page": 2}).json()["recordings"]) == 3
    assert [(row["title"], row["facts"]) for row in found["recordings"]] == [
        ("A film", "MP4 · 0:02 minutes, 344\xa0bytes")
    ]
    assert editor.get(PICK, {"page": 0}).status_code == 400


def test_a_file_that_is_dropped_or_pasted_is_named_uploaded_and_inserted_by_keyboard_on_a_phone(page, site):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/", wait_until="networkidle")
    body = page.locator("#id_body")
    body.press_sequentially("Before.")

    page.evaluate(GIVE, ["drop", list(sound().read()), "my_long-talk.wav", "audio/wav"])
    title = page.get_by_label("Title, shown below the player")
    expect(title).to_be_focused()
    expect(title).to_have_value("my long talk")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.type("My talk")
    page.keyboard.press("Enter")
    expect(body).to_have_value(re.compile(r"Before\.\n\n!\[My talk\]\(/media/\w+\.wav\)\n\n"))
    page.keyboard.press("Control+Z")
    expect(body).to_have_value("Before.")

    page.evaluate(GIVE, ["paste", list(b"no sound"), "talk.flac", ""])
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="no audio or video")).to_be_visible()
    page.keyboard.press("Escape")
    expect(body).to_be_focused()

    page.get_by_role("button", name="Audio or video").click()
    page.get_by_label("Or choose from the library").fill("my talk")
    page.get_by_role("button", name=re.compile("My talk.*WAV")).click()
    expect(body).to_have_value(re.compile(r"!\[My talk\]"))
    assert faults == []
