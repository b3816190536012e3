"""Markdown to safe HTML, in two profiles, rendered when the text is saved. No other module marks text safe.

*article*, for editors: CommonMark with tables, footnotes, task and definition lists, marks, math, links for bare
addresses, ids of headings, typographic punctuation and sanitised HTML.
*reader*, for readers: plain text as typed, with links for web addresses and `code`.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from operator import itemgetter

import nh3
from django.conf import settings
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from . import heading_ids, languages, markdown_limits, pictures, recordings
from .blocks import autolinks, cards, cleaning, containers, formulas, marks, on_page
from .blocks.finishing import Block, Finisher
from .highlighting import fence_of, highlight
from .reading_time import count_words
from .typography import straight, typography

# One more with each change of what is stored: `manage.py migrate` has articles of an earlier one rendered again.
VERSION = 8


@dataclass
class RenderedArticle:
    """What is stored with an article's source.

    `contents` are the headings as {"level": 2–6, "id": str, "text": str}, `text` is plain text for the search, with
    straight quotes, `words` counts prose without footnotes, `code_lines` without blank lines.
    """

    html: SafeString = SafeString()
    contents: list[dict] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    text: str = ""
    words: int = 0
    code_lines: int = 0
    images: int = 0
    # Those that have a card or could have one.
    addresses: list[cards.Address] = field(default_factory=list)
    # Those of markdown-it, with the levels and ids of headings as in `contents`.
    tokens: list[Token] = field(default_factory=list, repr=False)


# --- the article profile ------------------------------------------------------------------------


def _render_fence(renderer, tokens, index, options, env):
    fence, code = fence_of(tokens[index].info), tokens[index].content
    # What readers see above the code (static/css/site/code.css) is also what names it for those who do not.
    label = f' role="group" aria-label="{escape(fence.label)}"' if fence.label else ""
    return f'<pre tabindex="0"{label}><code>{highlight(code, fence.language, env, fence.marked)}</code></pre>\n'


_TAG_NAME = re.compile(r"</?([a-zA-Z][\w:-]*)")


def _render_html_inline(renderer, tokens, index, options, env):
    tag = tokens[index].content
    name = _TAG_NAME.match(tag)
    is_text = name and name[1].lower() not in cleaning.TAGS | cleaning.UNSEEN_TAGS
    if name and name[1].lower() in recordings.ELEMENTS:
        # Without an end it would take the rest of the paragraph for what it shows instead.
        is_text = is_text or not _has_end(tokens, index, env)
    return escape(tag, quote=False) if is_text else markdown_limits.bounded_html(tag, env)


def _has_end(tokens: list[Token], index: int, env: dict) -> bool:
    """Whether an <audio> or <video> at `index` of a paragraph ends in it."""
    if env.get("players", (None,))[0] is not tokens:
        ends = [place for place, token in enumerate(tokens) if token.content.lower().startswith(("</audio", "</video"))]
        env["players"] = tokens, max(ends, default=-1)
    return index <= env["players"][1]


def _render_html_block(renderer, tokens, index, options, env):
    content = tokens[index].content
    if "<math" in content:
        content = env.setdefault("formulas", formulas.Formulas()).hide_all(content)
    return markdown_limits.bounded_block(content, env)


def _take_heading_ids(state: StateCore) -> None:
    """The ids that the text gives its headings, before its inline markup is read."""
    for place, token in enumerate(state.tokens):
        if token.type == "heading_open":
            inline = state.tokens[place + 1]
            inline.content, token.meta["id"] = heading_ids.taken_from(inline.content)


_ARTICLE = MarkdownIt("commonmark", {"html": True}).enable("table").use(footnote_plugin)
_ARTICLE.use(deflist_plugin)
marks.use_marks(_ARTICLE)
formulas.use_formulas(_ARTICLE)
containers.use_containers(_ARTICLE)
cards.use_cards(_ARTICLE)
_ARTICLE.block.ruler.at("table", markdown_limits.bounded_table, {"alt": ["paragraph", "reference"]})
_ARTICLE.core.ruler.after("inline", "task_lists", markdown_limits.task_lists)
autolinks.use_autolinks(_ARTICLE)
_ARTICLE.core.ruler.after("block", "heading_ids", _take_heading_ids)
_ARTICLE.core.ruler.before("text_join", "typography", typography)
_ARTICLE.add_render_rule("fence", _render_fence)
_ARTICLE.add_render_rule("code_block", _render_fence)
_ARTICLE.add_render_rule("html_inline", _render_html_inline)
_ARTICLE.add_render_rule("html_block", _render_html_block)

_LINE = marks.use_marks(MarkdownIt("zero").enable(["emphasis", "link", "autolink", "backticks", "escape", "entity"]))
_LINE.core.ruler.before("text_join", "typography", typography)
# What means something in a line of Markdown.
_MARKUP = re.compile(r"[\\`*_~^=$\[\]()<>&!]")

_ALIGN = re.compile(r"text-align:(left|center|right)")
_CELL_ALIGN = re.compile(r'(<t[dh](?: [a-z]+="[^"]*")*?) align="([^"]*)"')


_WITH_TEXT = frozenset({"text", "code_inline", "image", "formula", "softbreak", "hardbreak"})


def _plain(token: Token, formula: str = "") -> str:
    """The text of an inline token, with code and alt texts, and formulas as typed or as the word `formula`."""
    return "".join(
        " " if child.type.endswith("break") else (child.type == "formula" and formula) or child.content
        for child in token.children or ()
        if child.type in _WITH_TEXT
    )


def _prepare_headings(tokens: list[Token], rendered: RenderedArticle, known: Sequence[dict]) -> None:
    """Set the levels and ids of headings, and list them."""
    places = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    # The title is the only h1, so headings of a text with an h1 move down by one.
    shift = 1 if any(tokens[place].tag == "h1" for place in places) else 0
    texts = [_plain(tokens[place + 1]) for place in places]
    # Whatever its punctuation, a heading is the same.
    known = [heading | {"text": straight(heading["text"])} for heading in known]
    given = [tokens[place].meta.get("id", "") for place in places]
    anchors = heading_ids.ids([straight(text) for text in texts], known, given)
    for place, text, anchor in zip(places, texts, anchors, strict=True):
        level = min(6, int(tokens[place].tag[1]) + shift)
        tokens[place].tag = tokens[place + 2].tag = f"h{level}"
        tokens[place].attrSet("id", anchor)
        rendered.contents.append({"level": level, "id": anchor, "text": text})


def _prepare(tokens: list[Token], rendered: RenderedArticle) -> None:
    """Set the alignment of cells, and measure the text."""
    texts, footnotes = [], 0
    for token in tokens:
        if token.type in ("th_open", "td_open") and (align := _ALIGN.search(str(token.attrGet("style") or ""))):
            token.attrs = {"align": align[1]}
        elif token.type in ("footnote_block_open", "footnote_block_close"):
            footnotes += token.nesting
        elif token.type in ("fence", "code_block"):
            texts.append(token.content)
            rendered.code_lines += sum(bool(line.strip()) for line in token.content.splitlines())
        elif token.type == "link_card":
            texts.append(token.content)
        elif token.type == "formula_block":
            texts.append(token.content)
            rendered.words += not footnotes
        elif token.type in ("inline", "html_block"):
            text = _plain(token) if token.children else markdown_limits.bare_text(token.content)
            texts += [text, *pictures.captions(token)]
            if not footnotes:
                rendered.words += count_words(_plain(token, "x") if token.children else text)
    # As it is searched for.
    rendered.text = straight("\n".join(texts))


def _words_in(language: str):
    """Our words in a text (“Note”, “Details”) are in its language, or without a translation in that of the site."""
    for one in (language.lower(), language.partition("-")[0].lower()):
        if one in dict(settings.LANGUAGES):
            return translation.override(one)
    return languages.of_the_site()


def render_article(
    source: str,
    resolve_image: pictures.Resolve | None = None,
    known_headings: Sequence[dict] = (),
    first_is_lazy: bool = True,
    look_up_cards: cards.LookUp | None = None,
    language: str = "",
) -> RenderedArticle:
    """Render an editor's text, and all that is derived from it.

    An image is shown if `resolve_image` returns its size; others become links, since pages load nothing from other
    hosts. Alone in its paragraph it is a figure. Images load lazily; without `first_is_lazy`, all but the first.
    `known_headings` are the `contents` of an earlier rendering, which keep their ids (`heading_ids.kept`). An address
    alone in its paragraph is the card that `look_up_cards` knows, asked once for all, else a link. Quotes and our words
    are those of `language`, by default the site's.
    About 20 ms for 2,000 words, in linear time; a text over `markdown_limits.MOST_EFFORT` is shown as typed.
    """
    rendered, env = parse_article(source, resolve_image, known_headings, look_up_cards, language)
    with _words_in(language):
        html = cleaning.clean(_ARTICLE.renderer.render(rendered.tokens, _ARTICLE.options, env))
        hidden = env.get("formulas", formulas.Formulas())
        finisher = Finisher(resolve_image, first_is_lazy, cards.pictures_of(rendered.tokens), hidden)
        finisher.feed(html)
        finisher.close()
    rendered.html = mark_safe("".join(finisher.out))  # noqa: S308 - cleaned above
    rendered.blocks, rendered.images = finisher.blocks, finisher.images
    return rendered


def parse_article(
    source: str,
    resolve_image: pictures.Resolve | None = None,
    known_headings: Sequence[dict] = (),
    look_up_cards: cards.LookUp | None = None,
    language: str = "",
) -> tuple[RenderedArticle, dict]:
    """What `render_article` derives from a text but for the HTML, and the parser's data for it. Half of its time."""
    rendered, env = RenderedArticle(), {"language": language}
    if markdown_limits.effort(source) > markdown_limits.MOST_EFFORT:
        tokens = [Token("code_block", "code", 0, content=source)]
    else:
        with _words_in(language):
            tokens = pictures.make_figures(_ARTICLE.parse(source, env), resolve_image)
        tokens, rendered.addresses = cards.make_cards(tokens, look_up_cards)
    _prepare_headings(tokens, rendered, known_headings)
    _prepare(tokens, rendered)
    rendered.tokens = tokens
    return rendered, env


def interleave(html: str, inserts: Iterable[tuple[int, str]]) -> SafeString:
    """Rendered `html` with texts, escaped unless safe, at their offsets. Those of one place stay in their order."""
    parts, start = [], 0
    for offset, insert in sorted(inserts, key=itemgetter(0)):
        parts += [html[start:offset], conditional_escape(insert)]
        start = offset
    return mark_safe("".join([*parts, html[start:]]))  # noqa: S308 - cleaned when it was rendered


def page_parts(html: str) -> list[tuple[int, SafeString]]:
    """What the page of an article inserts into its rendered `html` (blocks/on_page.py), for `interleave`."""
    return [(offset, mark_safe(part)) for offset, part in on_page.parts(html)]  # noqa: S308 - taken from `html`


def ends_of_paragraphs(html: str, offsets: Iterable[int]) -> list[int]:
    """Those of `offsets` at which a paragraph of `html` ends, once each: others belong to another text."""
    return sorted({at for at in offsets if at <= len(html) and html.endswith("</p>", 0, max(0, at))})


def render_fragment(source: str) -> SafeString:
    """A short piece of editor's Markdown (a question, a choice, a biography) as safe HTML."""
    return stored(render_article(source).html.strip())


def render_line(source: str) -> SafeString:
    """An editor's Markdown in one line as safe HTML: emphasis, links, code."""
    return mark_safe(cleaning.once(_LINE.renderInline(source)).strip())  # noqa: S308 - cleaned in this line


def escaped(text: str) -> str:
    """`text` as Markdown that shows it as it is."""
    return _MARKUP.sub(r"\\\g<0>", text)


def stored(html: str) -> SafeString:
    """HTML that this module rendered before and that was stored since, for a template.

    Cells are stored with `align`, which feed readers understand; HTML 5 knows none, so pages get a class. Both are of
    one length: offsets of blocks stay right. Footnotes, behind all of them, get their name.
    """
    if '<section class="footnotes">' in html:
        name = escape(translation.gettext("Footnotes"))
        html = html.replace('<section class="footnotes">', f'<section class="footnotes" aria-label="{name}">')
    return mark_safe(_CELL_ALIGN.sub(r'\1 class="\2"', html))  # noqa: S308 - cleaned when it was stored


# Characters that could end the script element, or be read as markup.
_UNSAFE_IN_SCRIPT = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def json_ld(data: dict) -> SafeString:
    """`data` as a JSON-LD script element, which no text in it can end."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE_IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


# --- the reader profile -------------------------------------------------------------------------


_READER = MarkdownIt("zero", {"breaks": True, "linkify": True, "html": False})
_READER.enable(["newline", "backticks", "linkify"])
_READER.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
for _schema in ("//", "ftp:", "mailto:"):
    _READER.linkify.add(_schema, None)

_clean_reader = nh3.Cleaner(
    tags={"p", "br", "a", "code"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https"},
    link_rel="nofollow ugc noopener",
).clean


def render_reader_text(source: str) -> SafeString:
    """Render a reader's text: paragraphs and line breaks as typed, http(s) addresses as links, `code`."""
    return mark_safe(_clean_reader(_READER.render(source)).strip())  # noqa: S308 - cleaned in this line
