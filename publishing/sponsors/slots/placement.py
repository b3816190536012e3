"""Where sponsored slots go inside an article, computed from its structure when it is saved."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from publishing.text.blocks.finishing import VOID_TAGS
from publishing.text.markdown import Block
from publishing.text.reading_time import count_words

# The length of an article in words of prose from which it has one slot, two, three and four.
WORDS_THAT_EARN = (300, 700, 1200, 1700)
# Words before each slot: fixed, so that a slot does not move when text is added after it.
WORDS_BEFORE = (150, 450, 800, 1200)
WORDS_BETWEEN = 200

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
# Code and footnotes.
NOT_PROSE = frozenset({"pre", "section"})

# The slot above an article is inside it on narrow screens, where it would push the text off the first one.
PARAGRAPHS_BEFORE_TOP = 2
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>')
# The beginning of a paragraph that does not begin with a picture.
_PARAGRAPH = re.compile(r"\s*<p\b[^>]*>(?!\s*(?:<a\b[^>]*>)?\s*<(?:img|picture))")

# What a reason has to say of the block that follows.
_FOLLOWS = {
    **dict.fromkeys(HEADINGS, _("a heading follows.")),
    **dict.fromkeys(("ul", "ol", "dl"), _("a list follows.")),
    "blockquote": _("a quote follows."),
    "table": _("a table follows."),
    "pre": _("code follows."),
    "section": _("footnotes follow."),
    "hr": _("a rule follows."),
    "p": _("a picture follows."),
    "figure": _("a picture follows."),
}
_OTHER_FOLLOWS = _("something else than a paragraph follows.")
_AFTER_HEADING = _("it is the first one below a heading.")
_LAST = _("the text ends.")
_SHORT = _("the article is too short for a slot: %(words)s words, %(least)s are needed.")
_ENOUGH = _("the article has all slots that its length allows: %(number)s.")
_EARLY = _("%(words)s words are before it, %(least)s are needed.")
_CLOSE = _("%(words)s words are between it and the last slot, %(least)s are needed.")


@dataclass(frozen=True)
class Place:
    """The end of the paragraph of this number. A slot is there, or `why` it is not: a sentence and its values."""

    paragraph: int
    end: int
    why: tuple[str, dict] | None = None

    @property
    def reason(self) -> str:
        return self.why[0] % self.why[1] if self.why else ""


def number_of_slots(words: int) -> int:
    """0 to 4, by the words of prose."""
    return bisect_right(WORDS_THAT_EARN, words)


def decisions(blocks: list[Block]) -> Iterator[Place]:
    """Each paragraph of an article's `blocks`, with a slot after it or the reason against one.

    A slot comes after a top-level paragraph and before another one: never beside a heading, list, quote, table, code,
    picture, footnote or rule, and not after the first paragraph below a heading. 150 words come before the first, 200
    between two. If there are too few places, there are fewer slots.

    A place depends on the blocks before it and the next one, so text that is added moves only slots after it.
    """
    words = sum(_prose_words(block) for block in blocks)
    wanted = number_of_slots(words)
    read, read_at_last_slot, placed, paragraph = 0, None, 0, 0
    for before, block, following in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
        read += _prose_words(block)
        if not _is_text(block):
            continue
        paragraph += 1
        between = None if read_at_last_slot is None else read - read_at_last_slot
        if not wanted:
            why = _SHORT, {"words": words, "least": WORDS_THAT_EARN[0]}
        elif placed == wanted:
            why = _ENOUGH, {"number": wanted}
        elif read < WORDS_BEFORE[placed]:
            why = _EARLY, {"words": read, "least": WORDS_BEFORE[placed]}
        elif between is not None and between < WORDS_BETWEEN:
            why = _CLOSE, {"words": between, "least": WORDS_BETWEEN}
        else:
            why = _beside(before, following)
        if why is None:
            placed, read_at_last_slot = placed + 1, read
        yield Place(paragraph, block.end, why)


def offsets(blocks: list[Block]) -> list[int]:
    """The places of slots, as rising character offsets into the HTML that `blocks` describe."""
    return [place.end for place in decisions(blocks) if place.why is None]


def _beside(before: Block | None, following: Block | None):
    """What speaks against a slot between a paragraph, which comes after `before`, and the block that follows."""
    if following is None:
        return _LAST, {}
    if before and before.tag in HEADINGS:
        return _AFTER_HEADING, {}
    return None if _is_text(following) else (_FOLLOWS.get(following.tag, _OTHER_FOLLOWS), {})


def _prose_words(block: Block) -> int:
    return 0 if block.tag in NOT_PROSE else block.words


def _is_text(block: Block) -> bool:
    """A paragraph with words; one without is a picture."""
    return block.tag == "p" and block.words > 0


def top_inside(html: str) -> int | None:
    """The place in rendered HTML of the slot above it, on narrow screens: after the second top-level paragraph.

    As with `decisions`, another paragraph follows, and no heading is before. None if there is no such place. Reads as
    far as that.
    """
    depth = paragraphs = 0
    before = last = ""
    is_text = False
    for tag in _TAG.finditer(html):
        is_end, name = tag.groups()
        if name in VOID_TAGS:
            before, last = (before, last) if depth else (last, name)
            continue
        depth += -1 if is_end else 1
        if depth == 1 and not is_end:
            is_text = bool(_PARAGRAPH.match(html, tag.start()))
        if depth:
            continue
        before, last = last, name
        paragraphs += is_text
        has_place = is_text and before not in HEADINGS and _PARAGRAPH.match(html, tag.end())
        if has_place and paragraphs >= PARAGRAPHS_BEFORE_TOP:
            return tag.end()
    return None


def is_near(html: str, one: int, other: int) -> bool:
    """Whether too few words are between two places for a slot at each."""
    start, end = sorted((one, other))
    return count_words(strip_tags(html[start:end])) < WORDS_BETWEEN
