"""Who renders a page: one thread of all processes of a machine at a time."""

import logging
import time
from contextlib import suppress
from functools import cache
from zlib import crc32

from django.conf import settings

from .shared_numbers import SharedNumbers

logger = logging.getLogger(__name__)

SLOTS = 16_384
# A claim that is not released, because its process ended, ends after this time.
CLAIM_SECONDS = 2.0


class Claims:
    """For each page the time at which the claim ends. Two pages in one slot wait for each other, which is rare."""

    def __init__(self, path):
        self._shared = SharedNumbers(path)

    def take(self, key: str) -> bool:
        """Claim the page; False if another thread has. Some microseconds."""
        slot, now = self._slot(key), time.monotonic_ns()
        try:
            with self._shared.locked():
                if self._is_held(slot, now):
                    return False
                self._shared[slot] = now + int(CLAIM_SECONDS * 1e9)
        except OSError as error:
            # On a full disk every request renders.
            logger.warning("A page cannot be claimed: %s", error)
        return True

    def release(self, key: str) -> None:
        with suppress(OSError):
            self._shared[self._slot(key)] = 0

    def is_held(self, key: str) -> bool:
        return self._is_held(self._slot(key), time.monotonic_ns())

    def _is_held(self, slot, now):
        # A time further away is from before the machine was started, or damage.
        return now < self._shared[slot] <= now + CLAIM_SECONDS * 1e9

    def _slot(self, key):
        return crc32(key.encode()) % SLOTS


@cache
def claims() -> Claims:
    return Claims(settings.VAR_DIR / "claims")
