"""Quizzes, their questions, the frozen editions that readers are given, and what readers handed in."""

import secrets
from datetime import timedelta
from fractions import Fraction

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from articles.models import SUMMARY_LENGTH, TITLE_LENGTH, Addressed
from publishing import pages
from publishing.fields import LineField, ProseField
from publishing.text import normal_line_ends

from . import editions, grading
from .querysets import FrozenQuerySet, QuizQuerySet

# A stem may hold a listing; a choice is a line, rarely a short listing.
STEM_LENGTH = 20_000
CHOICE_LENGTH = 5_000
# Reading and answering one question; our own figure.
MINUTES_PER_QUESTION = Fraction(1, 2)
# The same answers from the same reader within this time are one hand-in, sent twice.
SAME_HAND_IN = timedelta(minutes=10)


class Difficulty(models.TextChoices):
    BEGINNER = "beginner", "Beginner"
    INTERMEDIATE = "intermediate", "Intermediate"
    ADVANCED = "advanced", "Advanced"


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    ARCHIVED = "archived", "Archived"


class Kind(models.TextChoices):
    SINGLE = "single", "Single choice"
    MULTIPLE = "multiple", "Multiple choice"
    TRUE_FALSE = "true_false", "True or false"


class Quiz(Addressed):
    """What editors work on. Readers see only its current edition."""

    title = LineField(max_length=TITLE_LENGTH)
    summary = LineField(
        max_length=SUMMARY_LENGTH,
        blank=True,
        help_text="One or two sentences on what it asks about.",
    )
    difficulty = models.CharField(max_length=12, choices=Difficulty, default=Difficulty.BEGINNER)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="In the future: the quiz goes live at this moment by itself, once published."
    )
    articles = models.ManyToManyField("articles.Article", blank=True, related_name="quizzes")
    # Of the edition that readers are given; 0 before the first.
    edition_number = models.PositiveIntegerField(default=0, editable=False)
    question_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = QuizQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name_plural = "quizzes"
        permissions = [("publish_quiz", "Can publish and archive quizzes")]
        indexes = [models.Index(fields=["status", "-published_at", "-id"], name="quiz_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="quiz_status_known"),
            models.CheckConstraint(condition=Q(difficulty__in=Difficulty.values), name="quiz_difficulty_known"),
            models.CheckConstraint(condition=~Q(title=""), name="quiz_has_title"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False, edition_number__gt=0),
                name="quiz_published_has_edition",
                violation_error_message="A published quiz needs the moment of its publication.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("quizzes:paper", args=[self.slug])

    def had_public_address(self):
        return self.published_at is not None

    def page_names(self):
        articles = self.articles.values_list("pk", flat=True) if self.pk else ()
        return [*super().page_names(), "quizzes", *(f"article:{pk}" for pk in articles)]

    @property
    def is_published(self) -> bool:
        """Whether readers find it now; the same rule as `QuizQuerySet.published`."""
        return self.status == Status.PUBLISHED and self.published_at <= timezone.now()

    @property
    def minutes(self) -> int:
        """About how long it takes: half a minute a question, rounded up."""
        return -int(-self.question_count * MINUTES_PER_QUESTION // 1)

    @property
    def current_edition(self) -> "Edition":
        """What readers are given. One query. Raises `Edition.DoesNotExist` before the first publication."""
        return self.editions.get(number=self.edition_number)

    def questions_in_order(self):
        """The questions as they are now, with their choices. Two queries."""
        return self.questions.prefetch_related("choices")

    def has_unpublished_changes(self) -> bool:
        """Whether publishing would make a new edition. Three queries, and one for each image."""
        edition = self.editions.filter(number=self.edition_number).first()
        return edition is None or edition.bundle != editions.bundle(self.title, self.questions_in_order())

    def publish(self, *, by, at=None) -> "Edition":
        """Give the questions as they are now to the readers, from `at` on, by default now or the moment already set.

        A new edition is frozen when anything that readers see in it has changed; what was handed in on an earlier one
        keeps its result. Nothing is written when nothing changes. Raises ValidationError with one sentence for each
        thing that is wrong. Logged.
        """
        with transaction.atomic():
            Quiz.objects.select_for_update().get(pk=self.pk)
            questions = list(self.questions_in_order())
            if found := editions.problems(questions):
                raise ValidationError(found)
            edition = self._freeze(editions.bundle(self.title, questions))
            before = (self.status, self.published_at, self.edition_number)
            self.status, self.published_at = Status.PUBLISHED, at or self.published_at or timezone.now()
            self.edition_number, self.question_count = edition.number, len(questions)
            if before != (self.status, self.published_at, self.edition_number):
                self._save_and_log(by, f"Published edition {edition.number}")
        return edition

    def link_to(self, articles) -> None:
        """Make these the articles that the quiz belongs to. About four queries."""
        before = self.page_names()
        with transaction.atomic():
            self.articles.set(articles)
            pages.purge(*{*before, *self.page_names()})

    def withdraw(self, *, by) -> None:
        """Make it a draft again; its address answers 404 until it is published, results stay. Logged."""
        self.status = Status.DRAFT
        self._save_and_log(by, "Withdrawn to draft")

    def archive(self, *, by) -> None:
        """Take it from the readers; its address answers 404 until it is published again, results stay. Logged."""
        self.status = Status.ARCHIVED
        self._save_and_log(by, "Archived")

    def _freeze(self, bundle) -> "Edition":
        last = self.editions.order_by("number").last()
        if last and last.bundle == bundle:
            return last
        return self.editions.create(number=last.number + 1 if last else 1, bundle=bundle)

    def _save_and_log(self, by, message):
        with transaction.atomic():
            self.save()
            if by is not None:
                LogEntry.objects.log_actions(by.pk, [self], CHANGE, change_message=message, single_object=True)


class Question(models.Model):
    """One question as editors write it. Readers see it once it is published in an edition."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SINGLE)
    name = LineField(
        max_length=TITLE_LENGTH,
        blank=True,
        help_text="For editors; readers do not see it.",
    )
    stem = ProseField("text", max_length=STEM_LENGTH, help_text="Markdown.")
    explanation = ProseField(
        max_length=STEM_LENGTH,
        blank=True,
        help_text="Markdown. Shown with the result, whatever was chosen.",
    )
    shuffle = models.BooleanField(default=True, help_text="Off: the choices stay in the order in which they stand.")
    position = models.PositiveIntegerField(default=0, help_text="Order in the quiz, smallest first.")
    external_id = LineField(
        max_length=200,
        blank=True,
        help_text="By which an imported file finds this question again.",
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="question_kind_known"),
            models.CheckConstraint(condition=~Q(stem=""), name="question_has_text"),
            models.UniqueConstraint(
                fields=["quiz", "external_id"],
                condition=~Q(external_id=""),
                name="question_external_id_once",
                violation_error_message="Another question of the quiz has this external id.",
            ),
        ]

    def __str__(self):
        return self.name or Truncator(" ".join(self.stem.split())).chars(80)

    def save(self, *args, **kwargs):
        self.stem, self.explanation = normal_line_ends(self.stem), normal_line_ends(self.explanation)
        super().save(*args, **kwargs)


class Choice(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    text = ProseField(max_length=CHOICE_LENGTH, help_text="Markdown.")
    weight = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        default=0,
        help_text="Percent of the point: 100 right, 0 wrong.",
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
    )
    feedback = ProseField(
        max_length=CHOICE_LENGTH,
        blank=True,
        help_text="Markdown. Shown to those who chose this.",
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=-100, weight__lte=100), name="choice_weight_in_range"),
            models.CheckConstraint(condition=~Q(text=""), name="choice_has_text"),
        ]

    def __str__(self):
        return Truncator(" ".join(self.text.split())).chars(80)

    def save(self, *args, **kwargs):
        self.text, self.feedback = normal_line_ends(self.text), normal_line_ends(self.feedback)
        super().save(*args, **kwargs)


class Edition(models.Model):
    """A quiz as it was given to readers: written once, never changed (see quizzes/editions.py for its shape)."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    bundle = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "number"], name="edition_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="edition_number_positive"),
        ]

    def __str__(self):
        return f"{self.quiz}, edition {self.number}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("An edition is never changed; publish the quiz to make the next one.")
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        return self.bundle["title"]

    @property
    def questions(self) -> list[dict]:
        return self.bundle["questions"]

    def hand_in(self, answers: dict[int, list[int]], reader: str) -> "Attempt":
        """Grade and store what a reader chose: ids of choices by id of question, unanswered questions left out.

        The same answers by the same reader within ten minutes give the attempt that is there already. Three queries.
        """
        kept = {str(question): sorted(choices) for question, choices in sorted(answers.items()) if choices}
        marks = grading.grade_paper(self.questions, answers)
        score = sum((mark.points for mark in marks), Fraction())
        with transaction.atomic():
            # One hand-in after the other, so that a double click finds its twin.
            list(Edition.objects.select_for_update(no_key=True).filter(pk=self.pk).values_list("pk"))
            recent = self.attempts.filter(reader=reader, created_at__gt=timezone.now() - SAME_HAND_IN)
            for attempt in recent if reader else ():
                if attempt.answers == kept:
                    return attempt
            return self.attempts.create(
                token=secrets.token_urlsafe(16),
                answers=kept,
                reader=reader,
                score_numerator=score.numerator,
                score_denominator=score.denominator,
                maximum=len(marks),
            )


class Attempt(models.Model):
    """What one reader handed in on one edition, and what it scored. The token is the address of its result."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="attempts")
    token = models.CharField(max_length=32, unique=True, editable=False)
    # {"question id": [choice ids]}, unanswered questions left out.
    answers = models.JSONField()
    # The score is numerator/denominator points of `maximum`; kept as whole numbers so that thirds stay thirds.
    score_numerator = models.PositiveBigIntegerField()
    score_denominator = models.PositiveBigIntegerField(default=1)
    maximum = models.PositiveIntegerField()
    reader = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["edition", "reader", "-created_at"], name="attempt_by_reader")]
        constraints = [
            models.CheckConstraint(
                condition=Q(score_denominator__gt=0)
                & Q(score_numerator__lte=models.F("score_denominator") * models.F("maximum")),
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

    @property
    def chosen(self) -> dict[int, list[int]]:
        """Ids of choices by id of question."""
        return {int(question): choices for question, choices in self.answers.items()}
