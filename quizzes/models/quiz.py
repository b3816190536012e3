"""Quizzes and their questions."""

from contextlib import contextmanager
from datetime import datetime
from math import ceil

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Category
from publishing.bases.publishable import Publishable
from publishing.bases.shown import differs
from publishing.cache import changes, pages
from publishing.paths import url_of
from publishing.text.fields import SUMMARY_LENGTH, TITLE_LENGTH, LineField

from ..editing import freezing, snapshots, validation
from ..querysets import QuizQuerySet
from .edition import Edition
from .question import Question

# That a reader answers; our own figure.
QUESTIONS_PER_MINUTE = 2
LONGEST_TIME_LIMIT = 600


class Difficulty(models.TextChoices):
    # Translators: for readers.
    BEGINNER = "beginner", _("Beginner")
    # Translators: for readers.
    INTERMEDIATE = "intermediate", _("Intermediate")
    # Translators: for readers.
    ADVANCED = "advanced", _("Advanced")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Layout(models.TextChoices):
    PAGE = "page", _("All questions on one page")
    ONE = "one", _("One question at a time")


_FACTS = ("slug", "difficulty", "question_count")


class Quiz(Publishable):
    """A quiz as editors change it. Readers see its current edition."""

    # Which pages show what: `pages.cacheable` names them.
    SHOWN = {
        # On the home page and on articles, and its paper.
        "quiz:{}": (*_FACTS, "title", "time_limit", "category_id"),
        "paper:{}": (*_FACTS, "summary", "category_id", "published_at", "edition_number"),
        # Which quizzes there are, in which order; the list of them; the dates in the sitemap.
        "quizzes": ("published_at",),
        "quiz-list": (*_FACTS, "title", "summary", "category_id", "published_at"),
        "dates:quizzes": ("changed_on",),
    }
    ALSO_READ = (*Publishable.ALSO_READ, "modified_at")
    ALSO_FETCHED = ("articles",)

    title = LineField(max_length=TITLE_LENGTH)
    summary = LineField(
        max_length=SUMMARY_LENGTH, blank=True, help_text=_("What it is about, in one or two sentences.")
    )
    difficulty = models.CharField(max_length=12, choices=Difficulty, default=Difficulty.BEGINNER)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    # Why it was sent back.
    review_note = LineField(_("note"), max_length=SUMMARY_LENGTH, blank=True, editable=False, db_default="")
    published_at = models.DateTimeField(
        null=True, blank=True, help_text=_("In the future: a published quiz appears at this time.")
    )
    category = models.ForeignKey(
        "articles.Category", null=True, blank=True, on_delete=models.SET_NULL, related_name="quizzes"
    )
    articles = models.ManyToManyField("articles.Article", blank=True, related_name="quizzes")
    questions = models.ManyToManyField(Question, through="Placement", related_name="quizzes")
    draw_count = models.PositiveSmallIntegerField(
        _("questions drawn"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(validation.QUESTIONS_PER_QUIZ)],
        help_text=_("How many questions each reader gets, picked at random. Empty: all of them."),
    )
    shuffle_questions = models.BooleanField(default=False, help_text=_("Off: the questions keep your order."))
    time_limit = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_TIME_LIMIT)],
        help_text=_("In minutes. Best left empty: readers take the time they need."),
    )
    layout = models.CharField(max_length=4, choices=Layout, default=Layout.PAGE)
    # Of the current edition; 0 before the first. The number of questions is that of one paper.
    edition_number = models.PositiveIntegerField(default=0, editable=False)
    question_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = QuizQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-published_at", "-pk"]
        verbose_name_plural = _("quizzes")
        permissions = [("publish_quiz", "Can publish and archive quizzes")]
        indexes = [models.Index(fields=["status", "-published_at", "-id"], name="quiz_newest")]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(condition=Q(status__in=Status.values), name="quiz_status_known"),
            models.CheckConstraint(condition=Q(difficulty__in=Difficulty.values), name="quiz_difficulty_known"),
            models.CheckConstraint(condition=~Q(title=""), name="quiz_has_title"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False, edition_number__gt=0),
                name="quiz_published_has_edition",
                violation_error_message=_("A published quiz needs a publication date."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.write_snapshot()

    def delete(self, *args, **kwargs):
        pk = self.pk
        result = super().delete(*args, **kwargs)
        self.write_snapshot(pk)
        return result

    def write_snapshot(self, pk=None) -> None:
        """Write the files that are served while the database is down, after the transaction has committed."""
        pk = pk or self.pk
        changes.after_commit(lambda: snapshots.update_files(Quiz.objects.filter(pk=pk), pk))

    def get_absolute_url(self):
        return url_of("quizzes:paper", self.slug)

    @classmethod
    def changed_names(cls, before, after):
        # Cached quizzes may be withdrawn ones: their results stay.
        return super().changed_names(before, after) | {"papers"}

    @classmethod
    def list_names(cls, before, after):
        if not differs(before, after, "published_at"):
            return set()
        return {f"article-quizzes:{pk}" for pk in (before or after).article_keys}

    @classmethod
    def next_publication(cls) -> datetime | None:
        """The next moment at which a scheduled quiz or article appears."""
        moments = [super().next_publication(), Article.next_publication()]
        return min((moment for moment in moments if moment), default=None)

    @property
    def difficulty_name(self) -> str:
        return self.get_difficulty_display()

    @property
    def category_name(self) -> str:
        """No query after `for_list()`."""
        return self.category.name if self.category else ""

    @property
    def colour_class(self) -> str:
        """The class of what belongs to its category. No query."""
        return Category(pk=self.category_id).colour_class if self.category_id else ""

    @property
    def minutes(self) -> int:
        """An estimate: half a minute a question, rounded up."""
        return ceil(self.question_count / QUESTIONS_PER_MINUTE)

    @property
    def current_edition(self) -> Edition:
        """The edition that readers get. Raises `Edition.DoesNotExist` before the first publication."""
        return self.editions.get(number=self.edition_number)

    def placed(self) -> list["Placement"]:
        """The places of its questions in order, with questions and choices."""
        return list(self.placements.select_related("question__category").prefetch_related("question__choices"))

    def questions_in_order(self) -> list[Question]:
        """The same without the places."""
        return [placement.question for placement in self.placed()]

    def place(self, question: Question, position: int | None = None) -> "Placement":
        """Add a question of the bank, by default at the end."""
        if position is None:
            position = (self.placements.aggregate(last=models.Max("position"))["last"] or 0) + 1
        return Placement.objects.get_or_create(quiz=self, question=question, defaults={"position": position})[0]

    def has_unpublished_changes(self) -> bool:
        """Whether publishing would make a new edition. A query for each text with a picture."""
        edition = self.editions.filter(number=self.edition_number).first()
        return edition is None or edition.bundle != freezing.bundle(self, self.placed())

    def publish(self, *, by, at=None) -> Edition:
        """Publish the current questions from `at` on, by default from the date that is set, or now.

        Makes a new edition if anything that readers see has changed; attempts on earlier ones keep their results.
        Writes nothing if nothing changes. Raises ValidationError with one sentence for each problem. Logged.
        """
        with transaction.atomic():
            Quiz.objects.select_for_update().get(pk=self.pk)
            placements = self.placed()
            if problems := validation.problems(self, placements):
                raise ValidationError(problems)
            bundle, edition = freezing.bundle(self, placements), self.editions.order_by("number").last()
            if edition is None or edition.bundle != bundle:
                number = edition.number + 1 if edition else 1
                edition = self.editions.create(number=number, bundle=bundle)
            before = (self.status, self.published_at, self.edition_number)
            self.review_note = ""
            self.status, self.published_at = Status.PUBLISHED, at or self.published_at or timezone.now()
            self.edition_number, self.question_count = edition.number, self.draw_count or len(placements)
            if before != (self.status, self.published_at, self.edition_number):
                self.save_and_log(by, gettext("Published edition %(number)s") % {"number": edition.number})
        return edition

    def send_for_review(self, *, by) -> None:
        """Ask an editor to publish it. Raises ValidationError if it cannot be published as it is. Logged."""
        if problems := validation.problems(self, self.placed()):
            raise ValidationError(problems)
        self.status, self.review_note = Status.REVIEW, ""
        self.save_and_log(by, gettext("Sent for review"))

    def send_back(self, *, by, note: str) -> None:
        """Return what was sent for review, with a note that says why. Logged."""
        self.status, self.review_note = Status.DRAFT, note
        self.save_and_log(by, gettext("Sent back: %(note)s") % {"note": note})

    @property
    def linked_articles(self) -> list[Article]:
        """The published articles that it is linked to. No query after `for_list()`."""
        return [article for article in self.articles.all() if article.is_published]

    @property
    def article_keys(self) -> list[int]:
        """Of all of them. No query after `for_list()`."""
        return [article.pk for article in self.articles.all()]

    def linked_keys(self) -> set[int]:
        """The keys of the articles that it is linked to, published or not."""
        return set(self.articles.order_by().values_list("pk", flat=True))

    @contextmanager
    def links_changing(self):
        """Invalidate what shows the quiz with its articles if it is linked to others afterwards."""
        before = self.linked_keys()
        yield
        changed = before ^ self.linked_keys()
        if changed and self.is_on_pages:
            pages.invalidate(f"paper:{self.pk}", "quiz-links", *(f"article-quizzes:{pk}" for pk in sorted(changed)))
        if changed:
            pages.invalidate("papers")

    def link_to(self, articles) -> None:
        """Set the articles that the quiz is linked to."""
        with transaction.atomic(), self.links_changing():
            self.articles.set(articles)
            self.write_snapshot()

    def withdraw(self, *, by) -> None:
        """Make it a draft; its address answers 410. Papers that are open can still be submitted. Logged."""
        self.status = Status.DRAFT
        self.save_and_log(by, gettext("Withdrawn to draft"))


class Placement(models.Model):
    """The place of a question in a quiz."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="placements")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="placements")
    position = models.PositiveIntegerField(default=0, help_text=_("Order in the quiz, smallest first."))
    is_always = models.BooleanField(
        _("always"), default=False, help_text=_("Every reader gets it, even if questions are drawn.")
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz", "question"],
                name="question_once_in_a_quiz",
                violation_error_message=_("This question is already in the quiz."),
            )
        ]

    def __str__(self):
        return f"{self.position}. {self.question}"
