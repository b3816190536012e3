"""Boxes, pull quotes and text to fold out: `:::name` … `:::`, and GitHub's alerts."""

import pytest
from django.core.management import call_command

from articles.models import Article
from publishing.tests.factories import make_article
from publishing.text.blocks.containers import BOXES
from publishing.text.markdown import render_article


def html(source):
    return render_article(source).html.replace("\n", "")


@pytest.mark.parametrize("name", BOXES)
def test_a_box_is_a_note_with_a_label_that_everybody_sees(name):
    label = f'<p class="label"><strong>{BOXES[name]}</strong></p>'
    box = f'<aside class="box {name}" role="note">{label}<p>Mind <em>this</em>.</p></aside>'

    assert html(f":::{name}\nMind *this*.\n:::\n\nText.") == f"{box}<p>Text.</p>"
    assert html(f"> [!{name.upper()}]\n> Mind *this*.\n\nText.") == f"{box}<p>Text.</p>"
    assert html(f"> [!{name}]\n>\n> Mind *this*.") == box


def test_what_stands_behind_the_name_is_the_heading():
    assert "<strong>Before <code>make</code></strong>" in html(":::note Before `make`\nText.\n:::")
    assert html(":::details The `log`\nText.\n:::") == (
        "<details><summary>The <code>log</code></summary><p>Text.</p></details>"
    )
    assert html(":::details\nText.\n:::") == "<details><summary>Details</summary><p>Text.</p></details>"
    assert html(":::pull One sentence.\n:::") == html(":::pull\nOne sentence.\n:::")


def test_a_pull_quote_is_a_quote():
    assert html(":::pull\nA *set* of answers.\n:::") == (
        '<blockquote class="pull"><p>A <em>set</em> of answers.</p></blockquote>'
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("> [!NOTE]", "<blockquote><p>[!NOTE]</p></blockquote>"),
        ("> [!NOTE] text", "<blockquote><p>[!NOTE] text</p></blockquote>"),
        ("> [!OTHER]\n> text", "<blockquote><p>[!OTHER]text</p></blockquote>"),
        ("> text\n> [!NOTE]", "<blockquote><p>text[!NOTE]</p></blockquote>"),
        ("[!NOTE]\ntext", "<p>[!NOTE]text</p>"),
        (":::noted\ntext\n:::", "<p>:::notedtext:::</p>"),
        ("::note\ntext\n::", "<p>::notetext::</p>"),
    ],
)
def test_what_only_looks_like_a_box_stays_text(source, expected):
    assert html(source) == expected


def test_boxes_hold_any_blocks_and_each_other():
    nested = html("::::note\n- a\n\n```\nb\n```\n\n:::warning\nc\n:::\n\n> [!TIP]\n> d\n::::\n\ne")

    assert nested.endswith("</aside></aside><p>e</p>")
    assert nested.count("<aside") == 3
    assert "<li>a</li>" in nested and "<pre" in nested


def test_a_box_that_is_not_closed_ends_with_the_text_around_it():
    assert html("> :::note\n> a\n\nb").endswith("<p>a</p></aside></blockquote><p>b</p>")
    assert html(":::note\na\n\nb").endswith("<p>a</p><p>b</p></aside>")


def test_html_cannot_make_a_class_or_role_of_its_own():
    assert html('<aside class="slot" role="alert">a</aside>') == '<aside role="note">a</aside>'
    assert html('<blockquote class="notice">a</blockquote>') == "<blockquote>a</blockquote>"


def test_the_text_of_boxes_is_counted_and_found():
    rendered = render_article(":::note Mind\nOne two.\n:::\n\n:::details Three\nFour\n:::")

    assert rendered.words == 5
    assert rendered.text.split() == ["Mind", "One", "two.", "Three", "Four"]


def test_a_slot_is_never_inside_a_box():
    rendered = render_article(":::note\na\n\nb\n:::\n\nc")

    assert [block.tag for block in rendered.blocks] == ["aside", "p"]


@pytest.mark.django_db
def test_boxes_are_read_in_feeds_and_kept_by_the_importer(client, tmp_path):
    body = ":::warning Back up first\nThen go on.\n:::\n\n:::pull\nBack up.\n:::\n"
    (tmp_path / "first.md").write_text(f"---\ntitle: First\nslug: first\n---\n{body}\nWhat it says.\n")
    call_command("import_site", tmp_path, verbosity=0)
    article = Article.objects.get(slug="first")
    assert (article.body.strip(), article.summary) == (f"{body}\nWhat it says.", "What it says.")

    make_article(body=body)
    (item,) = client.get("/feed.json").json()["items"]
    assert "<strong>Back up first</strong></p>\n<p>Then go on.</p>" in item["content_html"]
    assert '<blockquote class="pull">' in item["content_html"]
