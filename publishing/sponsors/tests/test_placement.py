from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.sponsors.slots.placement import HEADINGS, decisions, number_of_slots, offsets
from publishing.text import markdown

from .factories import make_blocks

H2, UL, PRE, QUOTE, TABLE, PICTURE = ("h2", 3), ("ul", 40), ("pre", 60), ("blockquote", 30), ("table", 50), ("p", 0)


@pytest.mark.parametrize(
    ("words", "slots"),
    [
        (0, 0),
        (299, 0),
        (300, 1),
        (699, 1),
        (700, 2),
        (1199, 2),
        (1200, 3),
        (1699, 3),
        (1700, 4),
        (2200, 4),
        (50_000, 4),
    ],
)
def test_longer_texts_earn_more_slots_up_to_four(words, slots):
    assert number_of_slots(words) == slots


# A bare number is a paragraph of so many words; 100 × n is the place after the n-th block.
GOLDEN = {
    "nothing": ([], []),
    "one long paragraph": ([2000], []),
    "too short": ([99, 100, 100], []),
    "just long enough": ([100, 100, 100], [200]),
    "two paragraphs": ([150, 150], [100]),
    "two slots": ([100] * 7, [200, 500]),
    "three slots": ([100] * 12, [200, 500, 800]),
    "four slots": ([100] * 17, [200, 500, 800, 1200]),
    "never a fifth": ([100] * 90, [200, 500, 800, 1200]),
    "200 words between": ([440, 100, 100, 100], [100, 300]),
    "no place is left": ([350, 350], [100]),
    "not before a heading": ([160, H2, 200, 200, 200], [400]),
    "not after a heading": ([100, H2, 100, 100], []),
    "nor after the first paragraph below one": ([100, H2, 100, 100, 100], [400]),
    "not before a rule": ([160, ("hr", 0), 160, 160], [300]),
    "not before a figure or raw HTML": ([160, ("figure", 5), 160, ("div", 5), 160, 160], [500]),
    "not before the list that it introduces": ([160, UL, 160, 160], [300]),
    "not before code": ([160, PRE, 160, 160], [300]),
    "not before a quote": ([160, QUOTE, 160, 160], [300]),
    "not before a table": ([160, TABLE, 160, 160], [300]),
    "not before a picture": ([160, PICTURE, 160, 160], [300]),
    "not after a list, quote or picture": ([100, UL, QUOTE, TABLE, PICTURE, 160], []),
    "not after a picture": ([100, H2, PICTURE, 100, 160], [400]),
    "a paragraph has to follow": ([160, 160, H2, UL], [100]),
    "the last one has none": ([400], []),
    "nothing but a list follows": ([310, H2, UL, QUOTE], []),
    "code is not counted as words": ([140, ("pre", 900), 100], []),
    "nor are footnotes": ([140, 100, ("hr", 0), ("section", 900)], []),
    "lists and quotes are": ([100, ("ul", 100), 50, 100], [300]),
    "all in one raw block": ([("div", 3000)], []),
}


@pytest.mark.parametrize(("described", "expected"), GOLDEN.values(), ids=GOLDEN)
def test_where_slots_stand(described, expected):
    assert offsets(make_blocks(*described)) == expected


texts = st.lists(
    st.one_of(
        st.integers(0, 300).map(lambda words: ("p", words)),
        st.tuples(st.sampled_from(["h2", "h3", "ul", "pre", "blockquote", "table", "section"]), st.integers(0, 80)),
    ),
    max_size=40,
)


@given(texts)
def test_every_slot_keeps_every_rule(described):
    blocks = make_blocks(*described)
    places = offsets(blocks)

    read, at = 0, {}
    for block in blocks:
        read += block.words if block.tag not in ("pre", "section") else 0
        at[block.end] = read
    assert len(places) <= number_of_slots(read)
    assert all(at[place] >= 150 for place in places)
    assert all(at[later] - at[earlier] >= 200 for earlier, later in pairwise(places))
    for place in places:
        index = [block.end for block in blocks].index(place)
        block, following = blocks[index], blocks[index + 1]
        assert (block.tag, block.words > 0) == ("p", True)
        assert (following.tag, following.words > 0) == ("p", True)
        assert index == 0 or blocks[index - 1].tag not in HEADINGS


@given(texts, st.data())
def test_a_paragraph_that_is_added_moves_no_slot_before_it(described, data):
    position = data.draw(st.integers(0, len(described)))
    words = data.draw(st.integers(1, 400))
    longer = [*described[:position], ("p", words), *described[position:]]

    before = {place for place in offsets(make_blocks(*described)) if place <= 100 * position}

    assert before <= set(offsets(make_blocks(*longer)))


def test_the_places_of_a_real_text_are_ends_of_its_paragraphs():
    paragraph = "word " * 90
    source = "\n\n".join(
        [paragraph, paragraph + ":", "- one\n- two", paragraph, "## A heading", paragraph, paragraph, paragraph]
    )
    article = markdown.render_article(source)

    places = offsets(article.blocks)

    assert len(places) == 1
    before, after = article.html[: places[0]], article.html[places[0] :]
    assert before.endswith("</p>") and before.count("<h2") == 1
    assert after.lstrip().startswith("<p>")


def test_what_explains_the_places_is_what_decides_them():
    blocks = make_blocks(100, 60, UL, 40, H2, 100, 100, 100, 60, ("p", 0), 20)
    told = {place.paragraph: place.reason for place in decisions(blocks)}

    assert offsets(blocks) == [700]
    assert told == {
        1: "100 words are before it, 150 are needed.",
        2: "a list follows.",
        3: "a heading follows.",
        4: "it is the first one below a heading.",
        5: "",
        6: "the article has all slots that its length allows: 1.",
        7: "the article has all slots that its length allows: 1.",
        8: "the article has all slots that its length allows: 1.",
    }


@pytest.mark.parametrize(
    ("described", "reason"),
    [
        ([160, H2, 300], "a heading follows."),
        ([160, UL, 300], "a list follows."),
        ([160, ("dl", 9), 300], "a list follows."),
        ([160, QUOTE, 300], "a quote follows."),
        ([160, TABLE, 300], "a table follows."),
        ([160, PRE, 300], "code follows."),
        ([160, PICTURE, 300], "a picture follows."),
        ([160, ("hr", 0), 300], "a rule follows."),
        ([310, ("section", 9)], "footnotes follow."),
        ([160, ("aside", 9), 300], "something else than a paragraph follows."),
        ([310], "the text ends."),
        ([140, 300], "140 words are before it, 150 are needed."),
        ([160, 100], "the article is too short for a slot: 260 words, 300 are needed."),
    ],
)
def test_why_no_slot_is_after_the_first_paragraph(described, reason):
    assert next(decisions(make_blocks(*described))).reason == reason
