"""Changes of many articles at once, and their batches."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.text import languages
from publishing.text.fields import LanguageField


class BulkChange(models.Model):
    """One change of many articles. Saved before it is confirmed; a task carries it out; it is undone as one."""

    class Action(models.TextChoices):
        PUBLISH = "publish", _("Publish")
        ARCHIVE = "archive", pgettext_lazy("verb", "Archive")
        UNPUBLISH = "unpublish", _("Unpublish")
        CATEGORY = "category", _("Change the category")
        TAG = "tag", _("Add a tag")
        LANGUAGE = "language", _("Change the language")
        TRASH = "trash", _("Move to the trash")
        UNDO = "undo", _("Undo")

    action = models.CharField(max_length=10, choices=Action)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    category = models.ForeignKey("articles.Category", null=True, on_delete=models.SET_NULL, related_name="+")
    tag = models.ForeignKey("articles.Tag", null=True, on_delete=models.SET_NULL, related_name="+")
    language = LanguageField()
    undoes = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="undone_by")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    action__in=["publish", "archive", "unpublish", "category", "tag", "language", "trash", "undo"]
                ),
                name="bulk_change_action_known",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(confirmed_at__isnull=False), name="bulk_change_finished_if_confirmed"
            ),
        ]

    def __str__(self):
        if self.action == self.Action.UNDO and self.undoes:
            return gettext("Undo: %(change)s") % {"change": self.undoes}
        language = self.language and languages.name_of(self.language)
        chosen = str(self.category or self.tag or language)
        return ": ".join(filter(None, [self.get_action_display(), chosen]))

    @property
    def hides(self) -> bool:
        """Whether it takes articles from readers, or may, as undoing does."""
        return self.action in (self.Action.ARCHIVE, self.Action.UNPUBLISH, self.Action.TRASH, self.Action.UNDO)

    @property
    def may_be_undone(self) -> bool:
        return bool(self.confirmed_at) and self.action != self.Action.UNDO and not hasattr(self, "undone_by")


class BulkPart(models.Model):
    """A batch: the articles of one transaction. `undo` has what was and what became of each that was changed."""

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    keys = models.JSONField()
    undo = models.JSONField(default=dict)
    # Numbers by outcome; empty before.
    outcomes = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["change", "number"], name="bulk_part_number")]

    def __str__(self):
        return f"part {self.number} of {self.change_id}"
