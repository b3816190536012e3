from collections import Counter
from itertools import islice, permutations

from hypothesis import given
from hypothesis import strategies as st

from quizzes.taking import shuffling

KEY = b"k" * 32
# Golden: computed once, and the same on every machine and in every release.
NUMBERS = ["0x58bd961e87743de0", "0x311c2ae66c0f4f12", "0x8387d74ee8351f83"]
ORDER = [9, 6, 2, 0, 7, 1, 4, 3, 5, 8]
DRAW = ["B", "C", "D", "H"]


def test_the_numbers_are_those_that_every_server_computes():
    assert [hex(number) for number in islice(shuffling.numbers(KEY, "q"), 3)] == NUMBERS


def test_an_order_and_a_draw_are_those_that_every_server_computes():
    assert shuffling.shuffled(list(range(10)), KEY, "q") == ORDER
    assert shuffling.drawn("ABCDEFGH", [letter in "BH" for letter in "ABCDEFGH"], 4, KEY, "draw") == DRAW


def test_another_key_or_label_gives_another_order():
    items = list(range(52))
    orders = [shuffling.shuffled(items, key, label) for key in (KEY, b"l" * 32) for label in ("a", "b")]

    assert len({tuple(order) for order in orders}) == 4


def test_every_order_is_about_equally_likely():
    counts = Counter(tuple(shuffling.shuffled("abcd", KEY, str(number))) for number in range(4800))

    # 200 of each are expected; a deviation of 70 is five standard deviations.
    assert set(counts) == set(permutations("abcd"))
    assert all(130 < count < 270 for count in counts.values())


@given(st.lists(st.tuples(st.integers(), st.booleans()), max_size=20), st.text(max_size=5))
def test_nothing_is_lost_and_what_is_pinned_stays(rows, label):
    items, pinned = [item for item, _ in rows], [stays for _, stays in rows]

    mixed = shuffling.shuffled(items, KEY, label, pinned)

    assert sorted(mixed) == sorted(items)
    assert all(mixed[place] == items[place] for place, stays in enumerate(pinned) if stays)


@given(st.lists(st.booleans(), min_size=1, max_size=20), st.data())
def test_a_draw_keeps_the_order_and_holds_what_is_always_there(always, data):
    count = data.draw(st.integers(sum(always), len(always)))
    items = list(range(len(always)))

    drawn = shuffling.drawn(items, always, count, KEY, "draw")

    assert len(drawn) == count
    assert drawn == sorted(drawn)
    assert {place for place, stays in enumerate(always) if stays} <= set(drawn)
