from django import template
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html

from publishing.maintenance.decision import QUIZZES
from publishing.text.moments import in_words

register = template.Library()


@register.inclusion_tag("maintenance/_notice.html", takes_context=True)
def maintenance_notice(context):
    """The notice at the top of a page during maintenance. No query while nothing has changed."""
    situation = getattr(context.get("request"), "maintenance", None)
    return {"maintenance": situation, "quizzes": QUIZZES} if situation and situation.is_on else {}


@register.inclusion_tag("maintenance/_back.html")
def back_about(ends_at):
    """When the site will be back, in its time zone, with the date unless it is today; nothing for an open end."""
    if ends_at is None:
        return {}
    local = timezone.localtime(ends_at)
    words = time_format(local, "H:i") if local.date() == timezone.localdate() else in_words(local, "soon")
    machine_time = local.isoformat(timespec="seconds")
    return {"moment": format_html('<time datetime="{}">{} {}</time>', machine_time, words, local.tzname())}
