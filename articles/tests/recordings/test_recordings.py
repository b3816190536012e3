"""Audio and video of one's own: uploaded in the admin, played in texts, and gone with their rows."""

import feedparser
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.checks.checking import check, draft_of
from articles.models import Article, Page, Recording
from articles.versions.content import fields_of
from publishing.tests.factories import make_article, make_user

from .files import captions, film, sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))
    return client


def make(file=None, **fields):
    return Recording.objects.create(file=file or sound(), **{"title": "The interview"} | fields)


def upload(browser, file, **fields):
    data = {"title": "The interview", "captions_language": ""} | fields
    return browser.post(reverse("admin:articles_recording_add"), data | {"file": file})


def html(body):
    return make_article(body=body).html.strip()


# --- uploading ---


@pytest.mark.parametrize(
    ("file", "suffix", "size", "seconds"),
    [(sound(), "wav", (0, 0), 2), (film(), "mp4", (640, 360), 2), (film(0, 0, b"M4A "), "m4a", (0, 0), 2)],
    ids=["sound", "film", "an MP4 with sound alone"],
)
def test_an_upload_is_known_by_its_content(editor, file, suffix, size, seconds):
    file.name = "anything.bin"

    assert upload(editor, file).status_code == 302

    row = Recording.objects.get()
    assert row.file.name.endswith(f".{suffix}")
    assert (row.width, row.height) == size
    assert row.seconds == seconds


@pytest.mark.parametrize(
    "content",
    [b"<!doctype html><title>Not found</title>", b"", b"ID3", b"OggS", b"RIFF1234WAVE", b"\x00\x00\x00\x18ftypqt  " * 9,
     b"\x00\x00\x00\x00ftypisom" + bytes(99), b"\x1a\x45\xdf\xa3" + bytes(80)],
)  # fmt: skip
def test_a_file_that_is_neither_is_refused_beside_its_field_and_nothing_is_stored(editor, content):
    response = upload(editor, SimpleUploadedFile("talk.mp3", content), title="My talk")

    assert response.status_code == 200
    assert {"file"} == set(response.context["adminform"].form.errors)
    assert 'value="My talk"' in response.content.decode()
    assert not Recording.objects.exists()


def test_captions_have_to_be_webvtt(editor):
    page = SimpleUploadedFile("captions.vtt", b"<html>")

    assert "WEBVTT" in upload(editor, sound(), captions=page).content.decode()
    assert upload(editor, film(), captions=captions(), captions_language="PT_br").status_code == 302

    row = Recording.objects.get()
    assert row.captions_language == "pt-BR"
    with default_storage.open(row.captions.name) as stored:
        assert stored.read().startswith(b"WEBVTT")


def test_a_language_of_captions_that_is_none_is_refused(editor):
    response = upload(editor, film(), captions=captions(), captions_language="english")

    assert "is not a language tag" in response.content.decode()
    assert not Recording.objects.exists()


# --- in a text ---


def test_alone_in_its_paragraph_it_is_a_figure_with_its_words_below():
    row = make()

    player = f'<audio controls preload="none" src="{row.file.url}" aria-label="{{0}}"></audio>'
    assert html(f"![]({row.file.url})") == (
        f"<figure>{player.format('The interview')}<figcaption>The interview</figcaption></figure>"
    )
    assert html(f'![Part 1]({row.file.url} "With Ada")') == (
        f"<figure>{player.format('Part 1')}<figcaption>With Ada</figcaption></figure>"
    )


def test_video_has_its_size_and_captions_so_that_nothing_moves():
    row = make(film(), captions=captions(), captions_language="en")

    assert f'src="{row.file.url}" width="640" height="360"' in html(f"![]({row.file.url})")
    assert f'<track kind="captions" src="{row.captions.url}" srclang="en" default></video>' in html(
        f"![]({row.file.url})"
    )


def test_elements_of_html_play_what_is_here_and_link_to_what_is_not():
    row = make()

    here = html(f'<audio autoplay src="{row.file.url}">Your browser cannot play it.</audio>')
    assert f'<audio controls preload="none" src="{row.file.url}"' in here
    assert "autoplay" not in here
    assert "browser" not in here
    away = html('<video poster="x.png"><source src="https://example.org/film.mp4">No <b>video</b>.</video>')
    assert away == '<p><a href="https://example.org/film.mp4">Video</a></p>'
    assert html('<audio src="javascript:alert(1)"></audio>') == "<p><em>Audio</em></p>"


def test_an_element_without_an_end_eats_no_text():
    assert "and then" in html("First <audio src=x> and then\n\n<video controls>\n\nlast")
    assert "last" in html("First <audio src=x> and then\n\n<video controls>\n\nlast")


def test_texts_follow_when_its_title_changes_and_when_it_is_deleted(django_capture_on_commit_callbacks):
    row = make()
    article = make_article(body=f"![]({row.file.url})")
    page = Page.objects.create(title="About", slug="about", body=f"Listen: ![]({row.file.url})")

    row.title = "Another title"
    row.save()

    assert "Another title</figcaption>" in Article.objects.get(pk=article.pk).html
    assert 'aria-label="Another title"' in Page.objects.get(pk=page.pk).html

    with django_capture_on_commit_callbacks(execute=True):
        row.delete()

    assert "<audio" not in Article.objects.get(pk=article.pk).html
    assert not default_storage.exists(row.file.name)


def test_another_file_gets_another_address_that_texts_take(django_capture_on_commit_callbacks):
    row = make()
    before, article = row.file.name, make_article(body=f"![]({row.file.url})")

    with django_capture_on_commit_callbacks(execute=True):
        row.file = film()
        row.save()

    assert row.file.url in Article.objects.get(pk=article.pk).html
    assert not default_storage.exists(before)


def test_the_library_says_where_a_file_is_used(editor):
    row = make()
    make_article(title="About looms", body=f"![]({row.file.url})")

    page = editor.get(reverse("admin:articles_recording_change", args=[row.pk])).content.decode()

    assert "About looms" in page
    assert f"![The interview]({row.file.url})" in page
    assert "About looms" in editor.get(reverse("admin:articles_recording_delete", args=[row.pk])).content.decode()


# --- serving ---


def body(response):
    return b"".join(response)


def test_a_file_is_served_whole_and_in_parts(client):
    row = make()
    with row.file.open() as file:
        whole = file.read()

    response = client.get(row.file.url)
    assert (response.status_code, response["Content-Type"], response["Accept-Ranges"]) == (200, "audio/wav", "bytes")
    assert body(response) == whole

    for asked, part, where in (
        ("bytes=0-1", whole[:2], f"bytes 0-1/{len(whole)}"),
        ("bytes=100-", whole[100:], f"bytes 100-{len(whole) - 1}/{len(whole)}"),
        ("bytes=-5", whole[-5:], f"bytes {len(whole) - 5}-{len(whole) - 1}/{len(whole)}"),
        ("bytes=10-99999999", whole[10:], f"bytes 10-{len(whole) - 1}/{len(whole)}"),
    ):
        response = client.get(row.file.url, headers={"range": asked})
        assert (response.status_code, response["Content-Range"]) == (206, where)
        assert int(response["Content-Length"]) == len(part)
        assert body(response) == part


def test_a_range_that_the_file_does_not_have_is_refused_and_nonsense_is_ignored(client):
    row = make()

    response = client.get(row.file.url, headers={"range": "bytes=99999999-"})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{row.size}")
    for asked in ("bytes=-", "bytes=5-2-1", "pages=1-2", "bytes=1-2, 5-6", "bytes=" + "9" * 40 + "-"):
        assert client.get(row.file.url, headers={"range": asked}).status_code == 200
    assert client.get(row.file.url, headers={"range": "bytes=5-2"}).status_code == 416


# --- checks ---


def test_a_text_with_a_recording_can_be_published_and_one_that_is_gone_is_named():
    there, gone = make().file.url, "/media/0123456789abcdef0123456789abcdef.mp3"

    def found(body):
        article = make_article(body=body)
        return {(one.code, one.line) for one in check(draft_of(article, fields_of(article))) if one.line}

    assert found(f"![]({there})\n\n![Part 1]({there})") == set()
    assert found(f"Text.\n\n![Part 1]({gone})") == {("dead-link", 3)}


# --- feeds ---


def test_feeds_have_the_file_for_readers_of_podcasts(client, settings):
    row = make(sound(3))
    make_article(title="A talk", body=f"![]({row.file.url})")
    make_article(title="A text")
    address = f"{settings.SITE_URL}{row.file.url}"

    rss, atom = feedparser.parse(client.get("/feed.xml").content), feedparser.parse(client.get("/atom.xml").content)
    for feed in (rss, atom):
        found = {entry.title: entry.enclosures for entry in feed.entries}
        assert found["A text"] == []
        assert [(each.href, each.length, each.type) for each in found["A talk"]] == [
            (address, str(row.size), "audio/wav")
        ]
    assert f'src="{address}"' in next(entry.content[0].value for entry in rss.entries if entry.title == "A talk")
    items = {item["title"]: item.get("attachments") for item in client.get("/feed.json").json()["items"]}
    known = {"mime_type": "audio/wav", "title": "The interview", "size_in_bytes": row.size, "duration_in_seconds": 3}
    assert items == {"A talk": [{"url": address} | known], "A text": None}
