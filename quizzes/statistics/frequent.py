"""A table of the most frequent answers that stays small, however many different ones come.

Up to `limit` different keys it is exact, and the same in whatever order and whatever pieces they came. Beyond that the
rarest are let go and counted together. It then is a mergeable summary: Metwally, Agrawal and El Abbadi, "Efficient
computation of frequent and top-k elements in data streams" (2005), merged as in Agarwal et al., "Mergeable summaries"
(2012). Of n answers, with k = `limit`:

- `floor` ≤ n/k is the most that anything let go can have had, so what more than n/k readers gave is in the table;
- the true count of a row lies between `count` and `count + missed`, and `missed` ≤ n/k is 0 for whatever was there
  before the table was full.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import NamedTuple


class Row(NamedTuple):
    """An answer: how many gave it, the sum of their totals in units, and how many more may have been let go before."""

    count: int
    total: int
    missed: int = 0


@dataclass
class Frequent:
    """The most frequent keys with their counts; at most `limit` of them after each `add` or `merge`.

    Totals are whole numbers of 1/`unit` points, so that they stay exact and are added fast.
    """

    limit: int
    unit: int = 1
    rows: dict[str, Row] = field(default_factory=dict)
    floor: int = 0
    # Of what was let go, all together.
    others: int = 0
    others_total: int = 0

    def add(self, given: Iterable[tuple[str, int, int]], unit: int) -> None:
        """Add (key, number of readers, sum of their totals in 1/`unit` points); a key may come more than once."""
        batch = Frequent(self.limit, unit)
        rows = batch.rows
        for key, count, total in given:
            had = rows.get(key)
            rows[key] = Row(count + had.count, total + had.total) if had else Row(count, total)
        self.merge(batch)

    def merge(self, other: "Frequent") -> None:
        """Add all of another table of the same limit."""
        unit = lcm(self.unit, other.unit)
        mine, theirs = unit // self.unit, unit // other.unit
        nothing, missing = Row(0, 0, self.floor), Row(0, 0, other.floor)
        merged = {}
        for key in self.rows.keys() | other.rows.keys():
            here, there = self.rows.get(key, nothing), other.rows.get(key, missing)
            total = here.total * mine + there.total * theirs
            merged[key] = Row(here.count + there.count, total, here.missed + there.missed)
        self.rows, self.unit = merged, unit
        self.floor += other.floor
        self.others += other.others
        self.others_total = self.others_total * mine + other.others_total * theirs
        self._let_go()

    def _let_go(self):
        if len(self.rows) <= self.limit:
            return
        # By the most that each can have had; of equals the last by name goes first, so that it is the same every time.
        order = sorted(self.rows.items(), key=lambda item: (-item[1].count - item[1].missed, item[0]))
        for _, row in order[self.limit :]:
            self.floor = max(self.floor, row.count + row.missed)
            self.others += row.count
            self.others_total += row.total
        self.rows = dict(order[: self.limit])

    def by_frequency(self) -> list[tuple[str, Row]]:
        """Most frequent first."""
        return sorted(self.rows.items(), key=lambda item: (-item[1].count, item[0]))

    def points(self, total: int) -> Fraction:
        """A row's total in points."""
        return Fraction(total, self.unit)

    def to_json(self) -> dict:
        rows = {key: list(row) for key, row in sorted(self.rows.items())}
        return {"unit": self.unit, "rows": rows, "floor": self.floor, "others": [self.others, self.others_total]}

    @classmethod
    def from_json(cls, limit: int, data: dict) -> "Frequent":
        rows = {key: Row(*row) for key, row in data["rows"].items()}
        return cls(limit, data["unit"], rows, data["floor"], *data["others"])
