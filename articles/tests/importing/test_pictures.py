"""Pictures of an imported post: found in the source in every notation, stored, shown, and told of if that fails."""

import os
import re
import signal
from dataclasses import dataclass, field
from zipfile import ZipFile

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction
from PIL import Image as Pixels

from articles.importing.options import Options
from articles.importing.pictures import Finder, Pictures, portraits, prepare
from articles.importing.records import Person, Picture, Post
from articles.importing.running import Import
from articles.models import Article, Author, Image
from publishing.outbound import client
from publishing.tests.pictures import picture, stored_files
from publishing.text.markdown import render_article
from publishing.transfer.files import Files, open_source
from publishing.transfer.notes import Notes

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="red"/></svg>'


@dataclass
class Source:
    files: Files
    site: str = "folder"
    folders: list[str] = field(default_factory=list)

    def media(self):
        return self.folders


@pytest.fixture
def new_files():
    """The files that were stored since the test began."""
    before = stored_files()
    return lambda: stored_files() - before


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "top" / "project" / "blog"
    folder.mkdir(parents=True)
    (tmp_path / "top" / "package.json").touch()
    return folder


def write(folder, *names, **data):
    """Pictures of different colours, or files with these bytes."""
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.get("data") or picture(colour=(number * 20 % 255, len(name), sum(map(ord, name)) % 255)))


class Result:
    def __init__(self, folder, body="", path="a.md", cover=None, site="folder", folders=(), **options):
        self.notes, reader = Notes(), Source(open_source(folder), site, list(folders))
        self.options = Options(**options)
        self.pictures = Pictures(Finder(reader, self.options), self.options)
        post = Post(key=path, digest="", path=path, name=path.rpartition("/")[2].removesuffix(".md"))
        post.old_addresses, self.post = ["/2024/old/"], post
        with prepare(self.pictures, post, body, cover, self.notes) as prepared, transaction.atomic():
            self.body, self.cover = prepared.stored()
        self.told = [note.text for note in self.notes]
        self.losses = [note.text for note in self.notes if note.is_loss]

    @property
    def shown(self):
        """The body with the names of the source in place of those here."""
        names = {image.file.url: image.original_name for image in Image.objects.all()}
        return re.sub(r"/media/[\w-]+\.webp", lambda url: names[url[0]], self.body)


NOTATIONS = {
    "inline": "![a](x.png)",
    "with a title": '![a](x.png "A *title*")',
    "in angles": "![a](<x y.png>)",
    "encoded": "![a](x%20y.png)",
    "raw space": "![a](x y.png)",
    "with a query": "![a](x.png?raw=true)",
    "reference": "![a][r]\n\n[r]: x.png",
    "short reference": '![r]\n\n[r]: <x y.png> "T"',
    "html": '<img src="x.png" alt="a">',
    "html in single quotes": "<img alt='a' src='x.png' />",
    "html without quotes": "text <img src=x.png alt=a> text",
    "figure": '<figure>\n<img src="x.png" alt="a">\n<figcaption>Words</figcaption>\n</figure>',
    "picture": '<picture>\n<source srcset="no.webp 1x">\n<img src="x.png" alt="a">\n</picture>',
    "srcset": '<img srcset="y.png 100w, x.png 900w" src="y.png" alt="a">',
    "late": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="x.png" alt="a">',
    "background": '<div class="g" style="background: url(\'x.png\')"></div>',
    "list": "- a\n  - ![a](x.png)\n",
    "table": "| a | b |\n|--|--|\n| ![a](x.png) | b |",
    "quote": "> ![a](./x.png)",
    "container": ":::gallery\n![a](x.png)\n![b](x%20y.png)\n:::",
    "in a row": "![a](x.png) ![b](<x y.png>)",
    "bundle": "![a](slug/z.png)",
    "size": "![a](x.png =300x200)",
    "other case": "![a](X.PNG)",
    "linked to itself": "[![a](x.png)](x.png)",
    "linked html": '<p align="center"><a href="x.png"><img src="x.png" alt="a"></a></p>',
}


@pytest.mark.parametrize("name", NOTATIONS)
def test_a_picture_is_shown_in_every_notation(folder, name):
    write(folder, "x.png", "x y.png", "y.png", "slug/z.png")

    result = Result(folder, NOTATIONS[name])

    known = {image.file.url: image for image in Image.objects.all()}
    html = render_article(result.body, lambda url: known[url].info if url in known else None).html
    assert "<img" in html and "Image:" not in html, html
    assert result.notes == []
    assert len(known) == html.count("<img")


def test_captions_alternative_texts_and_links_stay(folder):
    write(folder, "x.png", "t-300x200.png", "t.png", "other.png")
    text = '![An *alt*](x.png "A caption")\n\n[![t](t-300x200.png)](t.png) [![u](x.png)](other.png)'
    text += "\n\n[![v](x.png)](https://elsewhere.example/)\n\n[plan](other.png)"

    result = Result(folder, text)

    assert result.shown == (
        '![An *alt*](x.png "A caption")\n\n![t](t-300x200.png) [![u](x.png)](other.png)'
        "\n\n[![v](x.png)](https://elsewhere.example/)\n\n[plan](other.png)"
    )
    image = Image.objects.get(original_name="x.png")
    assert (image.alt, image.caption) == ("An alt", "A caption")


def test_every_format_that_can_be_uploaded_comes_in(folder):
    names = [f"p.{kind.lower()}" for kind in ("JPEG", "WEBP", "GIF", "AVIF", "PNG")]
    for name in names:
        (folder / name).write_bytes(picture(name[2:].upper()))

    result = Result(folder, " ".join(f"![a]({name})" for name in names))

    assert (result.told, sorted(Image.objects.values_list("original_name", flat=True))) == ([], sorted(names))


def test_code_and_escaped_marks_stay_as_they_are(folder):
    write(folder, "x.png")
    text = "`![a](x.png)` ``` <img src='x.png'> ``` \\![a](x.txt)\n\n    ![a](x.png)\n\n```\n![a](x.png)\n```\n"
    text += "\n<!-- ![a](x.png) <img src='x.png'> -->\n\n<script>\n'<img src=\"x.png\">'\n</script>\n"

    result = Result(folder, text)

    assert (result.body, result.notes, Image.objects.count()) == (text, [], 0)


@pytest.mark.parametrize(
    ("files", "path", "address"),
    [
        # Relative to where the post was published.
        (["static/img/x.png"], "content/deep/a.md", "../../../img/x.png"),
        (["posts/a/pic.png"], "posts/a.md", "pic.png"),
        (["posts/a/pic.png"], "posts/a/index.md", "./pic.png"),
        (["posts/pic.png"], "posts/a/index.md", "../pic.png"),
        (["static/img/pic.png"], "content/a.md", "/img/pic.png"),
        (["wp-content/uploads/2024/pic.png"], "2024/a", "/wp-content/uploads/2024/pic-300x200.png"),
        (["uploads/2024/pic-scaled.jpg"], "2024/a", "https://old.example/blog/uploads/2024/pic.jpg"),
        (["uploads/2024/pic.png"], "2024/a", "http://www.old.example/blog/uploads/2024/pic-1024x768.png"),
        (["uploads/2024/pic.png"], "2024/a", "//old.example/uploads/2024/pic-e1512345678901.png"),
        (["../static/pic.png"], "a.md", "/pic.png"),
        (["../docs/public/img/pic.png"], "a.md", "/img/pic.png"),
        (["../../images/pic.png"], "a.md", "../../images/pic.png"),
        (["../assets/img/pic.png"], "a.md", "/assets/img/pic.png"),
        (["deep/er/pic.png"], "a.md", "/pic.png"),
        (["Caf\u00e9.png"], "a.md", "Cafe\u0301.png"),
        (["100%25.png"], "a.md", "100%25.png"),
        (["кот.PNG"], "a.md", "%D0%BA%D0%BE%D1%82.png"),
        (["src/assets/pic.png"], "a.md", "@/assets/pic.png"),
        (["assets/pic.png"], "sub/a.md", "assets/pic.png"),
        (["attached/by hand/pic.png", "attached/pic 2.png"], "sub/a.md", "pic.png"),
        (["uploads/2024/pic.png"], "2024/a", "https://i0.wp.com/old.example/wp-content/uploads/2024/pic.png?w=300"),
        (["uploads/2024/pic.png"], "2024/a", "https://old.files.wordpress.com/2024/pic.png"),
    ],
)
def test_the_places_where_pictures_lie(folder, files, path, address):
    write(folder, *files)
    (folder / "a.md").touch()

    result = Result(folder, f"![a](<{address}>)", path, site="https://old.example/blog", folders=["deep/er/"])

    assert result.told == []
    assert Image.objects.count() == 1


def test_two_files_of_one_name_are_not_guessed(folder):
    write(folder, "one/pic.png", "two/pic.png")

    assert Result(folder, "![a](pic.png)").losses == ["pic.png: not in the source"]


def test_a_post_that_is_imported_alone_has_the_pictures_beside_it(folder):
    write(folder, "x.png", "img/y.png", "../static/z.png")
    (folder / "a.md").touch()

    result = Result(folder / "a.md", "![a](x.png) ![b](img/y.png) ![c](/z.png) ![d](X.PNG)")

    assert Image.objects.count() == 2
    assert result.losses == ["/z.png: not in the source", "X.PNG: not in the source"]


def test_pictures_of_a_zip_are_found_as_those_of_a_folder_and_a_damaged_one_costs_itself(folder, tmp_path):
    write(folder, "posts/x.png", "static/y.png", "static/bad.png")
    path = tmp_path / "site.zip"
    with ZipFile(path, "w") as archive:
        for name in ("posts/x.png", "static/y.png", "static/bad.png"):
            archive.write(folder / name, name)
    data = (folder / "static/bad.png").read_bytes()
    path.write_bytes(path.read_bytes().replace(data[-30:], b"x" * 30))

    result = Result(path, "![a](x.png) ![b](/y.png) ![c](/bad.png)", "posts/a.md")

    assert set(Image.objects.values_list("original_name", flat=True)) == {"x.png", "y.png"}
    assert result.losses[0].startswith("/bad.png: cannot be read from the zip: Bad CRC-32")


def test_a_picture_that_moves_is_shown_by_its_first_frame_and_told(folder):
    frames = [Pixels.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "moves.gif", save_all=True, append_images=frames[1:])

    result = Result(folder, "![a](moves.gif)")

    assert result.body.startswith("![a](/media/")
    assert result.losses == ["moves.gif moves; only its first picture is shown"]


def test_nothing_is_taken_from_outside_of_the_source_and_of_folders_of_pictures(folder):
    write(folder, "../../../secret.png", "../other/secret.png")
    (folder / "a.md").touch()
    (folder.parent / ".git").mkdir()
    write(folder, "../../static/beyond.png")

    result = Result(folder, "![a](../../../secret.png) ![b](../other/secret.png) ![c](/beyond.png) ![d](/etc/passwd)")

    assert Image.objects.count() == 0
    assert len(result.losses) == 4


def test_a_folder_of_pictures_can_be_named(folder, tmp_path):
    write(tmp_path / "files" / "uploads", "2024/pic.png")
    (folder / "a.md").touch()

    result = Result(folder, "![a](/wp-content/uploads/2024/pic.png)", media=(tmp_path / "files" / "uploads",))

    assert (result.told, Image.objects.count()) == ([], 1)


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "p.png", "empty"),
        (b"no picture", "p.png", "damaged, or no picture"),
        (picture()[:60], "p.png", "damaged, or no picture"),
        (b"\0" * (10 * 1024 * 1024 + 1), "p.png", "larger than 10 MB"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "p.heic", "HEIC pictures cannot be read here"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>", "p.svg", "the SVG is damaged"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "p.png", "a pointer of Git LFS, not the picture itself"),
        (b"II*\0", "p.tif", "TIF pictures cannot be read here"),
    ],
)
def test_a_picture_that_cannot_be_read_is_named_and_its_words_stay(folder, data, name, reason, new_files):
    (folder / name).write_bytes(data)

    result = Result(folder, f'Before ![the plan]({name} "A caption") after. <img src="{name}" alt="it">')

    assert result.body == "Before the plan – A caption after. it"
    assert result.losses == [f"{name}: {reason}"]
    assert new_files() == set()


def test_a_picture_that_is_not_there_is_named_once_and_its_words_stay(folder):
    (folder / "a.md").touch()

    result = Result(folder, "![*one*](no.png) ![two](no.png) ![three][r]\n\n[r]: gone.png")

    assert result.body.startswith("*one* two three\n")
    assert result.losses == ["no.png: not in the source", "gone.png: not in the source"]


def test_what_the_old_site_had_stays_a_link_to_it(folder):
    (folder / "a.md").touch()

    result = Result(folder, "![one](no.png) ![two](/img/no.png)", site="https://old.example/blog/")

    assert result.body == "![one](https://old.example/2024/old/no.png) ![two](https://old.example/img/no.png)"
    assert result.losses == [f"{name}: not in the source; a link to it stays" for name in ("no.png", "/img/no.png")]


def test_pictures_of_other_hosts_stay_links_and_are_counted(folder):
    (folder / "a.md").touch()
    text = '![a](https://x.example/a.png) ![b](//y.example/b.png) <img src="https://x.example/c.png" alt="c">'

    result = Result(folder, f"{text} ![d](https://old.example/d.png)", site="https://old.example")

    assert result.told == ["4 pictures of the web are links; --fetch gets such pictures"]
    assert (result.losses, Image.objects.count()) == ([], 0)


def test_pictures_of_other_hosts_are_fetched_if_that_is_asked_for(folder, monkeypatch):
    (folder / "a.md").touch()
    asked = []

    def fetch(url, **options):
        asked.append(url)
        return client.Fetched(picture(), "", url)

    monkeypatch.setattr(client, "fetch", fetch)

    result = Result(
        folder, "![a](https://x.example/a.png) ![b](https://x.example/a.png) ![c](//y.example/c)", fetch=True
    )

    assert asked == ["https://x.example/a.png", "https://y.example/c"]
    assert (result.told, Image.objects.count()) == ([], 1)


def test_nothing_is_fetched_from_this_machine_and_a_silent_host_is_given_up(folder):
    (folder / "a.md").touch()
    text = "".join(f"![{n}](http://127.0.0.1/{n}.png)\n" for n in range(8))

    result = Result(folder, text, fetch=True)

    assert result.body == text
    assert len(result.losses) == 8
    assert "0.png: Its host is not on the public internet; a link to it stays" in result.losses[0]
    assert "its server gave none of the pictures before it" in result.losses[-1]


def test_pictures_that_were_not_fetched_are_fetched_by_a_later_import(folder, monkeypatch):
    (folder / "a.md").write_text("---\ntitle: T\ndate: 2024-01-02\n---\n![a](https://x.example/a.png)\n")
    monkeypatch.setattr(client, "fetch", lambda url, **options: client.Fetched(picture(), "", url))
    results = []

    for fetch in (False, False, True, True):
        done = Import(folder, Options(fetch=fetch))
        done.prepare()
        results += [str(outcome.result) for outcome in done.outcomes()]

    assert results == ["created", "unchanged", "updated", "unchanged"]
    assert "/media/" in Article.objects.get().body


def test_a_picture_in_the_address_itself_is_stored(folder):
    (folder / "a.md").touch()
    import_base64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

    result = Result(folder, f"![dot](data:image/png;base64,{import_base64})")

    assert (result.told, Image.objects.count()) == ([], 1)
    assert "data:" not in result.body


def test_an_svg_becomes_a_picture_without_what_it_would_load(folder):
    write(folder, "secret.png")
    (folder / "small.svg").write_bytes(SVG)
    (folder / "wide.svg").write_bytes(
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY ns 'http://www.w3.org/2000/svg'>]>\n"
        b"<svg xmlns='&ns;' xmlns:xlink='http://www.w3.org/1999/xlink' width='800px' height='400' onload='x()'>"
        b"<script>x()</script><image xlink:href='"
        + str(folder / "secret.png").encode()
        + b"' width='9' height='9'/></svg>"
    )

    result = Result(folder, "![small](small.svg) ![wide](wide.svg)")

    small, wide = Image.objects.order_by("width")
    assert result.told == []
    assert (small.width, small.height, wide.width, wide.height) == (40, 20, 1600, 800)
    assert small.original.endswith(".png")


def test_the_text_of_an_svg_is_drawn_whatever_its_font(folder):
    start = b"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='40'>"
    (folder / "text.svg").write_bytes(start + b"<text y='30' font-family='No such font'>Hello</text></svg>")
    (folder / "none.svg").write_bytes(start + b"</svg>")

    Result(folder, "![a](text.svg) ![b](none.svg)")

    extrema = {}
    for image in Image.objects.all():
        with storages["originals"].open(image.original) as file, Pixels.open(file) as pixels:
            extrema[image.original_name] = pixels.getchannel("A").getextrema()
    assert extrema == {"text.png": (0, 255), "none.png": (0, 0)}


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='900000000'/>",
        "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>" + "<g>" * 20_000 + "</g>" * 20_000 + "</svg>",
    ],
)
def test_an_svg_that_asks_for_too_much_costs_itself_only(folder, drawing):
    (folder / "bad.svg").write_text(drawing)
    write(folder, "x.png")

    result = Result(folder, "![bad](bad.svg) ![good](x.png)")

    assert Image.objects.filter(original_name="x.png").exists()
    assert "good" in result.body


def test_a_cover_is_stored_with_its_texts_and_not_shown_twice(folder):
    write(folder, "c.png", "d.png")
    long = "word " * 80

    result = Result(folder, '![again](c.png "Its caption")\n\nText.\n\n![d](d.png)', cover=Picture("c.png", long, "C"))

    assert result.cover.original_name == "c.png"
    assert (len(result.cover.alt), result.cover.caption) == (300, "C")
    assert result.shown == "Its caption\n\nText.\n\n![d](d.png)"
    assert [note.split(":")[0] for note in result.told] == ["alternative text cut to 300 characters"]
    remote = Result(folder, cover=Picture("https://x.example/c.png"))
    assert (remote.losses, remote.cover, remote.post.extra) == ([], None, {"cover": "https://x.example/c.png"})
    assert "the cover is of the web" in remote.told[0]
    assert Result(folder, cover=Picture("no.png")).losses == ["no.png: not in the source; it was the cover"]


def test_an_author_without_a_picture_gets_that_of_the_source(folder):
    write(folder, "static/img/ann.png", "ben.png")
    author = Author.objects.create(name="Ann", slug="ann")
    finder = Finder(Source(open_source(folder)), Options())

    def give(address, **options):
        notes = portraits.give(author, Person("Ann", picture=address), Pictures(finder, Options(**options)))
        author.refresh_from_db()
        return [note.text for note in notes]

    assert give("/img/no.png") == ["/img/no.png: not in the source; it was the portrait"]
    assert give("https://x.example/a.png") == [
        "https://x.example/a.png: not fetched; --fetch does; it was the portrait"
    ]
    assert give("/img/ann.png", dry_run=True) == []
    assert author.picture is None
    assert give("/img/ann.png") == []
    assert (author.picture.original_name, author.picture.alt) == ("ann.png", "Portrait of Ann")
    assert give("ben.png") == []
    assert author.picture.original_name == "ann.png"


def test_the_same_picture_is_encoded_once(folder, monkeypatch, new_files):
    write(folder, "x.png")
    (folder / "copy.png").write_bytes((folder / "x.png").read_bytes())
    first = Result(folder, "![a](x.png) ![b](copy.png)")
    files = new_files()
    monkeypatch.setattr("articles.importing.pictures.reading.encode", None)

    again = Result(folder, "![a](copy.png)", cover=Picture("x.png"))

    assert (first.told, again.told, Image.objects.count()) == ([], [], 1)
    assert new_files() == files


@pytest.mark.parametrize("ends", [ValueError, KeyboardInterrupt])
def test_a_post_that_is_not_stored_leaves_no_file(folder, ends, new_files):
    write(folder, "x.png")
    pictures = Pictures(Finder(Source(open_source(folder)), Options()), Options())
    post = Post(key="a", digest="", path="a.md")

    with (
        pytest.raises(ends),
        prepare(pictures, post, "![a](x.png)", None, Notes()) as prepared,
        transaction.atomic(),
    ):
        assert new_files()
        prepared.stored()
        raise ends

    with prepare(pictures, post, "![a](x.png)", None, Notes()):
        assert new_files()
    assert new_files() == set()
    assert Image.objects.count() == 0


@pytest.fixture
def no_signal():
    """A SIGTERM that nobody handles does nothing."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("no_signal")
@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_stopped_leaves_no_file_of_a_post_that_is_not_stored(folder, new_files, monkeypatch):
    write(folder, "x.png", "y.png")
    for name in ("a", "b"):
        (folder / f"{name}.md").write_text("---\ntitle: T\ndate: 2024-01-02\n---\n![a](x.png) ![b](y.png)\n")

    def stop(image):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Image, "insert", stop)

    with pytest.raises(SystemExit):
        call_command("import_site", folder, verbosity=0)

    assert new_files() == set()
    assert (Image.objects.count(), Article.objects.count()) == (0, 0)


def test_posts_of_one_transaction_share_a_picture_until_the_last_of_them_fails(folder, new_files):
    write(folder, "x.png", "y.png")
    pictures = Pictures(Finder(Source(open_source(folder)), Options()), Options())
    post = Post(key="a", digest="", path="a.md")
    one = prepare(pictures, post, "![a](x.png)", None, Notes())
    other = prepare(pictures, post, "![a](x.png) ![b](y.png)", None, Notes())
    files = new_files()

    with pytest.raises(ValueError, match="both"), transaction.atomic():
        one.stored(), other.stored()
        raise ValueError("both")
    with pytest.raises(ValueError, match="one"), one, transaction.atomic():
        one.stored()
        raise ValueError("one")
    with other, transaction.atomic():
        other.stored()

    assert len(files) == 4
    assert new_files() == files
    assert set(Image.objects.values_list("original_name", flat=True)) == {"x.png", "y.png"}


def test_a_dry_run_tells_the_same_and_stores_nothing(folder, new_files):
    write(folder, "x.png")
    (folder / "bad.png").write_bytes(b"bad")
    text, cover = "![a](x.png) ![b](bad.png) ![c](no.png)", Picture("x.png", "word " * 80)

    dry = Result(folder, text, cover=cover, dry_run=True)

    assert (new_files(), Image.objects.count(), dry.cover) == (set(), 0, None)
    run = Result(folder, text, cover=cover)
    assert dry.told == run.told
    assert len(dry.body) == len(run.body)
    assert Result(folder, text, cover=cover, dry_run=True).cover == run.cover


def test_files_are_written_before_the_transaction(folder, django_assert_max_num_queries, monkeypatch):
    names = [f"p{number}.png" for number in range(50)]
    write(folder, *names)
    pictures = Pictures(Finder(Source(open_source(folder)), Options()), Options())
    post = Post(key="a", digest="", path="a.md")

    with prepare(pictures, post, "".join(f"![a]({name})\n" for name in names), None, Notes()) as prepared:
        monkeypatch.setattr("django.core.files.storage.Storage.save", None)
        with transaction.atomic(), django_assert_max_num_queries(200):
            prepared.stored()

    assert Image.objects.count() == 50


def test_authors_of_a_folder_have_their_faces(folder):
    write(folder, "static/ann.png")
    (folder / "authors.yml").write_text(
        "ann:\n  name: Ann\n  image_url: /ann.png\nben:\n  name: Ben\n  image_url: /no.png\n"
    )
    (folder / "a.md").write_text("---\ntitle: T\ndate: 2024-01-02\nauthors: [ann, ben]\n---\nText.\n")
    told = {}

    for is_dry in (True, False):
        done = Import(folder, Options(dry_run=is_dry))
        done.prepare()
        told[is_dry] = [(outcome.name, [note.text for note in outcome.notes]) for outcome in done.outcomes()]

    assert told[True] == told[False]
    assert ("Ben", ["/no.png: not in the source; it was the portrait"]) in told[False]
    assert Author.objects.get(name="Ann").picture.original_name == "ann.png"
