"""What changes the maintenance state: announce a window, amend it, end it. Each is logged and seen by every process."""

import logging

from django.contrib.admin.models import ADDITION, CHANGE
from django.db import transaction
from django.utils import timezone

from publishing.bases.log import log
from publishing.cache import generations, pages

from .decision import Period, Situation, situation_at
from .models import Window

logger = logging.getLogger(__name__)


def _periods() -> list[Period]:
    rows = Window.objects.not_over().values_list("state", "starts_at", "ends_at", "sentence")
    return [Period(*row) for row in rows]


# Windows to come are in it as well, so that what begins and ends by the clock asks nobody.
_remembered = generations.CachedValue(_periods, default=list)


def current_situation() -> Situation:
    """How things stand now. No query while nothing has changed; what was last known while the database is down."""
    return situation_at(timezone.now(), _remembered.get())


def stored_situation() -> Situation:
    """How things stand now by the database itself. One query; raises DatabaseError when it does not answer."""
    return situation_at(timezone.now(), _periods())


def announce(state, *, by=None, starts_at=None, ends_at=None, sentence="", reason="") -> Window:
    """Put the site into `state` from `starts_at` (default: now) until `ends_at` (default: until it is ended).

    Whatever is active ends at that moment. Raises ValidationError. About ten queries.
    """
    window = Window(
        state=state, starts_at=starts_at or timezone.now(), ends_at=ends_at, sentence=sentence, reason=reason
    )
    put(window, by=by)
    return window


def put(window: Window, *, by=None) -> None:
    """Announce a window that is not stored yet; see `announce`."""
    with transaction.atomic():
        window.created_by = by
        window.full_clean()
        for active in Window.objects.select_for_update().active():
            if active.ends_at is None or active.ends_at > window.starts_at:
                _end_at(active, window.starts_at, by)
        window.save()
        _record(window, ADDITION, "Announced", by)


def amend(window: Window, *, by=None) -> None:
    """Store changes to a window that is not over. Raises ValidationError."""
    with transaction.atomic():
        window.full_clean()
        window.save()
        _record(window, CHANGE, "Changed", by)


def end(by=None, windows=None) -> int:
    """End the active windows now, or those of `windows` that are not over; one to come never begins.

    Returns how many were ended.
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
    _record(window, CHANGE, "Ended", by)


def _record(window, flag, message, by):
    log(by, window, message, flag)
    logger.info("Maintenance, %s by %s: %s", message.lower(), by or "the command line", window)
    pages.invalidate("maintenance")
