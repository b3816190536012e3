"""What maintenance means at a time and for a request: pure functions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import override as in_language

from publishing.models import Publication
from publishing.text.moments import listed
from publishing.web.same_origin import SAFE_METHODS

from .groups import USUAL, Group
from .models import LONGEST_NOTICE, State, end_of, shifted

# Besides a `State`.
OFF, ANNOUNCED = "off", "announced"
# The name of the address of their list.
QUIZZES = "quizzes:list"
# Names of the sentences in `Publication`.
SENTENCES = {
    ANNOUNCED: "maintenance_announced_sentence",
    State.BANNER: "maintenance_sentence",
    State.READ_ONLY: "maintenance_read_only_sentence",
    State.CLOSED: "maintenance_closed_sentence",
}

# Of a window that refuses something of the quizzes: the others promise that they stay open.
WITH_QUIZZES = "maintenance_quizzes_sentence"

# All that most readers know of the site. The sentences above are about a window that applies to all of it.
WHOLE = frozenset({Group.ARTICLES, Group.COMMENTS, Group.FEEDS, Group.SEARCH})
# In the sentences below.
NAMES = {
    Group.ARTICLES: pgettext_lazy("part of the site", "articles"),
    Group.COMMENTS: pgettext_lazy("part of the site", "comments"),
    Group.FEEDS: pgettext_lazy("part of the site", "feeds"),
    Group.SEARCH: pgettext_lazy("part of the site", "search"),
    Group.QUIZZES: pgettext_lazy("part of the site", "quizzes"),
    Group.PREVIEWS: pgettext_lazy("part of the site", "previews"),
}
# In their place in a sentence that would be longer, in characters: with the times the notice has three lines on phones.
UNNAMED, LONGEST_NAMED = pgettext_lazy("instead of their names", "parts of the site"), 70
# Of other windows: about several parts, or one whose name is a plural; and about the one that is a singular.
OF_PARTS = {
    ANNOUNCED: gettext_noop("Maintenance is planned: %(parts)s."),
    # Translators: begins with a list of names, in the nominative: "comments and search".
    State.BANNER: gettext_noop("%(parts)s are under maintenance."),
    # Translators: begins with a list of names, as above.
    State.READ_ONLY: gettext_noop("%(parts)s are read-only during maintenance."),
    # Translators: begins with a list of names, as above.
    State.CLOSED: gettext_noop("%(parts)s are closed for maintenance."),
}
OF_SEARCH = {
    State.BANNER: gettext_noop("Search is under maintenance."),
    State.READ_ONLY: gettext_noop("Search is read-only during maintenance."),
    State.CLOSED: gettext_noop("Search is closed for maintenance."),
}

_STRICTNESS = {state: number for number, state in enumerate(State.values)}

# Seconds in Retry-After, at most as long as a closure.
SHORTEST_RETRY, LONGEST_RETRY, RETRY_WITHOUT_END = 60, 86_400, 3600


@dataclass(frozen=True)
class Period:
    """A window without its row: from `starts_at` until just before `ends_at`, None for an open end.

    Readers are told from `announced_at`. It is over at `over_at`: none is longer than `models.LONGEST`, however it is
    stored. It applies to `groups`; none are `USUAL`.
    """

    state: str
    starts_at: datetime
    ends_at: datetime | None
    sentence: str = ""
    announce_before: timedelta = timedelta()
    announcement: str = ""
    groups: Iterable[str] = ()
    announced_at: datetime = field(init=False)
    over_at: datetime = field(init=False)

    def __post_init__(self):
        over_at = end_of(self.state, self.starts_at, self.ends_at)
        notice = min(max(self.announce_before, timedelta()), LONGEST_NOTICE)
        computed = {
            "ends_at": self.ends_at and over_at,
            "over_at": over_at,
            "announced_at": shifted(self.starts_at, -notice),
            "groups": frozenset(group for group in Group.values if group in self.groups) or USUAL,
        }
        for name, value in computed.items():
            object.__setattr__(self, name, value)

    def is_active_at(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.over_at

    def is_announced_at(self, moment: datetime) -> bool:
        return self.announced_at <= moment < self.starts_at < self.over_at


def _nobody() -> bool:
    return False


@dataclass(frozen=True)
class Situation:
    """The state at one time: "off", "announced" or a `State`, and the start and the end of its window, if known.

    `retry_after` is in whole seconds; `changes_at` is when any of this next changes by the clock, or None. That of a
    request has a function of it that says whether its visitor `passes`, asked before a form is shown that is off.
    """

    state: str = OFF
    own_sentence: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    retry_after: int = RETRY_WITHOUT_END
    changes_at: datetime | None = None
    groups: frozenset[str] = USUAL
    passes: Callable[[], bool] = field(default=_nobody, compare=False, repr=False)

    @property
    def is_on(self) -> bool:
        """Whether readers see a notice."""
        return self.state != OFF

    def state_for(self, group: str) -> str:
        """The state for a group of routes: "off" for one that the window leaves alone."""
        return self.state if group in self.groups else OFF

    def is_read_only_for(self, group: str) -> bool:
        return self.state_for(group) == State.READ_ONLY

    def refuses_forms_of(self, group: str) -> bool:
        """Whether what this visitor sends to a group is refused, and so its forms are off.

        Where it is closed, its forms may be on pages that are open.
        """
        return is_refused(group, "POST", self) and not self.passes()

    @property
    def quizzes(self) -> str:
        """Where readers are sent; empty while the quizzes are closed, too."""
        return "" if self.state_for(Group.QUIZZES) == State.CLOSED else reverse(QUIZZES)

    @property
    def sentence(self) -> str:
        """What readers see; empty when it is off. No query while nothing has changed."""
        if not self.is_on or self.own_sentence:
            return self.own_sentence if self.is_on else ""
        if not self.groups >= WHOLE:
            return _of_parts(self.state, self.groups, settings.LANGUAGE_CODE)
        is_open = self.state == State.BANNER or Group.QUIZZES not in self.groups
        return getattr(Publication.current(), SENTENCES[self.state] if is_open else WITH_QUIZZES)


@lru_cache(maxsize=100)
def _of_parts(state: str, groups: frozenset[str], language: str) -> str:
    """Ours about some parts of the site: "Comments and search are closed for maintenance." """
    with in_language(language):
        if groups == {Group.SEARCH} and state in OF_SEARCH:
            return gettext(OF_SEARCH[state])
        names = [str(NAMES[group]) for group in Group if group in groups]
        named, unnamed = (gettext(OF_PARTS[state]) % {"parts": parts} for parts in (listed(names), UNNAMED))
        return capfirst(named if len(named) <= LONGEST_NAMED else unnamed)


def is_refused(group: str, method: str, situation: Situation) -> bool:
    """Whether a request to a view of `group` is refused with 503 from those who may not pass.

    *Closed* refuses all methods but OPTIONS, *read-only* those that change something.
    """
    state = situation.state_for(group)
    if state == State.CLOSED:
        return method != "OPTIONS"
    return state == State.READ_ONLY and method not in SAFE_METHODS


def situation_at(now: datetime, periods: Iterable[Period]) -> Situation:
    """The state at `now`: that of the strictest active period, the longest of equally strict ones, else that of the
    announced period that begins first. What is announced and stricter goes before an older banner.
    """
    periods = list(periods)
    moments = [moment for each in periods for moment in (each.announced_at, each.starts_at, each.over_at)]
    changes_at = min((moment for moment in moments if moment > now), default=None)
    active = [period for period in periods if period.is_active_at(now)]
    announced = [period for period in periods if period.is_announced_at(now)]
    news = max((each.announced_at for each in announced if each.state != State.BANNER), default=None)
    if news and all(period.state == State.BANNER and period.starts_at < news for period in active):
        active = []
    if active:
        period = max(active, key=lambda p: (_STRICTNESS[p.state], p.ends_at is None, p.over_at))
        state, words = period.state, period.sentence
    elif announced:
        period = min(announced, key=lambda p: (p.state == State.BANNER, p.starts_at))
        state, words = ANNOUNCED, period.announcement
    else:
        return Situation(changes_at=changes_at)
    return Situation(
        state=state,
        own_sentence=words,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        retry_after=retry_after(now, period.ends_at, period.over_at),
        changes_at=changes_at,
        groups=period.groups,
    )


def retry_after(now: datetime, ends_at: datetime | None, over_at: datetime | None = None) -> int:
    """Whole seconds until `ends_at`, rounded up, between a minute and a day.

    For an open end an hour, and less if it is over before that.
    """
    end = ends_at or over_at
    if end is None:
        return RETRY_WITHOUT_END
    longest = LONGEST_RETRY if ends_at else RETRY_WITHOUT_END
    return min(longest, max(SHORTEST_RETRY, ceil((end - now) / timedelta(seconds=1))))
