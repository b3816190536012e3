"""Readers' reports: one for each reader and network, open until a moderator decides."""

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from publishing.bases.addressed import Gone

from ..mail import notify
from ..models import Comment, CommentSettings, Report
from ..screening import bans
from . import decisions


def report(comment: Comment, reader: str, reason: str, address: str = "unknown") -> bool:
    """Count the report of `reader` for a `ReportReason`; False if the same reader or network already reported it.

    Networks are compared because without a cookie everyone is a new reader each time. The comment stays public; from
    `CommentSettings.report_threshold` open reports on it is in the queue. Raises `Gone` when it was removed meanwhile.
    """
    with transaction.atomic():
        # Before the thread: whoever sends a comment locks in this order.
        known = bans.networks_of(address, lock=False)
        # With the thread locked, so that a decision answers the reports before it and none after it.
        current = decisions.locked(comment)
        if not current.is_visible or current.erased_at:
            # Translators: for readers.
            raise Gone(gettext("The comment has been removed, so you cannot report it."))
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
