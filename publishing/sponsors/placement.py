"""Where sponsored slots may stand inside an article: decided once, when the article is saved, from its structure.

The number by length and the distances follow what ad managers that place by structure offer (minimum length, words
between, a paragraph after), and keep the slots a small part of what there is to read.
"""

from bisect import bisect_right
from itertools import pairwise

from publishing.text.markdown import Block

# So many words of prose earn the first slot, the second and so on. There is never a fifth.
WORDS_THAT_EARN = (300, 700, 1200, 1700)
# And so many are read before it. Fixed rather than spread over the whole length, so that a slot stays where it is
# when the text after it grows.
WORDS_BEFORE = (150, 450, 800, 1200)
WORDS_BETWEEN = 200

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
# Listings and footnotes are looked up rather than read through.
NOT_PROSE = frozenset({"pre", "section"})


def number_of_slots(words: int) -> int:
    """How many slots a text of so many words of prose may hold: 0 to 4."""
    return bisect_right(WORDS_THAT_EARN, words)


def offsets(blocks: list[Block]) -> list[int]:
    """The places for slots, as character offsets into the HTML that `blocks` describe, in rising order.

    A slot stands only after a top-level paragraph of text, followed by another one or by a heading: never after a
    heading, and never between a paragraph and the list, code, quote, table or picture that it introduces. At least
    one paragraph of text follows the last slot. 150 words come before the first and 200 between two. Where no such
    place is left, there are fewer slots than the length allows.

    Pure: the same blocks give the same offsets. What is added to a text moves only slots behind it, since a place
    depends on the blocks before it and the next one; the whole length decides only how many of the places are taken.
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
    """A paragraph with words; one without holds a picture."""
    return block.tag == "p" and block.words > 0
