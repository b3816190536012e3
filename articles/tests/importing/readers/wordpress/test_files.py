"""Files of a WordPress export: odd, broken, hostile, several. Without a database."""

import tracemalloc
from io import BytesIO

import pytest

from articles.importing.options import Options
from articles.importing.readers.wordpress import items, recognise
from articles.importing.records import Post
from publishing.transfer.files import Folder, open_source
from publishing.transfer.notes import Refused
from publishing.transfer.xml import Xml

from .conftest import HEAD, SITE, attachment, export, item


def titles(read):
    return [post.title for post in read.posts]


def test_a_break_costs_its_post_alone_and_is_told_with_its_line(read):
    broken = "<item><title>Broken</title>\n<wp:post_id>8</wp:post_id>\n<b></item>"
    found = read(item(title="First"), broken, item(title="Last", post_id="9", post_name="last"))

    assert titles(found) == ["First", "Last"]
    assert len(found.lost) == 1 and "“Broken” cannot be read" in found.lost[0] and "line 10" in found.lost[0]


def test_of_a_truncated_file_comes_in_what_was_before_the_break(read):
    data = export(item(title="First"), item("word " * 100, title="Second", post_id="8"))
    found = read(export__xml=data[: data.index("word word") + 50])

    assert titles(found) == ["First"]
    assert len(found.lost) == 1 and "“Second” cannot be read: it ends in the middle" in found.lost[0]


def test_an_item_without_its_end_costs_only_itself(read):
    found = read(item(title="Open").replace("</item>", ""), item(title="Whole", post_id="8"))

    assert titles(found) == ["Whole"]
    assert "“Open”" in found.lost[0]


def test_entities_and_external_references_are_neither_expanded_nor_loaded(read, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    start = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "yyyyy">]>\n<rss'
    data = export(item(title="One"), "<item><title>A &x; &y; B</title><wp:post_id>8</wp:post_id></item>")
    found = read(export__xml=data.replace("<rss", start, 1))

    assert titles(found) == ["One", "A &x; &y; B"]
    assert "document type" in found.lost[0]


def test_characters_that_xml_forbids_are_taken_out_and_counted(read):
    found = read(item("before\x08\x0bafter & more", title="T\x00itle"), "<title>a & b &nbsp;</title>")

    assert (found.posts[0].title, found.posts[0].text) == ("Title", "beforeafter & more")
    assert any("3 characters that XML forbids" in reason for reason in found.counted)


def test_sections_may_be_split_nested_and_closed_twice(read):
    raw = "<content:encoded><![CDATA[a <![CDATA[ b ]]]]><![CDATA[> c]]> :)]]></content:encoded>"
    text = item().partition("<content:encoded>")
    data = text[0] + raw + text[2].partition("</content:encoded>")[2]

    assert read(data).posts[0].text == "a <![CDATA[ b ]]> c :)]]>"


def test_names_count_without_their_namespace(read):
    data = export(item()).replace("wp:", "other:").replace("xmlns:wp=", "xmlns:other=")
    found = read(export__xml=data.replace("http://wordpress.org/export/1.2/", "https://wordpress.org/export/1.0/"))

    assert (found.posts[0].slug, found.reader.site) == ("one", SITE)


def test_an_element_of_others_with_a_name_of_ours_does_not_count(read):
    found = read(item(raw="<itunes:title>Wrong</itunes:title><media:thumbnail><media:title>W</media:title>"
                          "</media:thumbnail>"))  # fmt: skip

    assert found.posts[0].title == "One"


@pytest.mark.parametrize("name", ["export.xml", "export.zip"])
def test_an_xml_file_alone_that_is_no_export_is_refused(tmp_path, name):
    path = tmp_path / "feed.xml"
    path.write_text("<rss version='2.0'><channel><title>Feed</title></channel></rss>")

    with pytest.raises(Refused, match="XML, but no WordPress export"):
        recognise(open_source(path), Options())


def test_a_folder_without_an_export_is_left_to_other_readers(tmp_path):
    (tmp_path / "post.md").write_text("Text")
    (tmp_path / "feed.xml").write_text("<rss/>")

    assert recognise(open_source(tmp_path), Options()) is None


def test_parts_of_one_export_know_of_each_other(read):
    cover = item("Text", meta=[("_thumbnail_id", "20")])
    found = read(a__xml=export(cover), b__xml=export(attachment("20", "cat.jpg"), item(post_id="8", title="Two")))

    assert titles(found) == ["One", "Two"]
    assert found.posts[0].cover.address.endswith("/cat.jpg")


def test_parts_of_a_site_with_and_without_tls_are_of_one(read):
    found = read(a__xml=export(item()), b__xml=export(item(post_id="8", title="Two"), site="http://www.old.example/"))

    assert titles(found) == ["One", "Two"]


def test_a_part_in_an_unknown_encoding_is_told_and_the_others_come_in(read):
    found = read(a__xml=export(item()), b__xml=export(item()).replace("UTF-8", "klingon"))

    assert titles(found) == ["One"]
    assert "klingon" in found.lost[0]


def test_a_file_of_another_site_beside_it_is_told_and_left_out(read):
    found = read(a__xml=export(item()), b__xml=export(item(title="Other"), site="https://new.example"))

    assert titles(found) == ["One"]
    assert found.lost == ["b.xml: an export of another site: import it by itself"]


def test_two_posts_with_one_number_both_come_in_and_the_same_post_once(read):
    other = item(title="Other", link=f"{SITE}/other/")
    found = read(item(), item(), item("Changed."), other)

    assert [post.key for post in found.posts] == ["post-7", "post-7-2"]
    assert "two posts have the number 7" in found.posts[1].notes[0].text
    assert "a post that is there twice" in found.counted
    assert "with different texts" in found.lost[0]


def test_what_is_no_post_is_counted_by_its_kind_and_texts_of_other_kinds_are_losses(read):
    found = read(
        attachment("20", "cat.jpg"),
        item("", post_id="21", post_type="nav_menu_item"),
        item("A revision", post_id="22", post_type="revision"),
        item("CSS", post_id="23", post_type="custom_css"),
        item("A text", post_id="24", post_type="recipe", title="Soup"),
        item("Old", post_id="25", status="trash"),
    )

    assert not found.posts
    assert found.lost == ["post-24 Soup: a text of the type “recipe”, which is neither a post nor a page"]
    assert len(found.counted) == 6
    assert "in the trash there" in found.counted


class Endless(BytesIO):
    """A start, and the same piece for many megabytes."""

    def __init__(self, start, piece, size):
        super().__init__(start)
        self.piece, self.left = piece, size

    def read(self, size=-1):
        if start := super().read(size):
            return start
        self.left -= len(self.piece)
        return self.piece if self.left > 0 else b""


@pytest.mark.parametrize(
    "piece",
    [item("word " * 10_000).encode(), b"<wp:comment>" + b"word " * 10_000, b"word " * 10_000],
    ids=["items", "one item with endless comments", "one endless text"],
)
def test_memory_does_not_grow_with_the_file(piece, monkeypatch):
    monkeypatch.setattr(items, "MOST_CHARACTERS", 200_000)
    start = HEAD.format(site=SITE).encode() + (b"" if piece.startswith(b"<item") else b"<item><content:encoded>")
    tracemalloc.start()
    try:
        for element in items.read(Xml(Endless(start, piece, 12_000_000))):
            assert element
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_whole_samples_come_in_or_their_break_is_told(samples):
    """Of every item that is a post or a page."""
    for folder in ("wordpress", "sites/wxr-small"):
        for path in sorted((samples / folder).glob("*.xml")):
            reader = recognise(Folder(path.parent, path), Options())
            found = list(reader.posts())
            data = path.read_text("utf-8", "replace")
            kinds = (f">{word}<" for kind in ("post", "page") for word in (kind, f"<![CDATA[{kind}]]>"))
            expected = sum(data.count(f"post_type{kind}") for kind in kinds)
            posts = sum(isinstance(entry, Post) for entry in found)
            losses = sum(not isinstance(entry, Post) and entry.is_loss for entry in found)
            assert posts + losses >= expected, path.name
