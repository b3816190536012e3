"""The moderation queues on the front page of the admin."""

from django import template

from ..moderation import decisions, queues

register = template.Library()


@register.inclusion_tag("admin/comments/comment/_front.html")
def moderation_front(user):
    """The queues that wait, for accounts that may read them. Three queries."""
    if not decisions.may_read(user):
        return {}
    return {"summaries": queues.summaries(*queues.WAITING), "may_decide": decisions.may_decide(user)}
