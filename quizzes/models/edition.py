"""Published editions, which never change, and their corrections."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.append_only import AppendOnly
from publishing.cache.models import Invalidating
from publishing.text.fields import LineField


class Edition(AppendOnly):
    """A quiz as it was published. editing/freezing.py describes the bundle."""

    quiz = models.ForeignKey("quizzes.Quiz", on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    bundle = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "number"], name="edition_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="edition_number_positive"),
        ]

    def __str__(self):
        return gettext("%(quiz)s, edition %(number)s") % {"quiz": self.quiz, "number": self.number}


class CorrectionAction(models.TextChoices):
    DISREGARD = "disregard", _("Disregard the question")
    ACCEPT = "accept", _("Accept this answer too")


class Correction(Invalidating):
    """A correction of a published question, for all editions up to the one that was current.

    Stored answers and scores do not change; results show the score before and after, with the note.
    """

    quiz = models.ForeignKey("quizzes.Quiz", on_delete=models.CASCADE, related_name="corrections")
    last_edition = models.PositiveIntegerField(editable=False)
    # Ids of the bundle: the rows in the bank may be deleted.
    question = models.PositiveBigIntegerField()
    action = models.CharField(max_length=10, choices=CorrectionAction)
    choice = models.PositiveBigIntegerField(null=True, blank=True)
    blank = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=1000, blank=True, help_text=_("The typed answer to accept too."))
    note = LineField(max_length=300, help_text=_("What was wrong. Shown to readers who answered the question."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=CorrectionAction.values), name="correction_action_known"),
            models.CheckConstraint(condition=~Q(note=""), name="correction_has_note"),
            models.CheckConstraint(
                condition=Q(action="disregard", choice__isnull=True, text="")
                | (Q(action="accept") & (Q(choice__isnull=False) | ~Q(text=""))),
                name="correction_says_what_is_accepted",
            ),
        ]

    def __str__(self):
        return f"{self.get_action_display()}: {self.note}"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.quiz.write_snapshot()

    def delete(self, *args, **kwargs):
        result = super().delete(*args, **kwargs)
        self.quiz.write_snapshot()
        return result

    def page_names(self):
        # Results show it, and they are not cached.
        return ["papers"]

    def as_data(self) -> dict:
        """JSON for grading and snapshots."""
        names = ("question", "action", "choice", "blank", "text", "note", "last_edition")
        return {name: getattr(self, name) for name in names} | {"at": self.created_at.isoformat()}
