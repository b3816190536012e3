"""Orders and draws that anybody with the same key and seed computes alike, and nobody else can undo.

The numbers are those of HMAC-SHA-256 under a key of this site, counted up: four numbers of 64 bits from each digest,
most significant byte first. An index below n is the next number that is smaller than the largest multiple of n, modulo
n, so that each is equally likely. The shuffle is that of Fisher and Yates (Knuth, TAOCP 2, 3.4.2, algorithm P), from
the last place to the first. A seed without the key tells nothing: a page shows its seed, and must not show in which
order its author wrote the choices.
"""

import hmac
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

_BITS = 2**64


def numbers(key: bytes, label: str) -> Iterator[int]:
    """Numbers from 0 to 2^64 - 1, without an end."""
    counter = 0
    while True:
        digest = hmac.new(key, f"{label}:{counter}".encode(), sha256).digest()
        yield from (int.from_bytes(digest[start : start + 8], "big") for start in (0, 8, 16, 24))
        counter += 1


def _below(limit: int, source: Iterator[int]) -> int:
    fair = _BITS - _BITS % limit
    return next(number for number in source if number < fair) % limit


def shuffled(items: Sequence[T], key: bytes, label: str) -> list[T]:
    """The items in the order that `key` and `label` give."""
    order, source = list(items), numbers(key, label)
    for last in range(len(order) - 1, 0, -1):
        other = _below(last + 1, source)
        order[last], order[other] = order[other], order[last]
    return order


def shuffled_around(items: Sequence[T], pinned: Sequence[bool], key: bytes, label: str) -> list[T]:
    """The same, with the pinned ones left in their places."""
    free = iter(shuffled([item for item, stays in zip(items, pinned, strict=True) if not stays], key, label))
    return [item if stays else next(free) for item, stays in zip(items, pinned, strict=True)]


def drawn(items: Sequence[T], always: Sequence[bool], count: int, key: bytes, label: str) -> list[T]:
    """`count` of the items, those that are always there among them, in the order in which they stand."""
    fixed = {index for index, stays in enumerate(always) if stays}
    others = [index for index in range(len(items)) if index not in fixed]
    chosen = fixed.union(shuffled(others, key, label)[: max(0, count - len(fixed))])
    return [item for index, item in enumerate(items) if index in chosen]
