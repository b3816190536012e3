"""Announce, change and end maintenance windows. Each is logged, and every process sees it."""

import logging

from django.contrib.admin.models import ADDITION, CHANGE
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from publishing.bases.log import log
from publishing.cache import changes, pages, values

from .decision import Period, Situation, situation_at
from .models import Window

logger = logging.getLogger(__name__)


def _periods() -> list[Period]:
    rows = Window.objects.not_over().values_list("state", "starts_at", "ends_at", "sentence")
    return [Period(*row) for row in rows]


# With planned windows, so that one begins and ends by the clock without a query.
_cached_periods = values.CachedValue(_periods, default=list)


def current_situation() -> Situation:
    """The state now. No query while nothing has changed; the last known one while the database is down."""
    return situation_at(timezone.now(), _cached_periods.get())


def stored_situation() -> Situation:
    """The state now, read from the database. Raises DatabaseError."""
    return situation_at(timezone.now(), _periods())


def announce(state, *, by=None, starts_at=None, ends_at=None, sentence="", reason="") -> Window:
    """Announce `state` from `starts_at` (default: now) until `ends_at` (default: open end); see `put`."""
    window = Window(
        state=state, starts_at=starts_at or timezone.now(), ends_at=ends_at, sentence=sentence, reason=reason
    )
    put(window, by=by)
    return window


def put(window: Window, *, by=None) -> None:
    """Store a new window. Active ones end when it starts. Raises ValidationError."""
    with transaction.atomic():
        window.created_by = by
        window.full_clean()
        for active in Window.objects.select_for_update().active():
            if active.ends_at is None or active.ends_at > window.starts_at:
                _end_at(active, window.starts_at, by)
        window.save()
        _record(window, ADDITION, gettext_noop("Announced"), by)


def amend(window: Window, *, by=None) -> None:
    """Store changes of a window. Raises ValidationError."""
    with transaction.atomic():
        window.full_clean()
        window.save()
        _record(window, CHANGE, gettext_noop("Changed"), by)


def end(by=None, windows=None) -> int:
    """End the active windows now, or those of `windows` that are not over; a planned one never begins.

    Returns the number ended.
    """
    now = timezone.now()
    with transaction.atomic():
        chosen = Window.objects.active() if windows is None else windows.not_over()
        ended = list(chosen.select_for_update(of=("self",)))
        for window in ended:
            _end_at(window, max(now, window.starts_at), by)
    return len(ended)


def _end_at(window, moment, by):
    window.ends_at = moment
    window.save(update_fields=["ends_at"])
    _record(window, CHANGE, gettext_noop("Ended"), by)


def _record(window, flag, message, by):
    log(by, window, gettext(message), flag)
    logger.info("Maintenance, %s by %s: %s", message.lower(), by or "the command line", window)
    pages.invalidate(changes.SITE)
