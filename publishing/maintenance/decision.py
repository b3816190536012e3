"""What maintenance means at a time and for a request: pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from publishing.models import Publication
from publishing.web.same_origin import SAFE_METHODS

from .models import LONGEST_CLOSURE, State

OFF = "off"
QUIZZES = "/quizzes/"

# Open while the site is closed: everything below these first segments, and these files. With a robots.txt that fails,
# search engines would treat the whole site as forbidden.
OPEN_SEGMENTS = frozenset({"quizzes", "static", "media", "identity", "admin"})
OPEN_FILES = frozenset(
    {
        "/robots.txt", "/ads.txt", "/sitemap.xml", "/favicon.ico", "/manifest.webmanifest", "/.well-known/security.txt",
        "/healthz", "/readyz", "/csp-report",
    }
)  # fmt: skip
SITEMAP_FILE = re.compile(r"/sitemap-[a-z-]+-[0-9]+\.xml")

# Seconds in Retry-After, at most as long as a closure.
SHORTEST_RETRY, LONGEST_RETRY, RETRY_WITHOUT_END = 60, 86_400, 3600


def is_open(path: str) -> bool:
    """Whether a decoded path is open while the site is closed.

    Segments are compared exactly: `/quizzes-evil`, `/QUIZZES` and `//quizzes` are closed, and so is any path with `.`
    or `..` as a segment.
    """
    if path in OPEN_FILES or SITEMAP_FILE.fullmatch(path):
        return True
    root, *segments = path.split("/")
    return not root and bool(OPEN_SEGMENTS & set(segments[:1])) and not {".", ".."} & set(segments)


def is_refused(path: str, method: str, state: str) -> bool:
    """Whether a request for a decoded path is refused while the site is in `state` ("off" or a `State`).

    Open paths never are. *Closed* refuses all methods but OPTIONS, *read-only* those that change something.
    """
    if state == State.CLOSED:
        is_method_refused = method != "OPTIONS"
    else:
        is_method_refused = state == State.READ_ONLY and method not in SAFE_METHODS
    return is_method_refused and not is_open(path)


@dataclass(frozen=True)
class Period:
    """A window without its row: from `starts_at` until just before `ends_at`, None for an open end.

    A closure ends after a day, however it is stored.
    """

    state: str
    starts_at: datetime
    ends_at: datetime | None
    sentence: str = ""

    def __post_init__(self):
        if self.state == State.CLOSED:
            latest = self.starts_at + LONGEST_CLOSURE
            object.__setattr__(self, "ends_at", min(self.ends_at or latest, latest))

    def is_active_at(self, moment: datetime) -> bool:
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


@dataclass(frozen=True)
class Situation:
    """The state at one time: "off" or a `State`, its sentence and its end, if known.

    `retry_after` is in whole seconds; `changes_at` is when any of this next changes by the clock, or None.
    """

    state: str = OFF
    own_sentence: str = ""
    ends_at: datetime | None = None
    retry_after: int = RETRY_WITHOUT_END
    changes_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        return self.state != OFF

    @property
    def is_read_only(self) -> bool:
        return self.state == State.READ_ONLY

    @property
    def sentence(self) -> str:
        """What readers see; empty when it is off. No query while nothing has changed."""
        return (self.own_sentence or Publication.current().maintenance_sentence) if self.is_on else ""


def situation_at(now: datetime, periods: Iterable[Period]) -> Situation:
    """The state at `now`: that of the strictest active period, the longest of equally strict ones."""
    periods = list(periods)
    moments = [moment for period in periods for moment in (period.starts_at, period.ends_at) if moment and moment > now]
    changes_at = min(moments, default=None)
    active = [period for period in periods if period.is_active_at(now)]
    if not active:
        return Situation(changes_at=changes_at)
    period = max(active, key=lambda p: (State.values.index(p.state), p.ends_at is None, p.ends_at or now))
    return Situation(period.state, period.sentence, period.ends_at, retry_after(now, period.ends_at), changes_at)


def retry_after(now: datetime, ends_at: datetime | None) -> int:
    """Whole seconds until `ends_at`, rounded up, between a minute and a day; an hour for an open end."""
    if ends_at is None:
        return RETRY_WITHOUT_END
    return min(LONGEST_RETRY, max(SHORTEST_RETRY, ceil((ends_at - now) / timedelta(seconds=1))))
