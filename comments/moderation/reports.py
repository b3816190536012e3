"""What readers report: once each and once for each network, counted on the comment until a moderator answers."""

from django.db import transaction
from django.db.models import F, Q

from publishing.bases.addressed import Gone

from ..mail import notify
from ..models import Comment, CommentSettings, Report
from ..screening import bans
from . import decisions


def report(comment: Comment, reader: str, reason: str, address: str = "unknown") -> bool:
    """Count the report of `reader` for a `ReportReason`; False if the same reader reported it before, answered or not.

    So counts who sits at `address` with a reader who reported it in the last days, as long as addresses can be told
    apart (`bans.WINDOW_DAYS`): without a cookie everybody is a new reader each time.

    The comment stays on the page: from `CommentSettings.report_threshold` open reports on, it is in the queue
    `Comment.objects.reported()`. Raises `Gone` when it was taken off the page meanwhile. Six queries; some
    more for the first of a day, which makes its key, and for one that has a digest sent.
    """
    with transaction.atomic():
        # Before the thread: whoever sends a comment locks in this order.
        known = bans.networks_of(address, lock=False)
        # With the thread locked, so that a decision answers the reports before it and none after it.
        current = decisions.locked(comment)
        if not current.is_visible or current.erased_at:
            raise Gone("The comment has been removed, so you cannot report it.")
        same_sender = Q(reader=reader)
        if known.is_known:
            same_sender |= Q(network__in=known.in_window())
        is_new = not Report.objects.filter(same_sender, comment=current).exists()
        if is_new:
            network = known.network if known.is_known else ""
            Report.objects.create(comment=current, reader=reader, reason=reason, network=network)
            Comment.objects.filter(pk=current.pk).update(open_reports=F("open_reports") + 1)
            if current.open_reports + 1 >= CommentSettings.current().report_threshold:
                notify.schedule_digest()
    return is_new
