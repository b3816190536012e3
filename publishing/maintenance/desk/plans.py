"""What a new or changed window would do, before anything is stored."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.duration import duration_iso_string

from .. import announcements, switch
from ..decision import Period, Situation, situation_at
from ..models import Window
from . import effects

COLUMNS = ["state", "sentence", "starts_at", "ends_at", "announce_before", "announcement", "groups", "reason"]


def snapshot() -> dict[str, dict]:
    """The windows that are not over, by primary key, as JSON knows them."""
    rows = Window.objects.not_over().order_by("pk").values("pk", *COLUMNS)
    return json.loads(json.dumps({str(row.pop("pk")): row for row in rows}, default=_exactly))


def _exactly(value) -> str:
    return value.isoformat() if isinstance(value, datetime) else duration_iso_string(value)


def situation_now() -> Situation:
    """That of the switch, else that of the windows as they are stored. Raises DatabaseError."""
    return switch.situation() or announcements.stored_situation()


def digest() -> str:
    """Of the state now and of all that is planned: what somebody saw who is about to change it."""
    state = situation_now().state
    return hashlib.sha256(json.dumps([state, snapshot()], sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Plan:
    """`now` and `then` are the situations before the change and once the window has begun.

    `announced` is that before it begins, if readers are told. While the switch says a state, nothing changes.
    """

    window: Window
    now: Situation
    then: Situation
    ended: list[Window]
    announced: Situation | None
    digest: str

    @property
    def rows(self) -> list[effects.Row]:
        return effects.table(self.now, self.then)

    @property
    def is_end(self) -> bool:
        """Whether the window itself ends, or never begins."""
        return self.window in self.ended

    @property
    def begins_now(self) -> bool:
        return not self.window.pk and self.window.starts_at <= timezone.now()

    @property
    def announced_from(self):
        """When readers are told before it begins, None if they are not."""
        return self.window.starts_at - self.window.announce_before if self.announced else None


def of(window: Window) -> Plan:
    """The plan of a window that is valid and not stored, or stored with other values."""
    others = list(Window.objects.not_over().exclude(pk=window.pk))
    ended = [] if window.pk else window.to_make_way(timezone.now())
    periods = [_period(other) for other in others if other not in ended] + [_period(window)]
    then = switch.situation() or situation_at(window.starts_at, periods)
    announced = None
    if window.announce_before and not switch.current() and window.starts_at > timezone.now():
        announced = situation_at(max(timezone.now(), window.starts_at - window.announce_before), periods)
    return Plan(window, situation_now(), then, ended, announced, digest())


def _period(window: Window) -> Period:
    return Period(**{name: getattr(window, name) for name in COLUMNS if name != "reason"})


def of_extension(window: Window, ends_at: datetime | None) -> Plan:
    """The plan of a later end. Raises ValidationError."""
    return of(announcements.extended(window, ends_at))


def of_end(windows: list[Window]) -> Plan | None:
    """The plan of ending windows now; None without any."""
    if not windows:
        return None
    stay = [_period(window) for window in Window.objects.not_over() if window not in windows]
    then = switch.situation() or situation_at(timezone.now(), stay)
    return Plan(windows[0], situation_now(), then, windows, None, digest())
