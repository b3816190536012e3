"""Announce, change and end maintenance windows. Each is logged, and every process sees it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime

from django.contrib.admin.models import ADDITION, CHANGE
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from publishing.bases.log import log
from publishing.cache import changes, pages, values

from . import switch
from .decision import Period, Situation, situation_at
from .models import Action, Change, Window

logger = logging.getLogger(__name__)

# Of the advisory lock of PostgreSQL: any number that nothing else uses.
LOCK = 7_215_604_931
_COLUMNS = ("state", "starts_at", "ends_at", "sentence", "announce_before", "announcement", "groups")


def _periods() -> list[Period]:
    return [Period(*row) for row in Window.objects.not_over().values_list(*_COLUMNS)]


# With planned windows, so that one is announced, begins and ends by the clock without a query.
_cached_periods = values.CachedValue(_periods, default=switch.default_periods)


def current_situation() -> Situation:
    """The state now: that of the switch, else that of the windows.

    No query while nothing has changed; that of the last known windows while the database is down.
    """
    return switch.situation() or situation_at(timezone.now(), _cached_periods.get())


def stored_situation() -> Situation:
    """The state now, read from the database. Raises DatabaseError."""
    return situation_at(timezone.now(), _periods())


def announce(state, *, by=None, starts_at=None, ends_at=None, reason="", **texts) -> Window:
    """Announce `state` from `starts_at` (default: now) until `ends_at` (default: open end); see `put`."""
    starts_at = starts_at or timezone.now()
    window = Window(state=state, starts_at=starts_at, ends_at=ends_at, reason=reason, **texts)
    put(window, by=by, reason=reason)
    return window


def put(window: Window, *, by=None, reason: str = "") -> None:
    """Store a new window; active ones make way for it (`Window.to_make_way`). Raises ValidationError."""
    with _changing(by, reason or window.reason) as done:
        window.created_by = by
        window.full_clean()
        for active in window.to_make_way(timezone.now()):
            _end_at(active, window.starts_at)
            done.append((active, Action.ENDED))
        window.save()
        done.append((window, Action.ANNOUNCED))


def amend(window: Window, *, by=None, reason: str = "") -> None:
    """Store changes of a window, whose reason is that of the change without one. Raises ValidationError."""
    _amend(window, Action.CHANGED, by, reason or window.reason)


def extend(window: Window, ends_at: datetime, *, by=None, reason: str = "") -> None:
    """Let a window end later, at most at its longest. Raises ValidationError."""
    _amend(extended(window, ends_at), Action.EXTENDED, by, reason)


def extended(window: Window, ends_at: datetime | None) -> Window:
    """A copy of a window with a later end, which is not stored. Raises ValidationError."""
    if window.ends_at is None or ends_at <= window.ends_at:
        raise ValidationError({"ends_at": _("Enter an end that is later than the present one.")})
    longer = copy(window)
    longer.ends_at = ends_at
    longer.full_clean()
    return longer


def _amend(window, action, by, reason):
    with _changing(by, reason) as done:
        window.full_clean()
        window.save()
        done.append((window, action))


def end(by=None, windows=None, reason: str = "") -> int:
    """End the active windows now, or those of `windows` that are not over; a planned one never begins.

    Returns the number ended.
    """
    with _changing(by, reason) as done:
        now = timezone.now()
        chosen = Window.objects.active() if windows is None else windows.not_over()
        for window in chosen:
            _end_at(window, max(now, window.starts_at))
            done.append((window, Action.ENDED))
    return len(done)


def record(action: Action, *, by=None, reason: str = "") -> None:
    """Log what was done besides windows: links for testers."""
    state = current_situation().state
    Change.objects.create(action=action, made_by=by, from_state=state, to_state=state, reason=reason)


def _end_at(window, moment):
    window.ends_at = moment
    window.save(update_fields=["ends_at"])


def alone() -> None:
    """Until the transaction ends nobody else stores a window, so that none that overlaps gets in meanwhile.

    SQLite: a transaction has the only write lock from its beginning.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@contextmanager
def _changing(by, reason: str) -> Iterator[list[tuple[Window, Action]]]:
    """One transaction, with a `Change` of the site from the state before to the state after for all that is done."""
    done: list[tuple[Window, Action]] = []
    with transaction.atomic():
        alone()
        before = stored_situation().state
        yield done
        after = stored_situation().state
        for window, action in done:
            states = {"from_state": before, "to_state": after}
            Change.objects.create(window=window, action=action, made_by=by, reason=reason, **states)
            log(by, window, str(action.label), ADDITION if action == Action.ANNOUNCED else CHANGE)
            with override("en"):
                words = str(window)
            logger.info("Maintenance, %s by %s: %s", action.value, by or "the command line", words)
        if done:
            pages.invalidate(changes.SITE)
