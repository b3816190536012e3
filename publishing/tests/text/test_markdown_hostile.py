"""What attackers write, and what must never be in the page whatever anyone writes."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.tests.rows import failures
from publishing.text import markdown
from publishing.text.blocks import cleaning, mathml
from publishing.text.markdown import render_article, render_reader_text

FORBIDDEN_TAGS = frozenset(
    "script style iframe object embed base meta link form button textarea select svg math template noscript title "  # noqa: SIM905
    "xmp plaintext noembed noframes frame frameset applet audio video source track canvas dialog portal html head "
    "body main header footer nav h1 slot".split()
)
ATTRIBUTES = frozenset(
    "href id title lang dir src alt width height loading decoding tabindex start colspan rowspan align scope "  # noqa: SIM905
    "type checked disabled datetime class role aria-label".split()
)
# What markup.py adds after cleaning; an article that is cleaned again loses it, and only it.
ADDED = re.compile(
    r' class="table" tabindex="0" role="group" aria-label="Table"| loading="lazy" decoding="async"'
    r'|(?<=class="math") tabindex="0" role="group" aria-label="Formula"'
)
IMAGE_SIZE = re.compile(r' width="\d+" height="\d+"')


class Inspector(HTMLParser):
    """Collects what a page would do with a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.addresses, self.classes, self.inputs = set(), set(), [], set(), []
        self.asides = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        named = dict(attributes)
        self.attributes |= set(named)
        self.addresses += [value for name, value in attributes if name in ("href", "src")]
        self.classes |= set((named.get("class") or "").split())
        if tag == "input":
            self.inputs.append(named)
        if tag == "aside":
            self.asides.append(named)

    def handle_comment(self, data):
        self.tags.add("<!--")

    handle_pi = handle_decl = unknown_decl = handle_comment


def scheme(address):
    """The scheme that a browser reads: it drops leading controls and spaces, and tabs and line ends anywhere."""
    address = re.sub(r"[\t\n\r]", "", address.lstrip("".join(map(chr, range(33)))))
    match = re.match(r"([a-zA-Z][a-zA-Z0-9+.\-]*):", address)
    return match[1].lower() if match else ""


def without_formulas(html):
    """HTML without its MathML, which holds nothing but what it may."""

    def check(formula):
        assert mathml.checked(formula[0]) == formula[0]
        return ""

    return re.sub("<math[ >].*?</math>", check, html, flags=re.DOTALL)


def assert_safe(html):
    found = Inspector(without_formulas(html))
    assert not found.tags & FORBIDDEN_TAGS and "<!--" not in found.tags
    assert found.attributes <= ATTRIBUTES, found.attributes - ATTRIBUTES
    assert {scheme(address) for address in found.addresses} <= {"", "http", "https", "mailto", "ftp"}
    assert found.classes <= {name for names in cleaning.CLASSES.values() for name in names} | {"table"}
    assert all(field.get("type") == "checkbox" for field in found.inputs)
    assert all(aside.get("role") == "note" for aside in found.asides), "a landmark of the page"


def assert_stable(html):
    """Cleaning what was cleaned changes nothing, so no browser can read it as something else than the cleaner did."""
    bare = IMAGE_SIZE.sub("", ADDED.sub("", without_formulas(html)))
    assert cleaning.once(bare) == bare


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT >",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "text <script>alert(1)</script> text",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=x ONERROR=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x" `onerror=alert(1)>',
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=9>x</text></a></svg>",
    "<svg><animate href=#x attributeName=href values=javascript:alert(1) /></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<div><template><div></template><img src=x onerror=alert(1)></div>",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&#9;script:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](javascript://%0aalert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://a.example/b)",
    "[x](feed:javascript:alert(1))",
    "[x](view-source:javascript:alert(1))",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "[x][a]\n\n[a]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    '<a href="java&#9;script:alert(1)">x</a>',
    '<a href=" &#1;javascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="&#106;avascript&#58;alert(1)">x</a>',
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=javascript:alert(1)>x</a>",
    "<a formaction=javascript:alert(1) ping=//evil.example>x</a>",
    '![x](https://a.example/"onerror="alert(1))',
    '![x](https://a.example/b "t\\" onerror=alert(1)")',
    '![" onerror=alert(1) x="](https://a.example/b)',
    '[x](/a "\\" onmouseover=alert(1) \\"")',
    "<a href=//evil.example target=_blank>x</a>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<iframe src=javascript:alert(1)>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<base href='//evil.example'>",
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    "<link rel=stylesheet href=//evil.example>",
    "<link rel=import href=//evil.example>",
    "<form action=//evil.example><input name=q autofocus onfocus=alert(1)><button>go</button></form>",
    "text <input autofocus onfocus=alert(1)>",
    "<input type=image src=x onerror=alert(1)>",
    "<input type=text value='Your password'><input type=checkbox onchange=alert(1)>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<style>@import '//evil.example'</style>",
    "<p style='background:url(//evil.example)' class='masthead fault'>x</p>",
    "<pre tabindex=1 onfocus=alert(1) autofocus>x</pre>",
    "<div style=position:fixed;inset:0 popover>x</div>",
    '<a id="getElementById" name="body">x</a>',
    "<img name=getElementById id=x src=x>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<time datetime=x onclick=alert(1)>x</time>",
    "<table background='javascript:alert(1)'><tr><td background=x>x</table>",
    "</article></main></body></html><body onload=alert(1)>",
    '```"><img onerror=alert(1)>\nx\n```',
    '```html onload="alert(1)\n<script>alert(1)</script>\n```',
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    '## "><script>alert(1)</script>',
    '[^"><img src=x onerror=alert(1)>]\n\n[^"><img src=x onerror=alert(1)>]: x',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<script\x00>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<\x00script>alert(1)</script>",
    '[[youtube:"><script>]]',
    "| <script>alert(1)</script> | `</td>` |\n|---|---|\n| <img src=x onerror=alert(1)> | x |",
    "a\u202eb\u2066c\u200d\u200b",
    "e" + "\u0301" * 300,
]


def test_nothing_that_acts_survives_in_an_article():
    def check(source):
        html = render_article(source).html
        assert_safe(html)
        assert_stable(html)

    assert failures(HOSTILE, check) == {}


def test_nothing_that_acts_survives_in_a_readers_text():
    def check(source):
        html = render_reader_text(source)
        found = Inspector(html)
        assert found.tags <= {"p", "br", "a", "code"}
        assert found.attributes <= {"href", "rel"}
        assert {scheme(address) for address in found.addresses} <= {"http", "https"}
        assert html.count("<a ") == html.count('rel="nofollow ugc noopener"')
        assert markdown._clean_reader(html) == html

    assert failures(HOSTILE, check) == {}


def test_what_a_template_would_read_is_only_text():
    source = "{{ settings.SECRET_KEY }} {% include x %} {# y #}"

    assert render_article(source).html == f"<p>{source}</p>\n"
    assert render_reader_text(source) == f"<p>{source}</p>"


def test_an_escaped_tag_is_not_decoded_twice():
    assert render_article("&lt;b&gt;").html == "<p>&lt;b&gt;</p>\n"
    assert render_article("&amp;lt;b&amp;gt;").html == "<p>&amp;lt;b&amp;gt;</p>\n"


# --- work caps ---

LONG = {
    "10,000 braces of math": "$" + "{" * 10_000 + "}" * 10_000 + "$",
    "10,000 braces of math that are not closed": "$$\n" + "{" * 10_000 + "\n$$",
    "10,000 roots": "$" + "\\sqrt" * 10_000 + "x$",
    "roots as long as they may be": "$" + "\\sqrt" * 395 + " x$",
    "10,000 open formulas": "$a $$b " * 10_000,
    "a table of 5,000 columns": "|" + "a|" * 5000 + "\n|" + "-|" * 5000 + "\n|" + "b|" * 5000,
    "10,000 nested quotes": ">" * 10_000 + " x",
    "10,000 open boxes": ":::note\n" * 10_000,
    "1,000 nested lists": "\n".join("  " * depth + "- x" for depth in range(1000)),
    "50,000 open brackets": "[" * 50_000,
    "100 kB of stars": "*" * 100_000,
    "100 kB of mixed emphasis": "*_" * 50_000,
    "open strong": "a**b" * 25_000,
    "open images": "![" * 20_000,
    "images that close late": "![" * 5000 + "](" * 5000,
    "open footnotes": "[^" * 20_000,
    "one footnote 5,000 times": "[^a]" * 5000 + "\n\n[^a]: x",
    "backticks of every length": "".join("`" * number + " " for number in range(400)),
    "open tags": "<a " * 30_000,
    "open angles": "<" * 50_000,
    "open comments": "<!--" * 30_000,
    "20,000 open elements": "<b>" * 20_000,
    "10,000 open blocks": "<div>" * 10_000,
    "nested tables": "<table>" * 3000,
    "50,000 entities": "&amp;" * 50_000,
    "open links": "[a](<" * 20_000,
    "10,000 headings of one name": "# a\n" * 10_000,
    "1,000 tasks": "- [ ] a\n" * 1000,
    "open strings of code": "```python\n" + "x = '" * 20_000 + "\n```",
    "one line of half a megabyte": "word " * 100_000,
    "300 marks on each of 300 letters": ("e" + "\u0301" * 300) * 300,
}


def test_rendering_ends_and_stays_safe():
    def check(name):
        rendered = render_article(LONG[name])
        assert_safe(rendered.html)
        assert all(block.end <= len(rendered.html) for block in rendered.blocks)

    assert failures(LONG, check) == {}


def test_the_longest_text_that_a_reader_may_send_is_rendered():
    def check(name):
        assert Inspector(render_reader_text(LONG[name][:4000])).tags <= {"p", "br", "a", "code"}

    assert failures(LONG, check) == {}


# --- whatever the input ---

PIECES = st.sampled_from(
    HOSTILE
    + [
        "<p>",
        "</p>",
        "<div",
        ">",
        "\n",
        "\n\n",
        "`",
        "```",
        "*",
        "[",
        "](",
        ")",
        "&",
        ";",
        '"',
        "'",
        "=",
        "<!--",
        "-->",
    ]
    + [
        "-->",
        "<style>",
        "</style>",
        "<svg>",
        "<math>",
        "<mtext>",
        "<table>",
        "<td>",
        "<li>",
        "<a ",
        "href",
        "javascript:",
    ]
    + ["$", "$$", "$$\n", "\\text{", "}", "==", "^", "~", "\n: "]
    + [":::note ", ":::details ", ":::", "[!NOTE]", "https://a.example/", "<aside role="]
    + ["|", "---", "    ", "- ", "> ", "# ", "1. ", "[^1]", "[^1]: ", "\x00", "\u2028", "&#x"]
)
SOURCES = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


@settings(max_examples=300, derandomize=True)
@given(SOURCES)
def test_no_article_ever_holds_anything_that_acts(source):
    rendered = render_article(source)

    assert_safe(rendered.html)
    assert [block.end for block in rendered.blocks] == sorted(block.end for block in rendered.blocks)
    assert not rendered.blocks or rendered.blocks[-1].end <= len(rendered.html)


@settings(max_examples=300, derandomize=True)
@given(SOURCES)
def test_cleaning_twice_is_cleaning_once(source):
    assert_stable(render_article(source).html)


@settings(max_examples=300, derandomize=True)
@given(SOURCES)
def test_a_readers_text_holds_paragraphs_lines_links_and_code(source):
    found = Inspector(render_reader_text(source))

    assert found.tags <= {"p", "br", "a", "code"}
    assert found.attributes <= {"href", "rel"}
    assert {scheme(address) for address in found.addresses} <= {"http", "https"}
