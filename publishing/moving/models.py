"""Imports and exports that were asked for in the admin, and what became of each post."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ..transfer.notes import KIND_NAMES

# A task that says nothing for so long was killed; it says something every few seconds.
SILENT = timedelta(seconds=90)
# Afterwards the page says that the worker may not run.
SLOW = timedelta(seconds=15)


class TransferQuerySet(models.QuerySet):
    def active(self):
        """Waiting or running."""
        return self.filter(state__in=ACTIVE)

    def end_lost(self) -> int:
        """Mark those as failed whose worker was killed. Returns how many."""
        lost = self.filter(state=Transfer.State.RUNNING, beat_at__lt=timezone.now() - SILENT)
        return lost.update(state=Transfer.State.FAILED, error=LOST, finished_at=timezone.now())


class Transfer(models.Model):
    """A source that is moved in, or the site that is moved out. The last step that was asked for, and how far it is."""

    class Step(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        IMPORT = "import", pgettext_lazy("noun", "Import")
        UNDO = "undo", _("Undo of an import")
        EXPORT = "export", pgettext_lazy("noun", "Export")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    step = models.CharField(max_length=10, choices=Step)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Of the file or folder, for people; of an export the name of its file.
    name = models.CharField(max_length=200)
    # In the folder of uploads and exports, or below IMPORT_ROOT.
    path = models.CharField(max_length=500, blank=True)
    is_upload = models.BooleanField(default=True)
    options = models.JSONField(default=dict)
    # What kind of source it is.
    label = models.CharField(max_length=100, blank=True)
    total = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stop_asked = models.BooleanField(default=False)
    # When an import of it ended or was stopped, so that there is something to undo.
    imported_at = models.DateTimeField(null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        default_permissions = []
        permissions = [("move_site", _("Can move articles in and the site out"))]
        verbose_name = pgettext_lazy("noun", "move")
        verbose_name_plural = pgettext_lazy("noun", "moves")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=["preview", "import", "undo", "export"])
                & Q(state__in=["queued", "running", "done", "stopped", "failed"]),
                name="transfer_step_and_state_known",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state__in=["queued", "running"]), name="transfer_one_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()}: {self.name}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE and not self.is_lost

    @property
    def is_lost(self) -> bool:
        """Whether its worker was killed."""
        return self.state == self.State.RUNNING and self.beat_at < timezone.now() - SILENT

    @property
    def is_slow(self) -> bool:
        """Whether no worker has begun it in a while."""
        return self.state == self.State.QUEUED and self.asked_at < timezone.now() - SLOW

    @property
    def problem(self) -> str:
        return gettext(LOST) if self.is_lost or self.error == LOST else self.error

    @property
    def who(self) -> str:
        return (self.by.get_full_name() or self.by.get_username()) if self.by else gettext("somebody")


ACTIVE = [Transfer.State.QUEUED, Transfer.State.RUNNING]
# Stored as it is, in English.
LOST = gettext_noop("The worker was stopped in the middle. Start it again: what came in already is not imported twice.")


RESULTS = {
    "created": _("new"),
    "updated": _("updated"),
    "unchanged": _("unchanged since the last import"),
    "conflict": _("changed here and there: left as it is"),
    "skipped": _("left out"),
}


class TransferPost(models.Model):
    """What became of one post of a source: a row of the report."""

    class Mark(models.TextChoices):
        RIGHT = "right", pgettext_lazy("of a post", "Right")
        NOTED = "noted", _("With notes")
        LOSS = "loss", _("Something is missing")
        LEFT_OUT = "left-out", _("Left out")

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="posts", db_index=False)
    number = models.PositiveIntegerField()
    mark = models.CharField(max_length=10, choices=Mark)
    result = models.CharField(max_length=10)
    name = models.CharField(max_length=300)
    reason = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=500, blank=True)
    # Of the row that it became, if the importer knows it.
    key = models.BigIntegerField(null=True)
    # Lists of kind, text, and whether it is a loss.
    notes = models.JSONField(default=list)

    class Meta:
        default_permissions = []
        verbose_name = _("post of a move")
        verbose_name_plural = _("posts of moves")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "number"], name="transfer_post_number"),
            models.CheckConstraint(
                condition=Q(mark__in=["right", "noted", "loss", "left-out"]), name="transfer_post_mark_known"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def words(self) -> str:
        return RESULTS.get(self.result, self.result)

    @property
    def told(self) -> list[tuple[str, str, bool]]:
        """The notes: the name of the kind, text, and whether it is a loss."""
        return [(KIND_NAMES.get(kind, kind), text, is_loss) for kind, text, is_loss in self.notes]
