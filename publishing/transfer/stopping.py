"""A command that is stopped from outside cleans up after itself, as one that is interrupted at a terminal does."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cleaned_up_when_stopped() -> Iterator[None]:
    """SIGTERM and SIGHUP raise SystemExit while the block runs, so that open context managers are left.

    Does nothing outside of the main thread, which alone gets signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = signal.SIGTERM, signal.SIGHUP
    before = [signal.signal(number, _stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _stop(number, frame) -> None:
    # A second one would interrupt the cleaning.
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)
