"""Where sponsored slots go inside an article, computed from its structure when it is saved."""

from bisect import bisect_right
from itertools import pairwise

from publishing.text.markdown import Block

# The length of an article in words of prose from which it has one slot, two, three and four.
WORDS_THAT_EARN = (300, 700, 1200, 1700)
# Words before each slot: fixed, so that a slot does not move when text is added after it.
WORDS_BEFORE = (150, 450, 800, 1200)
WORDS_BETWEEN = 200

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
# Code and footnotes.
NOT_PROSE = frozenset({"pre", "section"})


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
