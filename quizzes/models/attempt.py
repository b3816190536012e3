"""What readers handed in, and what is counted of it. Nobody is named: a reader is a random key in a cookie."""

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from .edition import Edition


class Attempt(models.Model):
    """What one reader handed in on one edition, and what it scored. The token is the address of its result."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="attempts")
    token = models.CharField(max_length=32, unique=True, editable=False)
    # {"question id": what was answered}, unanswered questions left out; quizzes/kinds/grading says in which shapes.
    answers = models.JSONField()
    # The paper as it lay before the reader: [[question id, [choice ids]], …]. Empty in rows from before it was kept.
    order = models.JSONField(default=list)
    # {"question id": points as "2/3"}, as graded when it was handed in. None in rows from before it was kept.
    marks = models.JSONField(null=True)
    # The score is numerator/denominator points of `maximum`; kept as whole numbers so that thirds stay thirds.
    score_numerator = models.PositiveBigIntegerField()
    score_denominator = models.PositiveBigIntegerField(default=1)
    maximum = models.PositiveIntegerField()
    reader = models.CharField(max_length=32, blank=True)
    # The first whole paper that this reader handed in on this quiz; statistics are made of these.
    is_first = models.BooleanField(default=True)
    # After the time limit and its grace.
    is_late = models.BooleanField(default=False)
    # How long it took, where the paper has a time limit.
    seconds = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["edition", "reader", "-created_at"], name="attempt_by_reader"),
            models.Index(
                fields=["edition", "id"],
                condition=Q(is_first=True, is_late=False),
                name="attempt_for_statistics",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(score_denominator__gt=0) & Q(score_numerator__lte=F("score_denominator") * F("maximum")),
                name="attempt_score_in_range",
            ),
        ]

    def __str__(self):
        return f"{float(self.score):g} of {self.maximum}"

    def get_absolute_url(self):
        return reverse("quizzes:result", args=[self.token])

    @property
    def score(self) -> Fraction:
        return Fraction(self.score_numerator, self.score_denominator)


class Stage(models.TextChoices):
    SEEN = "seen", "Seen"
    STARTED = "started", "Started"
    ANSWERED = "answered", "Answered"


class FunnelCount(models.Model):
    """How many browsers came how far with an edition: saw it, gave a first answer, had `answered` answers at once."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="funnel")
    stage = models.CharField(max_length=10, choices=Stage)
    answered = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["edition", "answered"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="funnel_stage_known"),
            models.UniqueConstraint(fields=["edition", "stage", "answered"], name="funnel_count_once"),
        ]

    def __str__(self):
        return f"{self.stage} {self.answered}: {self.count}"
