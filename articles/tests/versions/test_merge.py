"""What two people do to different paragraphs of one text is all in the merged text, in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.versions.merge import merge_fields, merge_texts, paragraphs
from publishing.tests.growth import growth

WORDS = st.text("abé *`#", min_size=1, max_size=8).filter(str.strip)
# What a person makes of the paragraph `old`; `name` is unique in the text.
EDITS = {
    "change": lambda old, name: [name],
    "delete": lambda old, name: [],
    "add one after": lambda old, name: [old, f"{name} new"],
    "change and add one after": lambda old, name: [name, f"{name} new"],
}


def edited(base, edits):
    """What each person makes of the paragraphs, and what has to come out. An edit is (person, name of the edit)."""
    mine, theirs, expected = [], [], []
    for number, (old, (person, edit)) in enumerate(zip(base, edits, strict=True)):
        new = EDITS[edit](old, f"{person} {number}") if person else [old]
        mine += new if person == "me" else [old]
        theirs += new if person == "them" else [old]
        expected += new
    return ["\n\n".join(parts) for parts in (base, mine, theirs, expected)]


def edits_of(base, kinds):
    return st.lists(
        st.tuples(st.sampled_from(["", "me", "them"]), st.sampled_from(kinds)), min_size=len(base), max_size=len(base)
    )


def assert_all_is_there(base, edits):
    before, mine, theirs, expected = edited(base, edits)
    pieces = merge_texts(before, mine, theirs)
    assert not any(piece.is_conflict for piece in pieces)
    assert "".join(piece.mine for piece in pieces) == expected


@given(st.data())
def test_edits_of_different_paragraphs_are_all_there_in_order(data):
    base = data.draw(st.lists(WORDS, min_size=1, max_size=9, unique=True))

    assert_all_is_there(base, data.draw(edits_of(base, list(EDITS))))


@given(st.data())
def test_changes_in_place_are_all_there_even_if_paragraphs_repeat(data):
    base = data.draw(st.lists(st.sampled_from(["same", "other"]), min_size=1, max_size=9))

    assert_all_is_there(base, data.draw(edits_of(base, ["change"])))


@given(st.text("ab \n", max_size=30), st.text("ab \n", max_size=30), st.text("ab \n", max_size=30))
def test_no_new_text_of_either_person_is_lost(base, mine, theirs):
    pieces = merge_texts(base, mine, theirs)

    found = "".join(piece.mine + (piece.theirs or "") for piece in pieces)
    for paragraph in {part.strip() for part in paragraphs(mine) + paragraphs(theirs)}:
        assert paragraph in found or paragraph in base


@given(st.text("ab \n", max_size=60))
def test_paragraphs_joined_are_the_text(text):
    assert "".join(paragraphs(text)) == text


def test_a_paragraph_that_both_changed_is_a_conflict_with_both_texts():
    pieces = merge_texts("one\n\ntwo\n\nthree", "one\n\nmine\n\nthree", "one\n\ntheirs\n\nthree!")

    assert [(piece.mine.strip(), piece.theirs and piece.theirs.strip()) for piece in pieces] == [
        ("one", None),
        ("mine", "theirs"),
        ("three!", None),
    ]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged", "is_conflict"),
    [
        ("a", "b", "a", "b", False),
        ("a", "a", "b", "b", False),
        ("a", "b", "b", "b", False),
        ("a", "b", "c", "b", True),
        (None, None, 3, 3, False),
        ([1, 2], [1, 2, 3], [2], [2, 3], False),
        ([1], [2, 1], [1, 3], [2, 1, 3], False),
    ],
)
def test_a_field_takes_the_change_of_the_one_who_changed_it(base, mine, theirs, merged, is_conflict):
    result = merge_fields({"field": base}, {"field": mine}, {"field": theirs})

    assert result.fields == {"field": merged}
    assert bool(result.conflicts) == is_conflict


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ([2, 1, 3], [1, 2, 3, 4], [2, 1, 3, 4]),
        ([1, 2, 3, 4], [3, 2, 1], [3, 2, 1, 4]),
        ([2, 1], [1, 2, 3], [2, 1]),
        ([3, 1, 2], [3, 1, 2, 4], [3, 1, 2, 4]),
        ([1, 3], [3, 2, 1], [3, 1]),
    ],
)
def test_a_byline_has_the_order_of_whoever_changed_it_and_who_either_added(mine, theirs, merged):
    result = merge_fields({"authors": [1, 2, 3]}, {"authors": mine}, {"authors": theirs})

    assert (result.fields, result.conflicts) == ({"authors": merged}, {})


def test_two_orders_of_a_byline_are_a_conflict():
    result = merge_fields({"authors": [1, 2, 3]}, {"authors": [2, 1, 3]}, {"authors": [3, 2, 1, 4]})

    (piece,) = result.conflicts["authors"]
    assert (piece.mine, piece.theirs) == ([2, 1, 3, 4], [3, 2, 1, 4])


@pytest.mark.parametrize(
    ("paragraph", "other"), [("same", "same"), ("one {}", "other {}"), ("{}", "{}")], ids=["equal", "changed", "mixed"]
)
def test_a_merge_of_a_hostile_text_takes_linear_time(paragraph, other):
    """Twice the paragraphs cost about twice as much, and no word is lost."""

    def merged(number):
        base = [paragraph.format(n) for n in range(number)]
        mine = [text if n % 3 else f"{text} mine" for n, text in enumerate(base)][1:]
        theirs = [other.format(n) if n % 2 else f"{n} theirs" for n in range(number)] + ["end"]
        pieces = merge_texts(*("\n\n".join(texts) for texts in (base, mine, theirs)))
        found = "".join(piece.mine + (piece.theirs or "") for piece in pieces)
        assert all(text in found for text in (mine[-2], theirs[0], theirs[-1]))

    assert growth(merged, int, 20_000, 2, most=4) < 4
