"""Bulk decisions: what was selected, and the outcome of each comment."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..choices import RejectReason
from .thread import NOTE_LENGTH, Status, account_field


class Batch(models.Model):
    """One decision of one moderator about many comments. Saved before it is carried out, so that it can be continued
    after an interruption, and undone as one."""

    class Action(models.TextChoices):
        APPROVE = "approve", _("Approve")
        REJECT = "reject", _("Reject")
        SPAM = "spam", _("Mark as spam")
        REMOVE = "remove", _("Remove")
        RESTORE = "restore", _("Put back into the queue")
        BAN = "ban", _("Ban, with their comments")
        UNDO = "undo", _("Undo")

    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=20, choices=RejectReason, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    moderator = account_field(editable=True)
    # Until it ends.
    ban = models.ForeignKey("comments.Ban", null=True, on_delete=models.SET_NULL, related_name="+")
    undoes = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="undone_by")
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("bulk decision")
        verbose_name_plural = _("bulk decisions")
        default_permissions = []
        indexes = [models.Index(fields=["-created_at", "-id"], name="batch_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=["approve", "reject", "spam", "remove", "restore", "ban", "undo"]),
                name="batch_action_known",
            )
        ]

    def __str__(self):
        return self.get_action_display()

    @property
    def may_be_undone(self) -> bool:
        return self.action != self.Action.UNDO and not hasattr(self, "undone_by")


class BatchItem(models.Model):
    """One comment of a batch, as it was when it was selected."""

    class Outcome(models.TextChoices):
        DONE = "done"
        ALREADY = "already"
        CHANGED = "changed"
        DECIDED = "decided"
        FINAL = "final"
        CLAIMED = "claimed"
        GONE = "gone"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items", db_index=False)
    article_number = models.BigIntegerField()
    comment_number = models.BigIntegerField()
    action = models.CharField(max_length=10, choices=Batch.Action)
    was = models.CharField(max_length=10, choices=Status, blank=True)
    # The digest of the text that was shown, until the decision; empty if none was.
    seen = models.CharField(max_length=64, blank=True)
    # Empty before the decision.
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        default_permissions = []
        indexes = [
            models.Index(
                fields=["batch", "article_number", "comment_number"], condition=Q(outcome=""), name="item_to_decide"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["batch", "comment_number"], name="item_once_per_batch")]

    def __str__(self):
        return f"comment {self.comment_number}"
