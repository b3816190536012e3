"""No text of an editor or a reader runs anything, as a browser reads what is made of it."""

import re

import pytest

from publishing.text.blocks import cleaning, mathml
from publishing.text.markdown import render_article, render_reader_text
from publishing.text.pictures import ImageInfo

from .payloads import CONTEXTS, in_context, payloads
from .trees import elements, parsed

PAYLOADS = payloads()
HTML_TAGS = cleaning.TAGS
ATTRIBUTES = {name for names in cleaning.ATTRIBUTES.values() for name in names}
ATTRIBUTES |= {"class", "width", "height", "loading", "decoding", "role", "aria-label", "tabindex"}
MATH_ATTRIBUTES = {name for names in mathml._ATTRIBUTES.values() for name in names} | mathml._EVERYWHERE
READERS_TAGS, READERS_ATTRIBUTES = {"p", "br", "a", "code"}, {"href", "rel"}


def scheme(address):
    """As browsers read it: without controls and spaces before it, and tabs and line ends anywhere."""
    address = re.sub(r"[\t\n\r]", "", address.lstrip("".join(map(chr, range(33)))))
    found = re.match(r"([a-zA-Z][a-zA-Z0-9+.\-]*):", address)
    return found[1].lower() if found else ""


def faults(html, tags=HTML_TAGS, attributes=ATTRIBUTES, schemes=frozenset({"", *cleaning.SCHEMES})):
    """What is in HTML that could act."""
    found = []
    for node in elements(parsed(html)):
        if node.name == "#text":
            continue
        names = node.attrs or {}
        if node.namespace == "math":
            allowed = tags is HTML_TAGS and node.name in mathml._TAGS and names.keys() <= MATH_ATTRIBUTES
        else:
            is_in_math = getattr(node.parent, "namespace", "") in ("math", "svg")
            allowed = not is_in_math and node.namespace == "html" and node.name in tags and names.keys() <= attributes
        addresses = [value or "" for name, value in names.items() if name in ("href", "src")]
        if not allowed or not {scheme(address) for address in addresses} <= schemes:
            found.append(f"<{node.name} {names}>")
    return found


def resolve(source):
    return ImageInfo(source, 4, 3) if source.startswith("/media/") else None


def test_there_are_as_many_payloads_as_in_the_lists():
    assert len(PAYLOADS) >= 333
    assert len(set(PAYLOADS)) == len(PAYLOADS)


def test_what_acts_would_be_found():
    acting = ["<img src=x onerror=f()>", "<a href='java\tscript:f()'>x</a>", "<svg><p>x</p></svg>", "<p style=x>x</p>"]
    acting += ["<math><mtext><img src=x></mtext></math>", "<math href=x>x</math>", "<template><script>f()</script>"]

    assert [html for html in acting if not faults(html)] == []


@pytest.mark.parametrize("context", CONTEXTS)
def test_nothing_acts_in_an_article(context):
    found = {}
    for payload in PAYLOADS:
        html = render_article(in_context(context, payload), resolve).html
        if problems := faults(html):
            found[payload] = problems

    assert found == {}


def test_nothing_acts_in_a_readers_text():
    sources = PAYLOADS + [in_context(context, payload) for context in ("in a line", "code") for payload in PAYLOADS]
    found = {}
    for source in sources:
        html = render_reader_text(source)
        if problems := faults(html, READERS_TAGS, READERS_ATTRIBUTES, frozenset({"http", "https"})):
            found[source] = problems

    assert found == {}


def test_a_browser_runs_nothing_of_all_this(browser):
    sources = [in_context(context, payload) for context in ("alone", "formula", "attribute") for payload in PAYLOADS]
    parts = dict.fromkeys(f"<section>{render_article(source, resolve).html}</section>" for source in sources)
    page = browser.new_page()
    page.add_init_script("window.ran = []; window.alert = (...words) => window.ran.push(words)")
    page.route("**/*", lambda route: route.abort())
    page.goto("about:blank")
    page.set_content("<title>x</title>" + "\n".join(parts), wait_until="domcontentloaded")
    acts = """[...document.body.querySelectorAll('*')].filter(one => one.closest('svg, script, iframe, embed, form')
        || [...one.attributes].some(({name}) => name.startsWith('on') || name === 'style')).map(one => one.outerHTML)"""

    assert page.locator("section").count() == len(parts)
    assert page.evaluate("window.ran") == []
    assert page.evaluate(acts) == []
    page.close()
