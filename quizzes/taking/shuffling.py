"""Repeatable shuffles and draws from a key, which cannot be undone without it.

Random numbers are HMAC-SHA-256 of a counter: four of 64 bits from each digest, most significant byte first. An index
below n is the next number below the largest multiple of n, modulo n, so that each is equally likely. The shuffle is
Fisher and Yates (Knuth, TAOCP 2, 3.4.2, algorithm P), from the last place to the first. Pages show their seed, so it
must not reveal the order in which the author wrote the choices.
"""

import hmac
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

_BITS = 2**64


def numbers(key: bytes, label: str) -> Iterator[int]:
    """Endless numbers from 0 to 2^64 - 1."""
    counter = 0
    while True:
        digest = hmac.new(key, f"{label}:{counter}".encode(), sha256).digest()
        yield from (int.from_bytes(digest[start : start + 8], "big") for start in (0, 8, 16, 24))
        counter += 1


def _below(limit: int, source: Iterator[int]) -> int:
    fair = _BITS - _BITS % limit
    return next(number for number in source if number < fair) % limit


def shuffled(items: Sequence[T], key: bytes, label: str, pinned: Sequence[bool] = ()) -> list[T]:
    """The items in an order that depends on `key` and `label`. `pinned` ones keep their places."""
    if any(pinned):
        free = iter(shuffled([item for item, stays in zip(items, pinned, strict=True) if not stays], key, label))
        return [item if stays else next(free) for item, stays in zip(items, pinned, strict=True)]
    order, source = list(items), numbers(key, label)
    for last in range(len(order) - 1, 0, -1):
        other = _below(last + 1, source)
        order[last], order[other] = order[other], order[last]
    return order


def drawn(items: Sequence[T], always: Sequence[bool], count: int, key: bytes, label: str) -> list[T]:
    """`count` of the items in their order, among them all that are `always` drawn."""
    fixed = {index for index, stays in enumerate(always) if stays}
    others = [index for index in range(len(items)) if index not in fixed]
    chosen = fixed.union(shuffled(others, key, label)[: max(0, count - len(fixed))])
    return [item for index, item in enumerate(items) if index in chosen]
