"""The queues of comments in the inbox."""

from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.inbox.sections import Row, Section, source

from .models import Comment
from .moderation import decisions, queues

# The oldest ones of the queues, which are read on the front page.
SHOWN = 3
EXCERPT = 200


@source
def waiting(request):
    """How many wait in each queue, how old the oldest is, and the first ones. Two queries."""
    user = request.user
    if not decisions.may_read(user):
        return []
    summaries = queues.summaries(*queues.WAITING)
    number = sum(summary.number for summary in summaries)
    if not number:
        return []
    may_decide = decisions.may_decide(user)
    rows = [_row(comment) for comment in _oldest()]
    # Who only moderates comes for these.
    place = 35 if user.has_perm("articles.view_article") else 5
    return [
        Section(
            "comments",
            _("Comments waiting"),
            place,
            number,
            url=reverse("admin:comments_comment_changelist"),
            is_asked=may_decide,
            template="admin/comments/comment/_inbox.html",
            context={"summaries": summaries, "may_decide": may_decide, "rows": rows},
        )
    ]


def _oldest():
    queue = queues.QUEUES["pending"]
    rows = Comment.objects.pending().order_by(*queue.ordering).select_related("article")
    return rows.only("name", "body", "created_at", "article__title")[:SHOWN]


def _row(comment: Comment) -> Row:
    url = queues.Place(queues.QUEUES["pending"]).comment_url(comment.pk)
    label = _("%(name)s on %(title)s") % {"name": comment.name, "title": comment.article.title}
    return Row(label, url, note=truncatechars(comment.body, EXCERPT))
