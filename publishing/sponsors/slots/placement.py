"""Where sponsored slots go inside an article, computed from its structure when it is saved."""

import re
from bisect import bisect_right
from itertools import pairwise

from django.utils.html import strip_tags

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
_GOES_ON = re.compile(r"\s*<(?:p|h[2-6])\b")


def number_of_slots(words: int) -> int:
    """0 to 4, by the words of prose."""
    return bisect_right(WORDS_THAT_EARN, words)


def offsets(blocks: list[Block]) -> list[int]:
    """The places of slots, as rising character offsets into the HTML that `blocks` describe.

    A slot comes after a top-level paragraph and before another one or a heading: never between a paragraph and the
    list, code, quote, table or picture that it introduces. A paragraph follows the last slot. 150 words come before the
    first, 200 between two. If there are too few places, there are fewer slots.

    A place depends on the blocks before it and the next one, so text that is added moves only slots after it.
    """
    wanted = number_of_slots(sum(_prose_words(block) for block in blocks))
    last_paragraph = max((index for index, block in enumerate(blocks) if _is_text(block)), default=0)
    places: list[int] = []
    read, read_at_last_slot = 0, -WORDS_BETWEEN
    for index, (block, following) in enumerate(pairwise(blocks)):
        read += _prose_words(block)
        if len(places) == wanted or index >= last_paragraph:
            break
        far_enough = read >= WORDS_BEFORE[len(places)] and read - read_at_last_slot >= WORDS_BETWEEN
        if far_enough and _is_text(block) and (_is_text(following) or following.tag in HEADINGS):
            places.append(block.end)
            read_at_last_slot = read
    return places


def _prose_words(block: Block) -> int:
    return 0 if block.tag in NOT_PROSE else block.words


def _is_text(block: Block) -> bool:
    """A paragraph with words; one without is a picture."""
    return block.tag == "p" and block.words > 0


def top_inside(html: str) -> int | None:
    """The place in rendered HTML of the slot above it, on narrow screens: after the second top-level paragraph.

    As with `offsets`, another paragraph or a heading follows. None if there is no such place. Reads as far as that.
    """
    depth = paragraphs = 0
    for tag in _TAG.finditer(html):
        is_end, name = tag.groups()
        if name in VOID_TAGS:
            continue
        depth += -1 if is_end else 1
        if depth or name != "p":
            continue
        paragraphs += 1
        if paragraphs >= PARAGRAPHS_BEFORE_TOP and _GOES_ON.match(html, tag.end()):
            return tag.end()
    return None


def is_near(html: str, one: int, other: int) -> bool:
    """Whether too few words are between two places for a slot at each."""
    start, end = sorted((one, other))
    return count_words(strip_tags(html[start:end])) < WORDS_BETWEEN
