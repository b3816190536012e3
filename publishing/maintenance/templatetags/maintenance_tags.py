from django import template
from django.utils import timezone

from publishing.maintenance.decision import QUIZZES

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
    day = "" if local.date() == timezone.localdate() else f"{local.day} {local:%B}, "
    return {"ends_at": local, "words": f"{day}{local:%H:%M %Z}"}
