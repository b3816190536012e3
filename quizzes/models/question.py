"""Questions as editors write them. Readers see one once a quiz that it stands in is published."""

from hashlib import sha256

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from publishing.text.fields import TITLE_LENGTH, LineField, ProseField
from publishing.text.parsing import normal_line_ends

from ..kinds import RULES
from ..kinds.grading import choices, numbers, ordering, texts
from .bank import BankCategory, QuestionTag

# A stem may hold a listing; a choice is a line, rarely a short listing.
STEM_LENGTH = 20_000
CHOICE_LENGTH = 5_000

# How an answer is scored, by the heading under which each kind that can choose finds its own.
SCORING = [("Choices", [*choices.WORDS.items()]), ("Ordering", [*ordering.WORDS.items()])]
KINDS = [(name, rules.label) for name, rules in RULES.items()]


class Question(models.Model):
    """One question of the bank, which any number of quizzes may use."""

    kind = models.CharField(max_length=12, choices=KINDS, default=KINDS[0][0])
    name = LineField(
        max_length=TITLE_LENGTH,
        blank=True,
        help_text="For editors; readers do not see it.",
    )
    stem = ProseField("text", max_length=STEM_LENGTH, help_text="Markdown. Blanks to fill are written [[1]], [[2]].")
    program = ProseField(
        max_length=STEM_LENGTH, blank=True, help_text="Whose output is asked for. It is shown, and never run here."
    )
    language = LineField(max_length=40, blank=True, help_text="Of the program, for its colours: python.")
    recorded_output = ProseField(
        max_length=CHOICE_LENGTH, blank=True, help_text="What the program printed when you ran it, to the letter."
    )
    interpreter = LineField(
        max_length=80, blank=True, help_text="What you ran it with, and which version: CPython 3.11.7."
    )
    # Digest of the program that the output was recorded for; another program needs another recording.
    recorded_for = models.CharField(max_length=64, blank=True, editable=False)
    explanation = ProseField(
        max_length=STEM_LENGTH,
        blank=True,
        help_text="Markdown. Shown with the result, whatever was answered.",
    )
    hints = ProseField(
        max_length=STEM_LENGTH,
        blank=True,
        help_text="Markdown. Opened one after another by readers who want one; a line --- between two hints.",
    )
    shuffle = models.BooleanField(default=True, help_text="Off: the choices stay in the order in which they stand.")
    matching = models.CharField(
        max_length=12,
        choices=[*texts.MODES.items()],
        default=texts.PLAIN,
        help_text="How a typed answer is compared with what is accepted.",
    )
    rule = models.CharField(
        max_length=32,
        blank=True,
        choices=[("", "By the weights"), *SCORING],
        help_text="How an answer is scored. By the weights: plain ones count right minus wrong, others are summed.",
    )
    category = models.ForeignKey(BankCategory, on_delete=models.PROTECT, related_name="questions")
    tags = models.ManyToManyField(QuestionTag, blank=True, related_name="questions")
    article = models.ForeignKey(
        "articles.Article",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where the answer can be read.",
    )
    anchor = LineField(
        "heading",
        max_length=200,
        blank=True,
        help_text="The id of the heading in that article, as it stands after the # in its address.",
    )
    external_id = LineField(
        max_length=200,
        blank=True,
        help_text="By which an imported file finds this question again.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

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
                violation_error_message="Another question of this category has this external id.",
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
        """What tells one program from another: SHA-256 over its language and text, 64 hexadecimal digits."""
        return sha256(f"{self.language}\n{normal_line_ends(self.program).rstrip()}".encode()).hexdigest()

    @property
    def is_recording_stale(self) -> bool:
        """Whether the program has changed since its output was recorded. True without a recording."""
        return not self.recorded_for or self.recorded_for != self.program_digest

    def record(self, output: str, interpreter: str) -> None:
        """Take down what the program as it stands now prints, and what ran it. Not saved."""
        self.recorded_output, self.interpreter = normal_line_ends(output), interpreter
        self.recorded_for = self.program_digest

    @property
    def hint_list(self) -> list[str]:
        """The hints one by one, as Markdown."""
        parts = normal_line_ends(f"\n{self.hints}\n").split("\n---\n")
        return [part.strip() for part in parts if part.strip()]


class Choice(models.Model):
    """What an answer is made of or compared with: a choice, an accepted text or number, an item to order, a pair."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    text = ProseField(
        max_length=CHOICE_LENGTH,
        blank=True,
        help_text="Markdown; of typed answers the accepted text itself. Empty: only the right side of a pair.",
    )
    pair = LineField("belongs to", max_length=300, blank=True, help_text="Matching: the right side, plain text.")
    blank = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text="Fill the blanks: which one.",
    )
    weight = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        default=0,
        help_text="Percent of the point: 100 right, 0 wrong.",
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
    )
    tolerance = LineField(max_length=40, blank=True, help_text="Numeric: how far off an answer may be.")
    tolerance_kind = models.CharField(
        max_length=10, choices=[*numbers.TOLERANCE_KINDS.items()], default=numbers.NOMINAL
    )
    feedback = ProseField(
        max_length=CHOICE_LENGTH,
        blank=True,
        help_text="Markdown. Shown to those who answered this.",
    )
    is_pinned = models.BooleanField(
        "pinned", default=False, help_text="Stays where it stands when choices are shuffled."
    )
    is_offered = models.BooleanField(
        "in a list", default=False, help_text="Fill the blanks: readers choose it from a list instead of typing it."
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
