"""Which advertisement a page shows in which hour. Pure functions: every process of every machine chooses alike.

A weighted random sample without replacement (Efraimidis and Spirakis, "Weighted random sampling with a reservoir",
2006): each advertisement draws a number u between 0 and 1, and the order is that of ln(u) / weight. The number is a
hash of page, hour and advertisement, as in rendezvous hashing (Thaler and Ravishankar, 1996): another advertisement
changes only the pages on which it wins.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from math import log
from typing import Protocol, TypeVar

PERIOD_SECONDS = 3600


class Weighted(Protocol):
    pk: int
    weight: int


T = TypeVar("T", bound=Weighted)


def _number(*parts: object) -> int:
    """64 bits of a hash."""
    return int.from_bytes(blake2b("\n".join(map(str, parts)).encode(), digest_size=8).digest())


def _offset(path: str) -> int:
    """Each page has an hour of its own, so that not all change at once."""
    return _number(path) % PERIOD_SECONDS


def period(path: str, moment: datetime) -> int:
    """The number of the page's hour."""
    return (int(moment.timestamp()) + _offset(path)) // PERIOD_SECONDS


def period_end(path: str, moment: datetime) -> datetime:
    return datetime.fromtimestamp((period(path, moment) + 1) * PERIOD_SECONDS - _offset(path), UTC)


def ranked(creatives: Iterable[T], path: str, moment: datetime) -> list[T]:
    """All of them, the first one for this page and hour first. An advertisement of weight 2 is first twice as often."""
    number = period(path, moment)

    def score(creative: T) -> float:
        drawn = (_number(path, number, creative.pk) + 1) / (2**64 + 1)
        return log(drawn) / creative.weight

    return sorted(creatives, key=lambda creative: (-score(creative), creative.pk))


def choose(creatives: Iterable[T], path: str, moment: datetime, taken: Sequence[int] = ()) -> T | None:
    """The one for the next slot of a page that shows `taken` already: one of these only if there is no other."""
    times = Counter(taken)
    return min(ranked(creatives, path, moment), key=lambda creative: times[creative.pk], default=None)
