"""What happened: the changes that people made, and what began or ended by the clock, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..decision import ANNOUNCED, OFF
from ..models import LONGEST, Action, Change, Window
from .words import STATES

CHANGE, BEGAN, ENDED = "change", "began", "over"
GETS_END = "gets-end"
# The same rule as `models.end_of`.
_OVER = Coalesce(
    "ends_at",
    Case(
        *(
            When(state=state, then=ExpressionWrapper(F("starts_at") + Value(longest), DateTimeField()))
            for state, longest in LONGEST.items()
        )
    ),
)
CLOCK = "clock"


@dataclass(frozen=True)
class Event:
    """`who` is empty for the command line; by the clock nobody did it. `what` is the action as the desk tells it."""

    at: datetime
    action: str
    what: str
    from_state: str
    to_state: str
    who: str
    why: str
    is_by_clock: bool = False


class FilterForm(forms.Form):
    """What of the history to show. Everything without a choice."""

    to = forms.ChoiceField(required=False, label=gettext_lazy("To state"))
    who = forms.ChoiceField(required=False, label=gettext_lazy("Who"))

    def __init__(self, data):
        super().__init__(data, label_suffix="")
        self.fields["to"].choices = [("", _("all")), *STATES.items()]
        people = get_user_model().objects.filter(pk__in=Change.objects.values("made_by")).order_by("username")
        self.fields["who"].choices = [("", _("everybody")), (CLOCK, _("by the clock"))]
        self.fields["who"].choices += [(str(person.pk), person.get_username()) for person in people]


def keys(to: str = "", who: str = "") -> QuerySet:
    """(moment, kind, primary key) of what happened, newest first, to be sliced and counted. One query each."""
    now = timezone.now()
    real = Window.objects.annotate(over=_OVER).filter(over__gt=F("starts_at"))
    # A window that somebody began at once, or ended, has a change at that moment. One that was to make way has it when
    # the other was planned: the clock ended it, which the beginning of the other says, if that was not called off.
    began = real.filter(starts_at__lte=now, starts_at__gt=F("created_at"))
    by_hand = Change.objects.filter(window=OuterRef("pk"), action=Action.ENDED)
    made_way = Exists(by_hand) & Exists(real.filter(starts_at=OuterRef("over")))
    ended = real.filter(over__lte=now).exclude(Exists(by_hand.filter(made_at__gte=OuterRef("over"))) | made_way)
    changes = Change.objects.all()
    if to:
        changes, began = changes.filter(to_state=to), began.filter(state=to)
        ended = ended if to == OFF else ended.none()
    if who == CLOCK:
        changes = changes.none()
    elif who:
        changes, began, ended = changes.filter(made_by=who), began.none(), ended.none()
    rows = [_keys(changes, "made_at", CHANGE), _keys(began, "starts_at", BEGAN), _keys(ended, "over", ENDED)]
    return rows[0].union(*rows[1:], all=True).order_by("-moment", "-kind", "-key")


def _keys(rows, moment, kind):
    named = {"moment": F(moment), "kind": Value(kind, CharField()), "key": F("pk")}
    return rows.order_by().annotate(**named).values_list("moment", "kind", "key")


def events(chosen: list[tuple]) -> list[Event]:
    """What `keys` found, in full. Two queries."""
    of = {kind: [key for _moment, each, key in chosen if each == kind] for kind in (CHANGE, BEGAN, ENDED)}
    changes = Change.objects.select_related("made_by", "window").in_bulk(of[CHANGE])
    windows = Window.objects.in_bulk({*of[BEGAN], *of[ENDED]})
    return [
        _of_change(changes[key]) if kind == CHANGE else _by_clock(moment, kind, windows[key])
        for moment, kind, key in chosen
    ]


def _of_change(change: Change) -> Event:
    who = change.made_by.get_username() if change.made_by else ""
    return Event(change.made_at, change.action, _what(change), change.from_state, change.to_state, who, change.reason)


def _what(change: Change) -> str:
    """A window that is put at once begins; one that makes way for a later one goes on until then."""
    window, at = change.window, change.made_at
    if window and change.action == Action.ANNOUNCED and window.starts_at <= at:
        return BEGAN
    if window and change.action == Action.ENDED and window.ends_at and window.ends_at > at:
        return GETS_END
    return change.action


def _by_clock(moment: datetime, kind: str, window: Window) -> Event:
    before = ANNOUNCED if window.announce_before else OFF
    states = (before, window.state) if kind == BEGAN else (window.state, OFF)
    return Event(moment, kind, kind, *states, "", window.reason, is_by_clock=True)
