"""Counters that all processes share: for each name of a page, the number of the change that last touched it.

A name is hashed to one of `SLOTS` slots; two names in one slot only cost unneeded renders. Numbers
never fall: after damage or loss of the store they continue from a larger one, and everything cached before is invalid.
"""

import logging
import time
from zlib import crc32

from .shared_numbers import SharedNumbers

logger = logging.getLogger(__name__)

SLOTS = 65_536
# The slot of what is on every page.
EVERY_PAGE = 0


def slot_of(name: str) -> int:
    """The slot of a name, the same in every process."""
    return 1 + crc32(name.encode()) % (SLOTS - 1)


class FileCounters:
    """A file of eight bytes a slot. A damaged, emptied or deleted file is noticed within a second and initialised."""

    # Places of the numbers before the slots.
    _SIGN, _NUMBER, _CHANGED_AT, _FIRST = 0, 1, 2, 8
    _SIGNED = int.from_bytes(b"changes1", "little")
    _LARGEST = 2**63
    _CHECK_SECONDS = 1.0

    def __init__(self, path):
        self._shared, self._last, self._next_check = SharedNumbers(path), 1, 0.0

    def current(self) -> int:
        """The number of the last change."""
        if time.monotonic() > self._next_check:
            self._next_check = time.monotonic() + self._CHECK_SECONDS
            self._shared.open_again()
            # Also if only the sign is damaged.
            self._last = self._repaired()
        number = self._shared[self._NUMBER]
        if not self._last <= number < self._LARGEST:
            number = self._repaired()
        self._last = number
        return number

    def mark_reader(self):
        return self._shared.reader(self._NUMBER)

    def changed_since(self, number: int, slots: tuple[int, ...]) -> bool:
        """Whether a change after `number` touched one of `slots`."""
        return any(self._shared[self._FIRST + slot] > number for slot in slots)

    def record(self, slots) -> None:
        """Record a change that touches `slots`."""
        try:
            self._shared.open_again()
            with self._shared.locked():
                number = self._valid_number() + 1
                # The slots first: a process that sees the new number sees them too.
                for slot in slots:
                    self._shared[self._FIRST + slot] = number
                self._shared[self._CHANGED_AT] = time.monotonic_ns()
                self._shared[self._NUMBER] = number
        except OSError as error:
            # The change itself is committed.
            logger.error("A change is not seen before its pages expire: %s", error)

    def seconds_since_change(self) -> float:
        # A time from before a restart of the machine may be in the future.
        return abs(time.monotonic_ns() - self._shared[self._CHANGED_AT]) / 1e9

    def answers(self) -> bool:
        return True

    def _repaired(self) -> int:
        try:
            with self._shared.locked():
                return self._valid_number()
        except OSError as error:
            logger.warning("The counters of changes cannot be initialised: %s", error)
            return self._last

    def _valid_number(self) -> int:
        """The number, under the lock; of a new or damaged file a larger one, which touches every page."""
        number = self._shared[self._NUMBER]
        if self._shared[self._SIGN] != self._SIGNED or not self._last <= number < self._LARGEST:
            number = max(self._last, time.time_ns()) + 1
            self._shared.fill(self._FIRST, SLOTS, number)
            self._shared[self._NUMBER], self._shared[self._SIGN] = number, self._SIGNED
        return number
