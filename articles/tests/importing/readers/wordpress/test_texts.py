"""Texts of WordPress as Markdown: blocks, classic text, shortcodes. Without a database."""

import pytest

from articles.importing.readers.wordpress.texts.paragraphs import paragraphs
from articles.importing.records import Post

from .conftest import UPLOADS, attachment, item

IMG = f"![]({UPLOADS}cat.jpg)"


def block(name, html="", attributes=""):
    return f"<!-- wp:{name} {attributes} -->\n{html}\n<!-- /wp:{name} -->\n\n"


# --- classic text ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", "one\\\ntwo\n\nthree"),
        ("one\r\n\r\ntwo", "one\n\ntwo"),
        ("before<h2>Head</h2>after", "before\n\n## Head\n\nafter"),
        ("<ul>\n<li>a\n\nb</li>\n</ul>", "- a b"),
        ("<pre>a\n\nb</pre>", "```\na\n\nb\n```"),
        ("<blockquote>a\n\nb</blockquote>", "> a\n>\n> b"),
        ("<div>a\n\nb</div>", "a\n\nb"),
        ("a <strong>b\n\nc</strong> d", "a **b**\n\n**c** d"),
        ("<table>\n<tr><th>a</th></tr>\n\n<tr><td>b</td></tr>\n</table>", "| a |\n| --- |\n| b |"),
        ("see\nhttps://video.example/a_b\nthere", "see\n\nhttps://video.example/a_b\n\nthere"),
        ("a<!--more Go on-->b", "a\n\nb"),
        ("a<!--nextpage-->b", "a\n\n---\n\nb"),
        ("a <!-- a remark --> b", "a b"),
        ("C:\\xampp\\new 1\\'2", "C:\\xampp\\new 1\\'2"),
        (":) [sic] [1] […] [Update] [Note: so] [see page 3] [x](y) a [so-called] [poll] [/end]", None),
    ],
)
def test_classic_text_has_the_paragraphs_and_breaks_of_wordpress(markdown, text, expected):
    found, notes = markdown(text)

    if expected is None:
        assert found.replace("\\", "") == text
    elif "xampp" in text:
        assert found.replace("\\\\", "\\") == expected
    else:
        assert found == expected
    assert not notes


@pytest.mark.parametrize(
    "text",
    [
        "a\n\n" * 20_000,
        "<b>" * 30_000,
        "<b>" * 15_000 + "</b>" * 15_000,
        "<div>\n\n" * 20_000,
        "<pre>" * 20_000,
        "<" * 50_000,
    ],
)
def test_paragraphs_take_time_in_proportion_to_the_text(text):
    assert len(paragraphs(text)) < 40 * len(text)


# --- shortcodes ---

FILES = [
    attachment("20", "cat.jpg", caption="Tom", alt="A cat", parent="7", menu_order="2"),
    attachment("21", "dog.jpg", parent="7", menu_order="1"),
    attachment("22", "song.mp3", parent="7"),
]
CAT, DOG = f'![A cat]({UPLOADS}cat.jpg "Tom")', f"![]({UPLOADS}dog.jpg)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[caption id="a" width="9" caption="Tom"]<img src="/cat.jpg" alt="A cat" />[/caption]',
         '![A cat](/cat.jpg "Tom")'),
        ('[caption width="9"]<img src="/cat.jpg" alt="A" /> Tom &amp; co[/caption]', '![A](/cat.jpg "Tom & co")'),
        ("a [highlight]word[/highlight]", "a <mark>word</mark>"),
        ('[wp_caption]<a href="/x/"><img src="/cat.jpg" /></a> Tom[/wp_caption]', '[![](/cat.jpg "Tom")](/x/)'),
        ("[embed width=9]https://v.example/1[/embed]", "https://v.example/1"),
        ("a [youtube=https://youtu.be/abcdefg&w=3] b", "a\n\nhttps://youtu.be/abcdefg&w=3\n\nb"),
        ("[vimeo 12345]", "https://vimeo.com/12345"),
        ('[audio mp3="https://v.example/a.mp3"][/audio]', "https://v.example/a.mp3"),
        ("[video mp4='https://v.example/v.mp4']", "https://v.example/v.mp4"),
        ("[code language=\"php\"]<?php echo $a['x'] &amp;&amp; [gallery];[/code]",
         "```php\n<?php echo $a['x'] && [gallery];\n```"),
        ("[python]\nx = [1]\n[/python]", "```python\nx = [1]\n```"),
        ("[[gallery ids=1]] and <code>[[more]]</code>", "[gallery ids=1] and `[more]`"),
        ("<code>[gallery] [x y=1]</code>", "`[gallery] [x y=1]`"),
        ("a[mfn]The <em>note</em>.[/mfn] b\n\n[toc]\n\nc [clear /]", "a[^1] b\n\nc\n\n[^1]: The *note*."),
        ('<a href="/x" title="[gallery]">x</a>', '[x](/x "[gallery]")'),
    ],
)  # fmt: skip
def test_shortcodes_of_wordpress_are_shown_as_it_shows_them(markdown, text, expected):
    found, notes = markdown(text)

    assert found == expected
    assert not notes


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ('a [contact-form-7 id="1"] b', "a\n\nb", "left out: contact-form-7 (1)"),
        ("[contact-form][contact-field label='x' /][/contact-form]", "", "contact-field (1), contact-form (1)"),
        ("a [my_widget] [my_widget]", "a", "my_widget (2)"),
        ('[slider id="3"]', "", "slider (1)"),
        ('[row][col width="1/2"]Kept.[/col][/row]', "Kept.", "only the content was taken: col (1), row (1)"),
        ('[tab title="First"]Kept.[/tab]', "**First**\n\nKept.", "tab (1)"),
        ('[toggle title="Why?"]So.[/toggle]', ":::details Why?\nSo.\n:::", "toggle (1)"),
        ('[button link="https://b.example/"]Buy[/button]', "[Buy](https://b.example/)", "button (1)"),
        ('[map src="https://map.example/1"]', "https://map.example/1", "map (1)"),
        ('[vc_single_image image="20"]', CAT, "vc_single_image (1)"),
        ('[my_slider ids="20,21"]', f":::gallery\n{CAT}\n\n{DOG}\n:::", "my_slider (1)"),
        (f'[blurb image="{UPLOADS}dog.jpg"]Kept.[/blurb]', f"{DOG}\n\nKept.", "blurb (1)"),
        (f"[frame image_id=1]{UPLOADS}dog.jpg[/frame]", DOG, "frame (1)"),
        ("[vc_raw_html]JTNDYiUzRUtlcHQlM0MlMkZiJTNF[/vc_raw_html]", "**Kept**", "vc_raw_html (1)"),
        ("[pullquote]Said.[/pullquote]", ":::pull\nSaid.\n:::", "pullquote (1)"),
        (block("shortcode", "[portfolio]"), "", "portfolio (1)"),
        ("a\n\n[my-widget]\n\nb", "a\n\nb", "my-widget (1)"),
        ("[a][b]x[/a]y[/b]", "xy", "a (1), b (1)"),
    ],
)
def test_shortcodes_of_plugins_are_named_with_counts_and_never_shown(markdown, text, expected, note):
    found, notes = markdown(text, *FILES)

    assert found == expected
    assert note in notes


@pytest.mark.parametrize("text", ["[a x=1]" * 20_000, "[a x=1]" * 9_000 + "[/a]" * 9_000, '[a "' * 20_000, "[" * 50_000,
                                  "[code]" * 20_000, "<pre>[a]" * 20_000, "<b>" * 50_000 + "[gallery]"])  # fmt: skip
def test_shortcodes_take_time_in_proportion_to_the_text(read, text):
    post = read(item(text)).posts[0]

    assert post.to_markdown(post) is not None


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        ('[gallery ids="20,21"]', [CAT, DOG]),
        ('[gallery columns="2"]', [DOG, CAT]),
        ('[gallery exclude="20"]', [DOG]),
        (block("gallery", "", '{"ids":[21,20]}'), [DOG, CAT]),
    ],
)
def test_a_gallery_has_its_pictures_in_order_else_all_of_its_post(markdown, text, pictures):
    found, notes = markdown(text, *FILES)

    assert [line for line in found.split("\n") if line.startswith("!")] == pictures
    assert found.startswith(":::gallery") == (len(pictures) > 1)
    assert not notes


def test_a_picture_of_a_gallery_that_is_not_in_the_export_is_told(markdown):
    found, notes = markdown('[gallery ids="20,99"] [playlist]', *FILES)

    assert CAT in found and "not in the export: 99" in notes
    assert f"[song.mp3]({UPLOADS}song.mp3)" in found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f'<img class="wp-image-20" src="{UPLOADS}cat-300x200.jpg" srcset="{UPLOADS}cat-9x9.jpg 9w">', IMG),
        (f'<img src="{UPLOADS}cat-300x200.jpg">', IMG),
        ('<img src="/wp-content/uploads/2024/01/cat-300x200.jpg">', IMG),
        (f'<img class="wp-image-20" src="{UPLOADS}other-300x200.jpg">', f"![]({UPLOADS}other-300x200.jpg)"),
        (f'<a href="{UPLOADS}cat.jpg"><img src="{UPLOADS}cat-300x200.jpg"></a>', IMG),
        (f'<a href="/?attachment_id=20" rel="attachment wp-att-20"><img src="{UPLOADS}cat.jpg"></a>', IMG),
        (f'<a href="/read/"><img src="{UPLOADS}cat-300x200.jpg"></a>', f"[{IMG}](/read/)"),
        (f'<img src="data:image/gif;base64,R0" data-src="{UPLOADS}cat-300x200.jpg">', IMG),
        ('<img src="https://i0.wp.com/a.example/x.png?resize=3&ssl=1">', "![](https://a.example/x.png)"),
        ('<img src="https://a.files.wordpress.com/x.png?w=300">', "![](https://a.files.wordpress.com/x.png)"),
    ],
)
def test_pictures_are_the_full_files_without_links_to_themselves(markdown, html, expected):
    assert markdown(html, *FILES)[0].replace("https:///", "/") == expected


# --- blocks ---

SHOWN = block("image", "<figure><img src=/a.jpg /><figcaption>A</figcaption></figure>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (block("paragraph", "<p>One</p>") + block("heading", "<h2>Two</h2>"), "One\n\n## Two"),
        (block("columns", block("column", "<p>a</p>") + block("column", "<p>b</p>")), "a\n\nb"),
        (block("embed", '<figure><div>https://v.example/1_2</div><figcaption>So</figcaption></figure>',
               '{"url":"https://v.example/1_2"}'), "https://v.example/1_2\n\n*So*"),
        (block("cover", "<div><p>On it</p></div>", '{"url":"/cat.jpg"}'), "![](/cat.jpg)\n\nOn it"),
        (block("media-text", '<div><figure><img src="/cat.jpg" alt=""/></figure><div><p>a</p></div></div>'),
         "![](/cat.jpg)\n\na"),
        (block("pullquote", "<figure><blockquote><p>a</p><cite>b</cite></blockquote></figure>"),
         ":::pull\na\n\n<cite>b</cite>\n:::"),
        (block("details", "<details><summary>a</summary><p>b</p></details>"), ":::details a\nb\n:::"),
        (block("verse", "<pre>a<br>b\n\nc</pre>"), "a\\\nb\n\nc"),
        (block("preformatted", "<pre>a<br>  b</pre>"), "```\na\n  b\n```"),
        (block("code", "<pre><code>a[1] [x y=1]</code></pre>", '{"language":"php"}'), "```php\na[1] [x y=1]\n```"),
        (block("file", '<div><a href="/a.pdf">A</a><a href="/a.pdf" download>Download</a></div>'), "[A](/a.pdf)"),
        (block("video", '<figure><video src="https://v.example/v.mp4"></video></figure>'), "https://v.example/v.mp4"),
        (block("buttons", block("button", '<div><a href="/x">Go</a></div>')), "[Go](/x)"),
        (block("separator", "<hr/>") + "<!-- wp:spacer /-->" + block("more", "<!--more-->"), "---"),
        (block("nextpage", "<!--nextpage-->"), "---"),
        (block("table", "<figure><table><tbody><tr><td>a</td></tr></tbody></table></figure>"), None),
        ("classic\ntext\n\n" + block("freeform", "a\n\nb"), "classic\\\ntext\n\na\n\nb"),
        (block("shortcode", "[vimeo 12345]"), "https://vimeo.com/12345"),
        (block("gallery", f"<figure>{SHOWN}{block('image', '<figure><img src=/b.jpg /></figure>')}"
                          "<figcaption>All</figcaption></figure>"),
         ':::gallery\n![](/a.jpg "A")\n\n![](/b.jpg)\n:::\n\n*All*'),
    ],
)  # fmt: skip
def test_blocks_are_plain_markdown_without_their_comments(markdown, text, expected):
    found, notes = markdown(text)

    assert expected in (None, found)
    assert "wp:" not in found and not notes


def test_footnotes_are_footnotes(markdown):
    text = '<p>A<sup data-fn="x1" class="fn"><a href="#x1" id="x1-link">1</a></sup>.</p>'
    meta = [("footnotes", '[{"content":"The <em>note</em>.","id":"x1"}]')]
    found, _ = markdown(block("paragraph", text) + "<!-- wp:footnotes /-->", meta=meta)

    assert found == "A[^1].\n\n[^1]: The *note*."


def test_a_reusable_block_is_written_out_and_one_that_shows_itself_ends(markdown):
    reused = item(
        block("paragraph", "<p>Reused</p>") + '<!-- wp:block {"ref":30} /-->', post_id="30", post_type="wp_block"
    )
    found, notes = markdown('<!-- wp:block {"ref":30} /--><!-- wp:block {"ref":31} /-->', reused)

    assert found == "Reused"
    assert "block 30 (1), block 31 (1)" in notes


def test_blocks_that_are_made_anew_for_each_page_are_named(markdown):
    found, notes = markdown('<!-- wp:latest-posts {"postsToShow":3} /-->' * 2 + "<!-- wp:acf/hero /-->")

    assert not found
    assert "left out: acf/hero (1), latest-posts (2)" in notes


def test_blocks_nested_without_end_are_read(markdown):
    assert markdown("<!-- wp:group -->" * 5_000 + "<p>In</p>" + "<!-- wp:group {" * 5_000)[0] == "In"


def test_the_file_of_a_podcast_comes_behind_the_text(markdown):
    meta = [("enclosure", "https://cast.example/1.mp3\n123\naudio/mpeg\n")]

    assert markdown("Text", meta=meta)[0] == "Text\n\nhttps://cast.example/1.mp3"
    assert markdown("https://cast.example/1.mp3", meta=meta)[0] == "https://cast.example/1.mp3"


def test_texts_of_the_samples_show_neither_blocks_nor_shortcodes(samples, read):
    data = (samples / "wordpress" / "a11y-unit-test-data.xml").read_bytes()
    for post in read(export__xml=data).posts:
        assert isinstance(post, Post)
        text = post.to_markdown(post)
        assert "wp:" not in text and "[gallery" not in text and "[caption" not in text, post.title
