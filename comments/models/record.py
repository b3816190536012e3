"""What is written once and kept: decisions, what a text said before, and what readers reported."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from publishing.bases.append_only import AppendOnly

from ..querysets import RecordQuerySet
from .thread import BODY_LENGTH, NAME_COLUMN_LENGTH, NOTE_LENGTH, Comment, CommentKind, RejectReason, Status

# What an entry names as its rule for the writer's own wish, and for the erasure of what waited.
WITHDRAWN, ERASURE = "withdrawn", "erasure"


class ModerationEntry(AppendOnly):
    """One change of one comment's state. Written with the change, and never again; it outlives the comment.

    `rule` says what changed it where no moderator did: `WITHDRAWN`, `ERASURE`, "known" or a rule of screening. With
    neither it was a moderator whose account is gone, or, without an old state, an import.
    """

    comment = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="entries")
    comment_number = models.BigIntegerField("comment's number")
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    reader = models.CharField(max_length=32, blank=True)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    rule = models.CharField(max_length=40, blank=True)
    old_status = models.CharField("from", max_length=10, choices=Status, blank=True)
    new_status = models.CharField("to", max_length=10, choices=Status)
    reason = models.CharField(max_length=20, choices=RejectReason, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    digest = models.CharField("digest of the text", max_length=64)
    # The entry that this one takes back.
    undoes = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="undone_by")
    # The decision about many comments that this one belongs to.
    batch = models.ForeignKey(
        "comments.Batch", null=True, on_delete=models.SET_NULL, related_name="entries", db_index=False
    )
    created_at = models.DateTimeField("at", default=timezone.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = "decision"
        verbose_name_plural = "decisions"
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["moderator", "-created_at", "-id"], name="entry_by_moderator"),
            models.Index(fields=["reader", "created_at", "id"], condition=~Q(reader=""), name="entry_by_reader"),
            models.Index(fields=["-created_at", "-id"], name="entry_newest"),
            models.Index(fields=["batch", "comment"], condition=Q(batch__isnull=False), name="entry_by_batch"),
        ]
        constraints = [
            # Approving what is approved keeps it against reports.
            models.CheckConstraint(
                condition=Q(new_status__in=Status.values) & (~Q(new_status=F("old_status")) | Q(new_status="approved")),
                name="entry_is_a_change",
            ),
        ]

    def __str__(self):
        return f"{self.get_old_status_display() or 'New'} → {self.get_new_status_display()}"


class Revision(AppendOnly):
    """What a comment said before its writer changed it, so that a moderator can be shown the difference."""

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


class ReportReason(models.TextChoices):
    """Why a reader thinks that a comment should not stand."""

    UNKIND = "unkind", "It attacks someone"
    SPAM = "spam", "It is advertising or spam"
    PRIVATE = "private", "It gives away personal details"
    WRONG = "wrong", "It says something false that does harm"
    OTHER = "other", "Something else"


class Report(models.Model):
    """One reader's report of one comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reader = models.CharField(max_length=32)
    # The hash of the /32 or /64 it came from, under the key of its day; empty where the server was not told.
    network = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=10, choices=ReportReason)
    created_at = models.DateTimeField(default=timezone.now)
    # When a moderator decided about the comment after it was reported.
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
