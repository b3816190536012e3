"""What `manage.py maintenance` prints: lines for people, or JSON for programs. In English, as all commands."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from ..decision import Situation
from ..groups import USUAL
from ..models import Window
from ..switch import Switched
from . import effects
from .history import Event
from .plans import Plan


def moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M %Z}" if value else "it is ended"


def window(row: Window) -> dict:
    """For JSON."""
    return {
        "id": row.pk,
        "state": row.state,
        "from": row.starts_at,
        "until": row.ends_at,
        "announced_from": row.starts_at - row.announce_before if row.announce_before else None,
        "groups": sorted(row.groups or USUAL),
        "reason": row.reason,
    }


def line(row: Window) -> str:
    """For people."""
    name = f"{row.state} from {moment(row.starts_at)} until {moment(row.ends_at)}"
    announced = f", announced from {moment(row.starts_at - row.announce_before)}" if row.announce_before else ""
    number = f"{row.pk}: " if row.pk else ""
    return f"{number}{name}{announced}"


def situation(now: Situation) -> dict:
    """For JSON."""
    begins = {"from": now.starts_at} if now.starts_at else {}
    return {"state": now.state, "sentence": now.sentence, **begins, "until": now.ends_at}


def switched(found: Switched) -> dict:
    """For JSON."""
    return {"state": found.state, "by": found.source, "since": found.since, "until": found.over_at}


def switched_line(found: Switched) -> str:
    """For people."""
    since, over = moment(found.since), moment(found.over_at)
    return f"switch: {found.source} says {found.state} since {since}, until {over} at the latest, whatever windows say"


def plan(planned: Plan) -> dict:
    """For JSON: the state before and after, what it ends, and what changes for whom."""
    cells = [
        {"group": row.group, "routes": row.names, "who": cell.who, "method": cell.method, "now": cell.now}
        | {"then": cell.then}
        for row in planned.rows
        for cell in row.cells
    ]
    return {
        "now": planned.now.state,
        "then": planned.then.state,
        "window": window(planned.window),
        "ends": [window(row) for row in planned.ended],
        "answers": cells,
    }


def plan_lines(planned: Plan) -> Iterator[str]:
    """For people: the table that the admin shows before a change is confirmed."""
    yield f"{planned.now.state} → {planned.then.state}"
    for row in planned.ended:
        yield f"ends: {line(row)}"
    people = {who: f"{who}" for who in effects.Who.values}
    yield f"{'':<11}" + "".join(f"{name + ' ' + method:<17}" for name in people for method in effects.METHODS).rstrip()
    for row in planned.rows:
        answers = (f"{cell.now} → {cell.then}" if cell.is_changed else f"{cell.now}" for cell in row.cells)
        names = f" ({', '.join(row.names)})" if row.is_exception else ""
        yield f"{row.group:<11}" + "".join(f"{answer:<17}" for answer in answers).rstrip() + names
    yield "Nothing was changed."


def event(found: Event) -> dict:
    """For JSON."""
    who = "clock" if found.is_by_clock else found.who or None
    states = {"from": found.from_state, "to": found.to_state}
    return {"at": found.at, "action": found.action, **states, "who": who, "reason": found.why}


def event_line(found: Event) -> str:
    """For people."""
    who = "the clock" if found.is_by_clock else found.who or "the command line"
    why = f": {found.why}" if found.why else ""
    return f"{moment(found.at)}  {found.from_state} → {found.to_state}  {found.action} by {who}{why}"
