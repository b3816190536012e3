"""What the head of a page says, read from any bytes."""

import pytest

from publishing.outbound.page_head import Head, read
from publishing.tests.growth import growth, repeated


def head(text, charset="utf-8"):
    return read(text.encode(charset), charset)


def test_what_a_page_says_for_cards_is_preferred_to_its_title():
    page = """<!doctype html><html><head><title>Title — Site</title>
    <meta name="description" content="For search engines">
    <META PROPERTY='og:title' CONTENT='A &quot;card&quot; &amp; more'/>
    <meta property=og:site_name content=Site>
    <meta content="In one
      line, with > in it" property="og:description">
    <meta property="og:image" content="/cover.png?a=b&amp;c=d"></head><body><meta property="og:title" content="no">"""

    assert head(page) == Head('A "card" & more', "In one line, with > in it", "Site", "/cover.png?a=b&c=d")
    assert head("<title>\n Only &eacute; </title>") == Head("Only é")
    assert head("text without a head") == head("") == Head()


def test_what_is_no_tag_of_the_head_is_not_read():
    page = """<!-- <title>comment</title> --><script>"<title>script</title>"</script><style><title>a</title></style>
    <template><title>template</title></template><titles>x</titles><title>Right</title><title>second</title>"""

    assert head(page).title == "Right"
    assert head("<body><title>late</title>") == head("<!-- <title>open</title>") == Head()
    assert head("<title>never closed") == head("<script><title>a</title>") == Head()


def test_a_title_is_one_line_of_what_can_be_seen():
    hostile = "a\x00b\u202ec\u2066d\u200be\ufefff\u2028g\x85h\ud800"

    page = f"<title>{hostile}</title>".encode("utf-8", "surrogatepass")
    assert read(page, "utf-8").title.startswith("abcdef g h")
    assert head("<title>&#x202e;&#0;&#x1f;&#xd800;x</title>").title.endswith("x")
    assert "\u202e" not in head("<title>&#x202e;x</title>").title
    assert head('<meta property="og:title" content="\u200b"><title>Seen</title>').title == "Seen"


@pytest.mark.parametrize(
    ("body", "charset", "title"),
    [
        ("<title>Grüße</title>".encode("cp1252"), "iso-8859-1", "Grüße"),
        ('<meta charset="windows-1251"><title>Привет</title>'.encode("cp1251"), "", "Привет"),
        ("<title>日本</title>".encode("shift_jis"), "Shift_JIS", "日本"),
        ("<title>Grüße</title>".encode("utf-16"), "", "Grüße"),
        ("<title>Grüße</title>".encode("cp1252"), "", "Grüße"),
        ("<title>Grüße</title>".encode(), "nonsense", "Grüße"),
        ("<title>Grüße</title>".encode(), "hex", "Grüße"),
        ("<title>Grüße</title>".encode(), "idna", "Grüße"),
        ("<title>Grüße</title>".encode(), "unicode_escape", "Grüße"),
        ("<title>Grüße</title>".encode(), "a\x00b", "Grüße"),
        (b"\xef\xbb\xbf<title>x</title>", "", "x"),
        ("<title>Grüße</title>é".encode()[:-1], "", "Grüße"),
    ],
)
def test_the_charset_is_that_of_the_server_or_of_the_page_if_it_is_one(body, charset, title):
    assert read(body, charset).title == title


HOSTILE = [
    "<!--", "<title", "<title>", "<meta ", '<meta "', "<meta a='", "<meta a=\"<meta b='", "<meta a=",
    "<meta a" + " " * 50, "<script>", "</script", "<meta property='og:title' content='", "<b>", "<", "&", "&#x1;",
    "<meta/", "<meta a/", "<template>", "<meta charset=", "<title></title>", "<!-->", "\"'",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_any_page_takes_time_in_proportion_to_its_length(piece):
    assert growth(read, repeated(piece.encode()), 25_000, 10, most=25) < 25
