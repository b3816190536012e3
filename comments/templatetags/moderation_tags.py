"""What the front page of the admin shows of the moderators' desk."""

from django import template

from ..moderation import decisions, queues

register = template.Library()


@register.inclusion_tag("admin/comments/comment/_front.html")
def moderation_front(user):
    """The queues with what waits in them, for whom the desk is open; nothing for others. Three queries."""
    if not decisions.may_read(user):
        return {}
    return {"summaries": queues.summaries(*queues.WAITING), "may_decide": decisions.may_decide(user)}
