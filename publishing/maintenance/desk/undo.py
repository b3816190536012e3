"""Taking back the last change that somebody made to maintenance, while nothing else has changed it."""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_duration

from .. import announcements
from ..models import Window
from .plans import digest, snapshot

KEY = "maintenance-undo"
SECONDS = 600


def remember(request, before: dict[str, dict]) -> None:
    """Keep in the session how the windows were `before` a change that has just been made."""
    request.session[KEY] = {"before": before, "digest": digest(), "at": time.time()}


def is_possible(request) -> bool:
    kept = request.session.get(KEY)
    return bool(kept) and time.time() - kept["at"] <= SECONDS and kept["digest"] == digest()


def undo(request) -> bool:
    """Whether the windows are as they were before the last change again. Raises ValidationError."""
    with transaction.atomic():
        announcements.alone()
        if not is_possible(request):
            return False
        before, now = request.session.pop(KEY)["before"], snapshot()
        added = [int(key) for key in now if key not in before]
        if added:
            announcements.end(by=request.user, windows=Window.objects.filter(pk__in=added))
        for key, values in before.items():
            if values != now.get(key):
                _restore(int(key), values, request.user)
    return True


def _restore(key: int, values: dict, user) -> None:
    """The window as it was, or a new one like it if it has ended: what is over stays as it is."""
    window = Window.objects.not_over().filter(pk=key).first() or Window()
    for name, value in values.items():
        setattr(window, name, _parsed(name, value))
    if window.ends_at and window.ends_at <= timezone.now():
        return
    if window.pk:
        announcements.amend(window, by=user)
    else:
        window.starts_at = max(window.starts_at, timezone.now())
        announcements.put(window, by=user)


def _parsed(name: str, value) -> datetime | timedelta | str | list | None:
    if name in ("starts_at", "ends_at") and value:
        return datetime.fromisoformat(value)
    return parse_duration(value) if name == "announce_before" else value
