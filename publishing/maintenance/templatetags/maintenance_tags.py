"""The notice of maintenance at the top of pages, and when it begins and ends."""

from datetime import datetime
from hashlib import sha256

from django import template
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html

from publishing.maintenance.decision import ANNOUNCED, Situation
from publishing.maintenance.models import State
from publishing.text.moments import in_words

register = template.Library()


@register.inclusion_tag("maintenance/_files.html", takes_context=True)
def notice_files(context):
    """For the head: the style sheet and the script of the notice, if there is one."""
    return _shown(context)


@register.inclusion_tag("maintenance/_notice.html", takes_context=True)
def maintenance_notice(context):
    """The notice at the top of a page during maintenance and before it. No query while nothing has changed."""
    return _shown(context)


def _shown(context) -> dict:
    situation = getattr(context.get("request"), "maintenance", None)
    if not situation or not situation.is_on:
        return {}
    return {"maintenance": situation, "dismissal": dismissal(situation)}


def dismissal(situation: Situation) -> str:
    """What a reader's window remembers once the notice is dismissed, so that another one is shown again.

    Empty if it stays: while the site is read-only, it is the reason why nothing can be sent.
    """
    if situation.state not in (ANNOUNCED, State.BANNER):
        return ""
    shown = (situation.state, situation.sentence, situation.starts_at, situation.ends_at)
    return sha256(repr(shown).encode()).hexdigest()[:8]


@register.simple_tag(takes_context=True)
def is_read_only(context, group):
    """Whether this visitor can send nothing of a group of routes now. No query while nothing has changed."""
    situation = getattr(context.get("request"), "maintenance", None)
    return bool(situation) and situation.refuses_forms_of(group)


@register.inclusion_tag("maintenance/_times.html")
def times_of(situation):
    """A line with when the site will be back, or with the times of what is announced; nothing if they are not known.

    In the site's time zone; the script of the notice puts in that of the reader.
    """
    start = situation.starts_at if situation.state == ANNOUNCED else None
    end = situation.ends_at
    return {
        "start": start and _moment(start, timezone.now(), with_zone=not end),
        "end": end and _moment(end, start or timezone.now()),
    }


def _moment(moment: datetime, before: datetime, with_zone=True):
    """A `<time>`, with the date unless it is that of `before`."""
    local = timezone.localtime(moment)
    words = time_format(local, "H:i") if local.date() == timezone.localdate(before) else in_words(local, "soon")
    zone = f" {_zone(local)}" if with_zone else ""
    return format_html('<time datetime="{}">{}{}</time>', local.isoformat(timespec="seconds"), words, zone)


def _zone(local: datetime) -> str:
    """The name of the zone; of one without a name, what it adds to UTC."""
    name = local.tzname()
    return name if name[0].isalpha() else f"UTC{name}"
