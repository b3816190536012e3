"""What readers report: once each, counted on the comment until a moderator answers."""

from django.db import transaction
from django.db.models import F

from . import mail, moderation
from .models import Comment, CommentSettings, Report


class NotThere(Exception):
    """Readers do not see the comment any more, so there is nothing to report."""


def report(comment: Comment, reader: str, reason: str) -> bool:
    """Count the report of `reader` for a `ReportReason`; False if the same reader reported it before, answered or not.

    The comment stays on the page: from `CommentSettings.report_threshold` open reports on, it is in the queue
    `Comment.objects.reported()`. Raises `NotThere` when it was taken off the page meanwhile. Four queries.
    """
    with transaction.atomic():
        # With the thread locked, so that a decision answers the reports before it and none after it.
        current = moderation.locked(comment)
        if not current.is_visible or current.erased_at:
            raise NotThere
        _, is_new = Report.objects.get_or_create(comment=current, reader=reader, defaults={"reason": reason})
        if is_new:
            Comment.objects.filter(pk=current.pk).update(open_reports=F("open_reports") + 1)
            if current.open_reports + 1 >= CommentSettings.current().report_threshold:
                mail.something_waits()
    return is_new
