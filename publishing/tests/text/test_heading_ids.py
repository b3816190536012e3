"""Which heading keeps which id when an article is saved again."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.text import heading_ids
from publishing.text.markdown import render_article


def saved(*texts):
    """Headings as they are stored after a first save."""
    return [
        {"level": 2, "id": anchor, "text": text} for anchor, text in zip(heading_ids.ids(texts), texts, strict=True)
    ]


SAVED_AGAIN = {
    "nothing changed": (["A", "B", "C"], ["A", "B", "C"], ["a", "b", "c"]),
    "one renamed": (["A", "B", "C"], ["A", "Other", "C"], ["a", "b", "c"]),
    "all renamed": (["A", "B"], ["Other", "Words"], ["a", "b"]),
    "swapped": (["A", "B", "C"], ["B", "A", "C"], ["b", "a", "c"]),
    "moved to the end": (["A", "B", "C"], ["B", "C", "A"], ["b", "c", "a"]),
    "one more": (["A", "B"], ["A", "New", "B"], ["a", "new", "b"]),
    "one less": (["A", "B", "C"], ["A", "C"], ["a", "c"]),
    "all gone": (["A", "B"], [], []),
    "from nothing": ([], ["A"], ["a"]),
    "renamed beside a new one": (
        ["Start", "Why locks are needed", "End"],
        ["Start", "An aside", "Why locks are useful", "End"],
        ["start", "an-aside", "why-locks-are-needed", "end"],
    ),
    "renamed beside one that is gone": (
        ["Start", "An aside", "Why locks are needed", "End"],
        ["Start", "Why locks are useful", "End"],
        ["start", "why-locks-are-needed", "end"],
    ),
    "renumbered by a new one": (
        ["1. Reading", "2. Writing", "3. Closing"],
        ["1. Reading", "2. Seeking", "3. Writing", "4. Closing"],
        ["1-reading", "2-seeking", "2-writing", "3-closing"],
    ),
    "renamed and swapped": (["Reading files", "B"], ["Bee", "Reading a file"], ["b", "reading-files"]),
    "renamed to a text that is gone": (["A", "B", "C"], ["B", "C"], ["b", "c"]),
    "renamed to the text of the next": (["A", "B"], ["B", "B"], ["a", "b"]),
    "renamed to the text of the one before": (["A", "B", "C"], ["A", "A", "C"], ["a", "b", "c"]),
    "taken over, and its owner renamed": (["A", "B", "C"], ["B", "Other", "C"], ["b", "other", "c"]),
    "its first words taken by a new one": (["A", "B"], ["Other", "B", "A"], ["other", "b", "a"]),
    "an example more, between others": (
        ["P", "Example", "S", "Example"],
        ["Example", "P", "Example", "S", "Example"],
        ["example-3", "p", "example", "s", "example-2"],
    ),
    "an example less": (["P", "Example", "S", "Example"], ["P", "S", "Example"], ["p", "s", "example-2"]),
    "examples moved": (["P", "Example", "S", "Example"], ["Example", "Example", "P"], ["example", "example-2", "p"]),
    "too different to be the same": (["A", "B"], ["A", "One thing", "Another"], ["a", "one-thing", "another"]),
}


@pytest.mark.parametrize("name", SAVED_AGAIN)
def test_a_heading_keeps_its_id_and_a_new_one_gets_its_own(name):
    before, now, ids = SAVED_AGAIN[name]

    assert heading_ids.ids(now, saved(*before)) == ids


def test_an_id_that_was_renamed_away_is_not_given_to_a_new_heading():
    renamed = [{"id": "locks", "text": "Transactions"}, {"id": "end", "text": "The end"}]

    assert heading_ids.ids(["Transactions", "Locks", "The end"], renamed) == ["locks", "locks-2", "end"]


def test_an_id_of_a_deleted_heading_is_not_given_away_in_the_same_save():
    assert heading_ids.ids(["B", "a!"], saved("A", "B")) == ["b", "a-2"]


def test_an_id_that_the_page_needs_by_now_does_not_stay():
    known = [{"id": "hearts", "text": "Hearts"}, {"id": "comment-3", "text": "Three"}]

    assert heading_ids.ids(["Hearts", "Three"], known) == ["hearts-2", "three"]


def test_levels_do_not_matter():
    before = render_article("## A\n\n### B\n\n### C\n").contents

    rendered = render_article("# A\n\n## Other\n\n#### C\n", known_headings=before)

    assert [(heading["level"], heading["id"]) for heading in rendered.contents] == [(2, "a"), (3, "b"), (5, "c")]
    assert '<h3 id="b">Other</h3>' in rendered.html


def test_footnotes_and_the_page_keep_their_ids_beside_kept_ones():
    before = render_article("## Fn1\n\nx[^1]\n\n[^1]: y\n").contents

    html = render_article("## Other\n\nx[^1]\n\n[^1]: y\n\n## Fn1\n\n## Main\n", known_headings=before).html

    assert '<li id="fn1" class="footnote-item">' in html
    assert '<h2 id="section-fn1">' in html
    assert '<h2 id="main-2">' in html


# --- whatever the headings ---

# Few texts, so that they repeat, with neighbours that are similar and ids that collide.
TEXTS = st.lists(st.sampled_from(["a", "a 2", "a-2", "b", "Main", "?", "Why a lock", "Why a clock", "1. Why a lock"]))


@settings(derandomize=True)
@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_ids_stay_unique_over_any_number_of_saves(versions):
    known = []
    for texts in versions:
        ids = heading_ids.ids(texts, known)

        assert len(ids) == len(set(ids)) == len(texts)
        assert not set(ids) & heading_ids.PAGE_IDS
        known = [{"id": anchor, "text": text} for anchor, text in zip(ids, texts, strict=True)]
        assert heading_ids.ids(texts, known) == ids, "the same text saved again changes nothing"


@settings(derandomize=True)
@given(TEXTS, TEXTS)
def test_unchanged_texts_keep_their_ids(before, now):
    known = saved(*before)
    text_of = {heading["id"]: heading["text"] for heading in known}

    ids = heading_ids.ids(now, known)

    stayed = Counter(text for anchor, text in zip(ids, now, strict=True) if text_of.get(anchor) == text)
    assert stayed == Counter(before) & Counter(now)


@settings(derandomize=True)
@given(TEXTS)
def test_nothing_dies_where_as_many_headings_stand_between_two_that_stay(texts):
    known = saved("First of all", *texts, "Last of all")

    ids = heading_ids.ids(["First of all", *(f"{text} in other words" for text in texts), "Last of all"], known)

    assert sorted(ids) == sorted(heading["id"] for heading in known)


@settings(derandomize=True, max_examples=50)
@given(TEXTS, st.text(max_size=40))
def test_any_stored_contents_and_any_body_give_a_page_whose_contents_can_be_reached(before, source):
    rendered = render_article(f"## Why a lock\n\n{source}\n\n## a\n", known_headings=saved(*before))

    assert all(f' id="{heading["id"]}"' in rendered.html for heading in rendered.contents)
    assert not {heading["id"] for heading in rendered.contents} & heading_ids.PAGE_IDS


# --- given by the text ---

GIVEN = {
    "by the writer": ("## A {#b}", [("b", "A")]),
    "as it is": ("## A {#My_id-1.2}", [("My_id-1.2", "A")]),
    "in another script": ("## A {#ünder}", [("ünder", "A")]),
    "behind markup": ("## *A* `b` {#c}", [("c", "A b")]),
    "underlined": ("A {#b}\n---", [("b", "A")]),
    "twice": ("## A {#b}\n\n## C {#b}", [("b", "A"), ("b-2", "C")]),
    "to one that comes later": ("## B\n\n## A {#b}", [("b-2", "B"), ("b", "A")]),
    "one of the page": ("## A {#search}", [("search-2", "A")]),
    "one of a comment": ("## A {#comment-1}", [("section-comment-1", "A")]),
    "none": ("## A {#}\n\n## B {#b c}\n\n## C{#d}", [("a", "A {#}"), ("b-b-c", "B {#b c}"), ("cd", "C{#d}")]),
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_heading_has_the_id_that_the_text_gives_it(name):
    source, headings = GIVEN[name]
    rendered = render_article(source)

    assert [(heading["id"], heading["text"]) for heading in rendered.contents] == headings
    assert all(f' id="{anchor}"' in rendered.html for anchor, _ in headings)


def test_a_given_id_wins_over_the_one_that_a_heading_had_and_no_other_heading_keeps_it():
    assert heading_ids.ids(["A", "B"], saved("A", "B"), ["x", ""]) == ["x", "b"]
    assert heading_ids.ids(["A", "B"], saved("A", "B"), ["b", ""]) == ["b", "b-2"]


def test_an_id_that_is_no_longer_given_stays():
    before = render_article("## A {#x}\n\n## B").contents

    assert [heading["id"] for heading in render_article("## A\n\n## B", known_headings=before).contents] == ["x", "b"]


# --- how long it may take ---


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ([f"h {i}" for i in range(50_000)], [f"other {i}" for i in range(50_001)]),
        (["a"] * 50_000, ["b", *["a"] * 49_000, "c"]),
        (["a", "b"] * 25_000, ["b", "a", "c"] * 16_000),
        ([f"{'x' * 9000}{i}" for i in range(50)], [f"{'x' * 9000}{i}y" for i in range(49)]),
        (["ab" * 5000 + str(i) for i in range(40)] * 2, ["ba" * 5000 + str(i) for i in range(40)]),
    ],
    ids=["all renamed", "one name", "two names", "long and similar", "long and of two letters"],
)
def test_the_longest_articles_are_saved_in_time(before, now):
    started = time.thread_time()

    ids = heading_ids.ids(now, [{"id": f"i{number}", "text": text} for number, text in enumerate(before)])

    assert len(set(ids)) == len(now)
    assert time.thread_time() - started < 20
