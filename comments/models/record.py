"""The record: decisions, earlier texts, reports."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.bases.append_only import AppendOnly

from ..choices import CommentKind, RejectReason, ReportReason
from ..querysets import RecordQuerySet
from .thread import (
    BODY_LENGTH,
    NAME_COLUMN_LENGTH,
    NOTE_LENGTH,
    Comment,
    Status,
    account_field,
)

# Rules of entries: the writer withdrew it, or it was erased while it waited.
WITHDRAWN, ERASURE = "withdrawn", "erasure"


class ModerationEntry(AppendOnly):
    """One change of one comment's state, written in the same transaction. It outlives the comment.

    `rule` is set where no moderator decided: `WITHDRAWN`, `ERASURE`, "known" or a rule of screening. With neither, the
    moderator's account was deleted or, without an old state, it was an import.
    """

    comment = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="entries")
    comment_number = models.BigIntegerField(_("comment's number"))
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    reader = models.CharField(max_length=32, blank=True)
    moderator = account_field(editable=True)
    rule = models.CharField(max_length=40, blank=True)
    old_status = models.CharField(pgettext_lazy("state before", "from"), max_length=10, choices=Status, blank=True)
    new_status = models.CharField(pgettext_lazy("state after", "to"), max_length=10, choices=Status)
    reason = models.CharField(max_length=20, choices=RejectReason, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    digest = models.CharField(_("digest of the text"), max_length=64)
    undoes = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="undone_by")
    batch = models.ForeignKey(
        "comments.Batch", null=True, on_delete=models.SET_NULL, related_name="entries", db_index=False
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["moderator", "-created_at", "-id"], name="entry_by_moderator"),
            models.Index(fields=["reader", "created_at", "id"], condition=~Q(reader=""), name="entry_by_reader"),
            models.Index(fields=["-created_at", "-id"], name="entry_newest"),
            models.Index(fields=["batch", "comment"], condition=Q(batch__isnull=False), name="entry_by_batch"),
        ]
        constraints = [
            # Approving an approved one again dismisses reports.
            models.CheckConstraint(
                condition=Q(new_status__in=Status.values) & (~Q(new_status=F("old_status")) | Q(new_status="approved")),
                name="entry_is_a_change",
            ),
        ]

    def __str__(self):
        return f"{self.get_old_status_display() or gettext('New')} → {self.get_new_status_display()}"


class Revision(AppendOnly):
    """The text of a comment before its writer changed it, so that a moderator sees the difference."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    kind = models.CharField(max_length=12, choices=CommentKind)
    name = models.CharField(max_length=NAME_COLUMN_LENGTH)
    body = models.TextField(max_length=BODY_LENGTH)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = []

    def __str__(self):
        return f"before {self.created_at:%Y-%m-%d %H:%M}"


class Report(models.Model):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reader = models.CharField(max_length=32)
    # The hash of the /32 or /64 it came from, under the key of its day; empty if unknown.
    network = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=10, choices=ReportReason)
    created_at = models.DateTimeField(default=timezone.now)
    # When a moderator decided about the comment.
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["comment", "reader"], name="report_once_per_reader"),
            models.CheckConstraint(condition=Q(reason__in=ReportReason.values), name="report_reason_known"),
        ]

    def __str__(self):
        return self.get_reason_display()
