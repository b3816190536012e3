"""Questions of the bank, as editors write them. Readers see them in published quizzes."""

from collections.abc import Mapping
from hashlib import sha256

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from publishing.text.fields import TITLE_LENGTH, LineField, ProseField
from publishing.text.parsing import normal_line_ends

from ..kinds import RULES
from ..kinds.grading import choices, numbers, ordering, texts
from ..kinds.words import translated_lazy
from ..querysets import QuestionQuerySet
from .bank import BankCategory, QuestionTag

# A stem may contain a listing; a choice is a line, rarely a short listing.
STEM_LENGTH = 20_000
CHOICE_LENGTH = 5_000


def _choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, translated_lazy(label)) for name, label in words.items()]


# The rules of scoring, grouped by kind.
SCORING = [(_("Choices"), _choices(choices.WORDS)), (_("Ordering"), _choices(ordering.WORDS))]
KINDS = _choices({name: rules.label for name, rules in RULES.items()})


class Question(models.Model):
    """A question, which any number of quizzes may use."""

    kind = models.CharField(max_length=12, choices=KINDS, default=KINDS[0][0])
    name = LineField(max_length=TITLE_LENGTH, blank=True, help_text=_("For editors; readers do not see it."))
    stem = ProseField(_("text"), max_length=STEM_LENGTH, help_text=_("Markdown. Write blanks as [[1]], [[2]]."))
    program = ProseField(
        max_length=STEM_LENGTH, blank=True, help_text=_("Readers predict its output. It is never run.")
    )
    language = LineField(max_length=40, blank=True, help_text=_("For syntax highlighting, for example python."))
    recorded_output = ProseField(
        max_length=CHOICE_LENGTH, blank=True, help_text=_("Exactly what the program printed when you ran it.")
    )
    interpreter = LineField(max_length=80, blank=True, help_text=_("Name and version, for example CPython 3.11.7."))
    # Digest of the program that the output was recorded for; a changed program needs a new recording.
    recorded_for = models.CharField(max_length=64, blank=True, editable=False)
    explanation = ProseField(max_length=STEM_LENGTH, blank=True, help_text=_("Markdown. Shown with every result."))
    hints = ProseField(
        max_length=STEM_LENGTH,
        blank=True,
        help_text=_("Markdown. Readers open them one by one. Put a line --- between two hints."),
    )
    shuffle = models.BooleanField(default=True, help_text=_("Off: the choices keep their order."))
    matching = models.CharField(
        max_length=12,
        choices=_choices(texts.MODES),
        default=texts.PLAIN,
        help_text=_("How typed answers are compared with accepted ones."),
    )
    rule = models.CharField(
        max_length=32,
        blank=True,
        choices=[("", _("By the weights")), *SCORING],
        help_text=_("By the weights: right minus wrong, or the sum of weights of your own."),
    )
    category = models.ForeignKey(BankCategory, on_delete=models.PROTECT, related_name="questions")
    tags = models.ManyToManyField(QuestionTag, blank=True, related_name="questions")
    article = models.ForeignKey(
        "articles.Article",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The article that explains the answer."),
    )
    anchor = LineField(
        _("heading"),
        max_length=200,
        blank=True,
        help_text=_("The id of a heading in that article: the part of its address after the #."),
    )
    # Authors change their own questions.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    external_id = LineField(max_length=200, blank=True, help_text=_("Identifies the question in imported files."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["category__path", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(RULES)), name="question_kind_known"),
            models.CheckConstraint(condition=Q(matching__in=list(texts.MODES)), name="question_matching_known"),
            models.CheckConstraint(condition=~Q(stem=""), name="question_has_text"),
            models.UniqueConstraint(
                fields=["category", "external_id"],
                condition=~Q(external_id=""),
                name="question_external_id_once",
                violation_error_message=_("Another question of this category has this external id."),
            ),
        ]

    def __str__(self):
        return self.name or Truncator(" ".join(self.stem.split())).chars(80)

    def save(self, *args, **kwargs):
        for name in ("stem", "explanation", "hints", "program", "recorded_output"):
            setattr(self, name, normal_line_ends(getattr(self, name)))
        super().save(*args, **kwargs)

    @property
    def program_digest(self) -> str:
        """SHA-256 of the program's language and text, 64 hexadecimal digits."""
        return sha256(f"{self.language}\n{normal_line_ends(self.program).rstrip()}".encode()).hexdigest()

    @property
    def is_recording_stale(self) -> bool:
        """Whether the program has changed since its output was recorded. True without a recording."""
        return self.recorded_for != self.program_digest

    def record(self, output: str, interpreter: str) -> None:
        """Set what the current program prints, and what ran it. Does not save."""
        self.recorded_output, self.interpreter = normal_line_ends(output), interpreter
        self.recorded_for = self.program_digest

    @property
    def hint_list(self) -> list[str]:
        """The hints one by one, as Markdown."""
        parts = normal_line_ends(f"\n{self.hints}\n").split("\n---\n")
        return [part.strip() for part in parts if part.strip()]


class Choice(models.Model):
    """A choice, an accepted text or number, an item to order, or a pair."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    text = ProseField(
        max_length=CHOICE_LENGTH,
        blank=True,
        help_text=_(
            "Markdown, or the accepted text of a typed answer. Leave empty for a right side without a left one."
        ),
    )
    pair = LineField(_("belongs to"), max_length=300, blank=True, help_text=_("Matching: the right side, plain text."))
    blank = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Fill the blanks: the number of the blank."),
    )
    weight = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        default=0,
        help_text=_("Percent of the point: 100 right, 0 wrong."),
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
    )
    tolerance = LineField(max_length=40, blank=True, help_text=_("Numeric: how far off an answer may be."))
    tolerance_kind = models.CharField(max_length=10, choices=_choices(numbers.TOLERANCE_KINDS), default=numbers.NOMINAL)
    feedback = ProseField(
        max_length=CHOICE_LENGTH, blank=True, help_text=_("Markdown. Shown to readers who gave this answer.")
    )
    is_pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Keeps its place when choices are shuffled.")
    )
    is_offered = models.BooleanField(
        _("in a list"),
        default=False,
        help_text=_("Fill the blanks: readers choose it from a list instead of typing it."),
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=-100, weight__lte=100), name="choice_weight_in_range"),
            models.CheckConstraint(condition=~Q(text="") | ~Q(pair=""), name="choice_has_text"),
        ]

    def __str__(self):
        return Truncator(" ".join((self.text or self.pair).split())).chars(80)

    def save(self, *args, **kwargs):
        self.text, self.feedback = normal_line_ends(self.text), normal_line_ends(self.feedback)
        super().save(*args, **kwargs)
