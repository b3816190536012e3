"""A switch that works without the database: `MAINTENANCE` in the environment, or the file `MAINTENANCE_FILE`.

The first line of the file is "off" or a `State`; the second, if there is one, is the sentence for readers. Either wins
over the windows, and the file over the environment. Both end by themselves after the longest time of their state,
counted from the file's modification or the start of the process. Every process looks at the file once a second.
"""

import logging
import os
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from .decision import OFF, Period, Situation, retry_after
from .models import LONGEST, State

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
STATES = (OFF, *State.values)
# As long as a closure: windows that nobody thinks of any more count again.
LONGEST_OFF = LONGEST[State.CLOSED]
FILE_BYTES, SENTENCE_LENGTH = 4096, 200
_STARTED = timezone.now()

if settings.MAINTENANCE not in ("", *STATES) or settings.MAINTENANCE_DEFAULT not in STATES:
    raise ImproperlyConfigured(f"MAINTENANCE and MAINTENANCE_DEFAULT are one of {', '.join(STATES)}.")


@dataclass(frozen=True)
class Switched:
    """What the switch says: "off" or a `State`, with the name of the setting that says it."""

    state: str
    sentence: str
    since: datetime
    source: str

    @property
    def over_at(self) -> datetime:
        """When it ends by itself."""
        return self.since + LONGEST.get(self.state, LONGEST_OFF)

    @property
    def key(self) -> str:
        """Of the pages that are rendered under it."""
        return f"{self.state} {self.since.timestamp():.6f} "


class Switch:
    """The switch of one process: a file, and the state that it was started with."""

    def __init__(self, path: str, state: str = ""):
        self._path, self._next_look, self._seen = path, 0.0, None
        self._of_start = Switched(state, "", timezone.now(), "MAINTENANCE") if state else None
        self._of_file = self._found = None

    def current(self) -> Switched | None:
        """What it says now, or None. A fraction of a microsecond; once a second, that of a look at the file more."""
        if time.monotonic() >= self._next_look or (self._found and self._found.over_at <= timezone.now()):
            self._next_look = time.monotonic() + LOOK_SECONDS
            self._look()
        return self._found

    def _look(self):
        try:
            status = os.stat(self._path)
            # The time of the last change of the inode: what could not be read may have got another owner or mode.
            seen = status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
        except OSError:
            status = seen = None
        if seen != self._seen:
            self._seen, self._of_file = seen, self._read(status) if status else None
        now, before = timezone.now(), self._found
        said = filter(None, (self._of_file, self._of_start))
        self._found = next((switched for switched in said if now < switched.over_at), None)
        if self._found and self._found != before:
            logger.warning(
                "Maintenance: %s says %s until %s at the latest, whatever the windows say.",
                self._found.source, self._found.state, self._found.over_at.isoformat(timespec="seconds"),
            )  # fmt: skip
        elif before and not self._found:
            logger.warning("Maintenance: %s says nothing any more, and the windows count again.", before.source)

    def _read(self, status) -> Switched | None:
        """What is in the file. What cannot be read is logged, and ignored until the file is another."""
        try:
            # A pipe would be waited for.
            if not stat.S_ISREG(status.st_mode):
                raise ValueError("it is no file")
            with open(self._path, "rb") as file:
                state, sentence, *_ = [*file.read(FILE_BYTES).decode("utf-8-sig", "replace").splitlines(), "", ""]
            if state.strip() not in STATES:
                raise ValueError(f"its first line is none of {', '.join(STATES)}")
            since = datetime.fromtimestamp(min(status.st_mtime, time.time()), UTC)
            found = Switched(state.strip(), _printable(sentence), since, "MAINTENANCE_FILE")
            if found.over_at <= timezone.now():
                raise ValueError(
                    f"it was changed {since.isoformat(timespec='seconds')}, which is too long ago: touch it"
                )
        except (OSError, ValueError, OverflowError) as error:
            logger.error("Maintenance: %s is ignored: %s.", self._path, error)
            return None
        return found


def _printable(sentence: str) -> str:
    words = "".join(letter for letter in " ".join(sentence.split()) if letter.isprintable())
    return words[:SENTENCE_LENGTH]


_switch = Switch(settings.MAINTENANCE_FILE, settings.MAINTENANCE)


def current() -> Switched | None:
    """What the switch says now, or None if the windows count."""
    return _switch.current()


def variant() -> str:
    """Begins the keys of pages that are rendered now: those of another state are another page."""
    found = current()
    return found.key if found else ""


def situation() -> Situation | None:
    """The state that the switch says, or None. Nobody knows when it will be taken back, so readers see no end."""
    found = current()
    if found is None:
        return None
    if found.state == OFF:
        return Situation(changes_at=found.over_at)
    seconds = retry_after(timezone.now(), None, found.over_at)
    return Situation(found.state, found.sentence, found.since, None, seconds, found.over_at)


def default_periods() -> list[Period]:
    """The windows of a process that was never able to read them: `MAINTENANCE_DEFAULT`, from its start."""
    state = settings.MAINTENANCE_DEFAULT
    return [] if state == OFF else [Period(state, _STARTED, None)]
