"""The ids of an article's headings: given by the text (`## Title {#id}`), else made from their words once, and kept
when these change.

Quizzes, bookmarks and other sites link to them, so a heading keeps its id when it is renamed, moved or given another
level. Headings of two versions are matched by their texts and neighbours; only the ids are stored.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from django.utils.text import slugify

# Ids that the page around an article uses, and patterns of numbered ones.
PAGE_IDS = frozenset(
    "main comments comments-title held read-only join hearts quizzes quizzes-heading problem result search "  # noqa: SIM905
    "contents series more corrections theme q id_name id_body".split()
)
PAGE_NUMBERS = re.compile(r"(comment|correction|question)(-\d+)?|(div_)?id_\w+")
_FOOTNOTE_IDS = re.compile(r"fn(ref)?\d+")
# The ratio of difflib from which two texts are taken for the same heading.
SIMILAR = 0.6
# Limits on comparing, for a second in the worst case: letters of a text, pairs of a save.
COMPARED_LETTERS = 60
COMPARISONS = 50 * 50


_GIVEN = re.compile(r"[ \t]+\{#([\w.:-]{1,80})\}[ \t]*\Z")


def taken_from(text: str) -> tuple[str, str]:
    """The text of a heading without the id that it gives, and that id or ""."""
    given = _GIVEN.search(text, max(0, len(text) - 100))
    return (text[: given.start()].rstrip(), given[1]) if given else (text, "")


def ids(texts: list[str], known: Sequence[dict] = (), given: Sequence[str] = ()) -> list[str]:
    """An id for each heading, in order: unique, never one of the page around, never empty.

    `known` are the headings of the stored article ({"id", "text"}), which keep their ids as in `kept`, unless `given`
    has one for them. A new heading gets an id from its text that none of them had. Time is linear, and limited for
    comparing texts.
    """
    taken = dict.fromkeys(PAGE_IDS, 1)
    fixed = {index: _unique(anchor, taken) for index, anchor in enumerate(given) if anchor}
    stay = {
        index: anchor
        for index, anchor in kept(known, texts).items()
        if anchor not in taken and not PAGE_NUMBERS.fullmatch(anchor)
    }
    taken |= dict.fromkeys((heading["id"] for heading in known), 1)
    return [fixed.get(index) or stay.get(index) or _new(text, taken) for index, text in enumerate(texts)]


def _new(text: str, taken: dict[str, int]) -> str:
    """An id that is not in `taken`, which has the highest number tried for each, so that it takes one step."""
    return _unique(slugify(text)[:80].strip("-") or "section", taken)


def _unique(base: str, taken: dict[str, int]) -> str:
    if PAGE_NUMBERS.fullmatch(base) or _FOOTNOTE_IDS.fullmatch(base):
        base = f"section-{base}"
    anchor, number = base, taken.get(base, 1)
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken[anchor], taken[base] = 1, number
    return anchor


def kept(before: Sequence[dict], texts: list[str]) -> dict[int, str]:
    """Which of the headings in `texts` keeps which id of `before` ({"id", "text"} each): {position: id}.

    First equal texts, wherever they are now; of several, the one between the same neighbours, then in order. Then,
    between the same two neighbours, similar texts, the most similar first, without changing their order; and where
    there are as many headings as before, the remaining ones in order. No id twice.
    """
    old = [heading["text"] for heading in before]
    paired = _same(old, texts)
    comparisons = 0
    for olds, news in _gaps(paired, len(old), len(texts)):
        similar = {}
        if comparisons + len(olds) * len(news) <= COMPARISONS:
            comparisons += len(olds) * len(news)
            similar = _similar(old, texts, olds, news)
        paired |= similar
        if len(olds) == len(news):
            rest = sorted(set(olds) - set(similar.values()))
            paired |= dict(zip((new for new in news if new not in similar), rest, strict=True))
    return {new: before[paired[new]]["id"] for new in sorted(paired)}


# `old` and `new` are the texts before and now, `olds` and `news` positions in them; pairs are {new: old}.


def _same(old: list[str], new: list[str]) -> dict[int, int]:
    """Pairs of equal texts: first between the same two neighbours, then after or before the same one, then any."""
    paired = {}
    for around in (slice(0, 3), slice(0, 2), slice(1, 3), slice(1, 2)):
        places = defaultdict(deque)
        for place, key in _unpaired(old, around, set(paired.values())):
            places[key].append(place)
        for place, key in _unpaired(new, around, set(paired)):
            if places[key]:
                paired[place] = places[key].popleft()
    return paired


def _unpaired(texts: list[str], around: slice, paired: set[int]) -> Iterator[tuple[int, tuple]]:
    """Each position that is not in `paired`, with the slice `around` of the text before it, its own, the text after."""
    triples = zip([None, *texts], texts, [*texts[1:], None], strict=False)
    return ((place, triple[around]) for place, triple in enumerate(triples) if place not in paired)


def _gaps(paired: dict[int, int], old_count: int, new_count: int) -> Iterator[tuple[list[int], list[int]]]:
    """The runs without a pair between the same two pairs (or ends) on either side; neither is empty."""
    stay = set(paired.values())
    before = _runs([old if old in stay else None for old in range(old_count)], old_count)
    now = _runs([paired.get(new) for new in range(new_count)], old_count)
    for neighbours, news in now.items():
        olds = before.get(neighbours)
        if olds and news:
            yield olds, news


def _runs(names: list[int | None], end: int) -> dict[tuple[int, int], list[int]]:
    """The positions without a name, by the names before and after them."""
    runs, previous, run = {}, -1, []
    for position, name in enumerate([*names, end]):
        if name is None:
            run.append(position)
        else:
            runs[previous, name] = run
            previous, run = name, []
    return runs


def _similar(old: list[str], new: list[str], olds: list[int], news: list[int]) -> dict[int, int]:
    """Pairs of similar texts, the most similar first, in unchanged order. Compares each with each."""
    matcher, candidates = SequenceMatcher(autojunk=False), []
    for after in news:
        matcher.set_seq2(new[after][:COMPARED_LETTERS])
        for before in olds:
            matcher.set_seq1(old[before][:COMPARED_LETTERS])
            if matcher.real_quick_ratio() >= SIMILAR and matcher.quick_ratio() >= SIMILAR:
                candidates.append((-matcher.ratio(), before, after))
    paired = {}
    for distance, before, after in sorted(candidates):
        crosses = any((before > other) != (after > new_one) for new_one, other in paired.items())
        if -distance >= SIMILAR and not crosses and after not in paired and before not in paired.values():
            paired[after] = before
    return paired
