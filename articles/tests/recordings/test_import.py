"""Audio and video of an imported post: found in the source, stored, played where they stood alone, and told of if that
fails."""

import json
import re
import tracemalloc
from zipfile import ZIP_STORED, ZipFile

import pytest
from django.core.files.storage import default_storage

from articles.importing.html import to_markdown
from articles.importing.options import Options
from articles.importing.pictures import preparing
from articles.importing.running import Import
from articles.models import Article, Recording
from articles.tests.importing.readers.wordpress.conftest import UPLOADS, attachment, export, item
from publishing.tests.factories import make_article
from publishing.tests.pictures import stored_files
from publishing.transfer.export.writing import export as export_all
from publishing.transfer.notes import Notes

from .files import film, sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "blog"
    (folder / "static" / "audio").mkdir(parents=True)
    (folder / "talk.wav").write_bytes(sound().read())
    (folder / "static" / "audio" / "my_long-talk.wav").write_bytes(sound(1).read())
    (folder / "static" / "film.mp4").write_bytes(film().read())
    return folder


def imported(folder, body=None, path=None, **options):
    """What is told of each post."""
    if body is not None:
        (folder / "post.md").write_text(f"---\ntitle: A post\ndate: 2024-05-01\n---\n{body}\n")
    run = Import(path or folder, Options(**options))
    run.prepare()
    return [note.text for outcome in run.outcomes() for note in outcome.notes]


def body():
    """The text, with titles of recordings in place of their addresses."""
    titles = {row.file.url: row.title for row in Recording.objects.all()}
    text = Article.objects.get(title="A post").body.strip()
    return re.sub(r"/media/\w+\.\w+", lambda url: titles[url[0]], text)


@pytest.mark.parametrize(
    ("text", "shown", "title"),
    [
        ("![My talk](talk.wav)", "![My talk](My talk)", "My talk"),
        ('![](talk.wav "With Ada")', '![](With Ada "With Ada")', "With Ada"),
        ("[My *talk*](talk.wav)", "![My *talk*](My talk)", "My talk"),
        ("[talk.wav](talk.wav)", "![](talk)", "talk"),
        ("- [One](talk.wav)\n- [Two](film.mp4)", "- ![One](One)\n- ![Two](Two)", "One"),
        ("[My talk][1]\n\n[1]: talk.wav", "![My talk][1]\n\n[1]: My talk", "My talk"),
        ('<audio controls src="/audio/my_long-talk.wav"></audio>', "![](my long talk)", "my long talk"),
        ('<video controls>\n<source src="/film.mp4">\nNone.\n</video>', "![](film)", "film"),
        ('{{< audio src="/audio/my_long-talk.wav" >}}', "![](my long talk)", "my long talk"),
        ('{{< audio src="/film.mp4" title="A [film]" >}}', "![A \\[film\\]](A [film])", "A [film]"),
        ("Hear [my talk](talk.wav) again.", "Hear [my talk](my talk) again.", "my talk"),
        ("[One](talk.wav)\nand words", "[One](One)\nand words", "One"),
        ("| a |\n|---|\n| [One](talk.wav) |", "| a |\n|---|\n| [One](One) |", "One"),
    ],
)
def test_what_stands_alone_is_played_and_what_stands_in_a_sentence_is_a_link(folder, text, shown, title):
    imported(folder, text)

    assert body() == shown
    assert title in Recording.objects.values_list("title", flat=True)


def test_html_of_other_systems_names_its_players():
    html = (
        '<figure class="wp-block-audio"><audio controls src="talk.wav"></audio><figcaption>My <b>talk</b></figcaption>'
        '</figure><p>Words</p><video title="A film" src="/film.mp4"></video>'
    )

    assert to_markdown(html, Notes()) == "[My **talk**](talk.wav)\n\nWords\n\n[A film](/film.mp4)\n"


def test_an_export_of_wordpress_plays_its_uploads(tmp_path):
    text = (
        f'[audio mp3="{UPLOADS}talk.wav"][/audio]\n\n[video src="/wp-content/uploads/2024/01/film.mp4"]\n\n'
        '[playlist ids="20,21"]\n\n<!-- wp:audio {"id":20} --><figure class="wp-block-audio">'
        f'<audio controls src="{UPLOADS}talk.wav"></audio><figcaption>A caption</figcaption></figure><!-- /wp:audio -->'
    )
    files = attachment("20", "talk.wav", parent="7"), attachment("21", "film.mp4", parent="7")
    with ZipFile(tmp_path / "old.zip", "w") as out:
        out.writestr("old.xml", export(item(text, title="A post"), *files))
        out.writestr("uploads/2024/01/talk.wav", sound().read())
        out.writestr("uploads/2024/01/film.mp4", film().read())

    assert imported(None, path=tmp_path / "old.zip") == []

    assert body() == "![](talk)\n\n![](film)\n\n- ![](talk)\n- ![](film)\n\n![A caption](talk)"


def test_an_export_of_ghost_plays_the_files_beside_it(tmp_path):
    media = "__GHOST_URL__/content/media/2024/01/"
    html = (
        f'<div class="kg-card kg-audio-card"><div class="kg-audio-title">My talk</div><audio src="{media}talk.wav">'
        f'</audio></div><figure class="kg-card kg-video-card"><video src="{media}film.mp4"></video>'
        "<figcaption>A film</figcaption></figure>"
    )
    post = {"id": "1", "slug": "one", "title": "A post", "status": "published", "published_at": "2024-01-02 03:04:05"}
    folder = tmp_path / "content" / "media" / "2024" / "01"
    folder.mkdir(parents=True)
    (folder / "talk.wav").write_bytes(sound().read())
    (folder / "film.mp4").write_bytes(film().read())
    (tmp_path / "export.json").write_text(
        json.dumps({"db": [{"meta": {"exported_on": 1}, "data": {"posts": [post | {"html": html}]}}]})
    )

    assert imported(None, path=tmp_path) == []

    assert body() == "![My talk](My talk)\n\n![A film](A film)"


def test_texts_of_an_export_of_ours_bring_their_recordings_with_their_titles(tmp_path):
    row = Recording.objects.create(file=sound(), title="A [long] talk")
    article = make_article(title="A post", body=f"![]({row.file.url})\n\n`![]({row.file.url})`\n")
    export_all(tmp_path / "out.zip")
    with ZipFile(tmp_path / "out.zip") as file:
        text = file.read(f"content/articles/{article.slug}/index.md").decode()
    assert f"![A \\[long\\] talk]({row.file.url})\n\n`![]({row.file.url})`" in text

    Article.objects.all().delete()
    row.delete()
    assert imported(None, path=tmp_path / "out.zip") == []

    again = Recording.objects.get()
    assert again.title == "A [long] talk"
    assert Article.objects.get().body.startswith(f"![A \\[long\\] talk]({again.file.url})")


def test_readers_see_the_player(folder):
    imported(folder, "[My talk](talk.wav)")

    assert "<figure><audio controls" in Article.objects.get().html


def test_code_and_other_hosts_stay_as_they_are(folder):
    text = "`[a](talk.wav)`\n\n[a](https://other.example/talk.wav)\n\nhttps://other.example/talk.mp3"

    assert imported(folder, text) == []
    assert body() == text
    assert not Recording.objects.exists()


def test_one_file_is_stored_once(folder):
    (folder / "other.md").write_text("---\ntitle: Other\ndate: 2024-05-02\n---\n![](static/copy.wav) ![](talk.wav)\n")
    (folder / "static" / "copy.wav").write_bytes(sound().read())
    imported(folder, "![A](talk.wav)")

    row = Recording.objects.get()
    assert {row.file.url} == set(
        re.findall(r"/media/\w+\.wav", "".join(Article.objects.values_list("body", flat=True)))
    )
    assert imported(folder) == []
    assert Recording.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!doctype html><title>Not found</title>", "damaged, or no audio or video that browsers play"),
        (b"", "damaged, or no audio or video that browsers play"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS, not the file itself"),
        (None, "not in the source"),
    ],
    ids=["a page", "empty", "a pointer", "missing"],
)
@pytest.mark.parametrize("text", ["![My talk](gone.mp3)", "[My talk](gone.mp3)"])
def test_a_file_that_cannot_be_played_is_named_and_its_words_stay_a_link(folder, text, content, reason):
    if content is not None:
        (folder / "gone.mp3").write_bytes(content)

    assert imported(folder, text) == [f"gone.mp3: {reason}; the link leads nowhere"]
    assert body() == "[My talk](gone.mp3)"


def test_a_file_that_was_missing_comes_in_with_the_next_import(folder):
    imported(folder, "![My talk](late.wav)")
    (folder / "late.wav").write_bytes(sound().read())
    imported(folder)

    assert body() == "![My talk](My talk)"


def test_a_large_file_of_a_zip_is_never_whole_in_memory(folder, tmp_path):
    (folder / "talk.wav").write_bytes(sound(5000).read())
    (folder / "post.md").write_text("---\ntitle: A post\ndate: 2024-05-01\n---\n![My talk](talk.wav)\n")
    with ZipFile(tmp_path / "blog.zip", "w", ZIP_STORED) as out:
        for name in ("post.md", "talk.wav"):
            out.write(folder / name, name)
    tracemalloc.start()
    imported(folder, path=tmp_path / "blog.zip")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    row = Recording.objects.get()
    assert row.size == 40_000_044
    assert most < row.size / 2
    with default_storage.open(row.file.name) as stored:
        assert stored.read() == (folder / "talk.wav").read_bytes()


def test_a_post_that_is_not_stored_leaves_no_file(folder, monkeypatch):
    before = stored_files()

    def fail(self):
        raise RuntimeError

    monkeypatch.setattr(preparing.Prepared, "stored", fail)
    imported(folder, "![My talk](talk.wav)")

    assert not Recording.objects.exists()
    assert stored_files() == before


def test_a_dry_run_tells_the_same_and_stores_nothing(folder):
    before, text = stored_files(), "![My talk](talk.wav)\n\n![Another](talk.wav)\n\n[gone](gone.mp3)"

    told = imported(folder, text, dry_run=True)

    assert not Recording.objects.exists()
    assert stored_files() == before
    assert told == imported(folder)
    assert len(stored_files() - before) == 1
