"""What maintenance means for a moment and for a request: pure functions, without a clock and without a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from publishing.models import Publication
from publishing.web.same_origin import SAFE_METHODS

from .models import LONGEST_CLOSURE, State

OFF = "off"
QUIZZES = "/quizzes/"

# What stays open in a closed site: everything under these first segments, and exactly these files. A robots.txt
# that fails would make search engines treat the whole site as forbidden.
OPEN_SEGMENTS = frozenset({"quizzes", "static", "media", "admin"})
OPEN_FILES = frozenset(
    {
        "/robots.txt", "/ads.txt", "/sitemap.xml", "/favicon.ico", "/.well-known/security.txt",
        "/healthz", "/readyz", "/csp-report",
    }
)  # fmt: skip

# Seconds in Retry-After: never so soon that clients hammer, never longer than a closure can last.
SHORTEST_RETRY, LONGEST_RETRY, RETRY_WITHOUT_END = 60, 86_400, 3600


def is_open(path: str) -> bool:
    """Whether a decoded path stays open in a closed site.

    Segments are compared whole and exactly: `/quizzes-evil`, `/QUIZZES` and `//quizzes` are not quizzes. A path that
    climbs with `.` or `..` is never open, whatever it would lead to.
    """
    if path in OPEN_FILES:
        return True
    root, *segments = path.split("/")
    return not root and bool(OPEN_SEGMENTS & set(segments[:1])) and not {".", ".."} & set(segments)


def is_refused(path: str, method: str, state: str) -> bool:
    """Whether a request for a decoded path is refused while the site is in `state` ("off" or a `State`).

    *Closed* refuses everything that is not open, save OPTIONS. *Read-only* refuses methods that change something,
    save where it is open.
    """
    if state == State.CLOSED:
        is_method_refused = method != "OPTIONS"
    else:
        is_method_refused = state == State.READ_ONLY and method not in SAFE_METHODS
    return is_method_refused and not is_open(path)


@dataclass(frozen=True)
class Period:
    """What a window says, without its row: from `starts_at` until just before `ends_at`, None as long as none is known.

    However it was stored, a closure ends by itself a day after it started.
    """

    state: str
    starts_at: datetime
    ends_at: datetime | None
    sentence: str = ""

    def __post_init__(self):
        if self.state == State.CLOSED:
            latest = self.starts_at + LONGEST_CLOSURE
            object.__setattr__(self, "ends_at", min(self.ends_at or latest, latest))

    def holds_at(self, moment: datetime) -> bool:
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


@dataclass(frozen=True)
class Situation:
    """How things stand at one moment.

    `state` is "off" or a `State`; `ends_at` is when that ends, None if it is off or has no end; `retry_after` is in
    whole seconds; `changes_at` is the next moment at which any of this changes by the clock, None if there is none.
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
        """What readers are told; empty when it is off. No query while nothing has changed."""
        return (self.own_sentence or Publication.current().maintenance_sentence) if self.is_on else ""


def situation_at(now: datetime, periods: Iterable[Period]) -> Situation:
    """How things stand at `now`: the strictest of the periods that hold wins, the longest of the equally strict."""
    periods = list(periods)
    moments = [moment for period in periods for moment in (period.starts_at, period.ends_at) if moment and moment > now]
    changes_at = min(moments, default=None)
    holding = [period for period in periods if period.holds_at(now)]
    if not holding:
        return Situation(changes_at=changes_at)
    strictness = {state: rank for rank, state in enumerate(State.values)}
    period = max(holding, key=lambda p: (strictness[p.state], p.ends_at is None, p.ends_at or now))
    return Situation(period.state, period.sentence, period.ends_at, retry_after(now, period.ends_at), changes_at)


def retry_after(now: datetime, ends_at: datetime | None) -> int:
    """Whole seconds until `ends_at`, rounded up, between a minute and a day; an hour when nobody knows the end."""
    if ends_at is None:
        return RETRY_WITHOUT_END
    return min(LONGEST_RETRY, max(SHORTEST_RETRY, ceil((ends_at - now) / timedelta(seconds=1))))
