"""Attempts of readers, who are known by a random key in a cookie only, and anonymous counts of steps."""

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .edition import Edition


class Attempt(models.Model):
    """The answers of one reader to one edition, and the score. The token is the address of the result."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="attempts")
    token = models.CharField(max_length=32, unique=True, editable=False)
    # {"question id": answer} of answered questions; quizzes/kinds/grading describes the answers.
    answers = models.JSONField()
    # Questions and choices as the reader saw them: [[question id, [choice ids]], …]. Empty in the oldest rows.
    order = models.JSONField(default=list)
    # {"question id": points as "2/3"}, as graded on submission. None in the oldest rows.
    marks = models.JSONField(null=True)
    # The score is numerator/denominator points of `maximum`, so that thirds are exact.
    score_numerator = models.PositiveBigIntegerField()
    score_denominator = models.PositiveBigIntegerField(default=1)
    maximum = models.PositiveIntegerField()
    reader = models.CharField(max_length=32, blank=True)
    # The reader's first whole paper of this quiz; statistics count these.
    is_first = models.BooleanField(default=True)
    # Submitted after the time limit and its grace.
    is_late = models.BooleanField(default=False)
    # How long it took, if there is a time limit.
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
        score = number_format(f"{float(self.score):g}")
        return gettext("%(score)s of %(maximum)s") % {"score": score, "maximum": self.maximum}

    def get_absolute_url(self):
        return reverse("quizzes:result", args=[self.token])

    @property
    def score(self) -> Fraction:
        return Fraction(self.score_numerator, self.score_denominator)


class Stage(models.TextChoices):
    SEEN = "seen", _("Seen")
    STARTED = "started", _("Started")
    ANSWERED = "answered", _("Answered")


class FunnelCount(models.Model):
    """How many browsers reached a stage of an edition: saw it, started, had `answered` answers."""

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
