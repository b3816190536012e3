"""What readers were given: editions, which never change, and what was corrected in them afterwards."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from publishing.bases.append_only import AppendOnly
from publishing.cache import pages
from publishing.text.fields import LineField


class Edition(AppendOnly):
    """A quiz as it was given to readers: written once, never changed (see editing/freezing.py for its shape)."""

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
        return f"{self.quiz}, edition {self.number}"


class CorrectionAction(models.TextChoices):
    DISREGARD = "disregard", "Disregard the question"
    ACCEPT = "accept", "Accept this answer too"


class Correction(models.Model):
    """A correction to a question that readers have answered already, as magazines print errata.

    It holds for the editions up to the one that readers were given when it was made. Stored answers and scores stay
    as they are; results show the score before and after, with the note.
    """

    quiz = models.ForeignKey("quizzes.Quiz", on_delete=models.CASCADE, related_name="corrections")
    last_edition = models.PositiveIntegerField(editable=False)
    # Ids as they stand in the editions: the rows in the bank may be gone.
    question = models.PositiveBigIntegerField()
    action = models.CharField(max_length=10, choices=CorrectionAction)
    choice = models.PositiveBigIntegerField(null=True, blank=True)
    blank = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=1000, blank=True, help_text="The typed answer that is accepted too.")
    note = LineField(max_length=300, help_text="What was wrong, for those who answered it.")
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
        """Every page that shows the quiz changes with it."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._quiz_has_changed()

    def delete(self, *args, **kwargs):
        result = super().delete(*args, **kwargs)
        self._quiz_has_changed()
        return result

    def _quiz_has_changed(self):
        pages.invalidate(f"quiz:{self.quiz_id}")
        self.quiz.write_snapshot()

    def as_data(self) -> dict:
        """Plain data, as grading takes it and as it is kept beside the editions."""
        return {
            "question": self.question,
            "action": str(self.action),
            "choice": self.choice,
            "blank": self.blank,
            "text": self.text,
            "note": self.note,
            "at": self.created_at.isoformat(),
            "last_edition": self.last_edition,
        }
