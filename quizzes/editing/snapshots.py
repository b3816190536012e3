"""What asking, grading and explaining need of a quiz, as plain data, and the files that hold it.

A snapshot that was read is also written to a file under `VAR_DIR/quizzes`; while the database does not answer, those
files do. They hold the answer keys, so the folder is for this site's user alone and is never served. No model of
quizzes is known here: what is read is given as rows.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from publishing import files
from publishing.bases.publishable import PUBLISHED

from . import freezing

logger = logging.getLogger(__name__)

# What a database raises that is stopped, starting, or out of reach.
UNREACHABLE = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class EditionSnapshot:
    """One edition, in today's format. Never changes."""

    pk: int
    quiz: int
    number: int
    bundle: dict

    @property
    def title(self) -> str:
        return self.bundle["title"]

    @property
    def questions(self) -> list[dict]:
        return self.bundle["questions"]

    @property
    def time_limit(self) -> int | None:
        return self.bundle["time_limit"]

    @property
    def needs_start(self) -> bool:
        """Whether each reader gets a paper of their own, which a button gives."""
        return bool(self.bundle["draw"] or self.time_limit)


@dataclass(frozen=True)
class QuizSnapshot:
    """A quiz as readers see it. `articles`: the linked ones and those that its questions name:
    {"pk", "slug", "title", "published_at", "is_linked", "headings": {id: text}}."""

    pk: int
    slug: str
    summary: str
    difficulty_name: str
    category_name: str
    category_slug: str
    status: str
    published_at: str
    edition: int
    edition_number: int
    question_count: int
    minutes: int
    title: str
    articles: tuple[dict, ...]
    corrections: tuple[dict, ...]

    @property
    def moment(self) -> datetime | None:
        return datetime.fromisoformat(self.published_at) if self.published_at else None

    @property
    def is_published(self) -> bool:
        """The same rule as `QuizQuerySet.published`."""
        return self.status == PUBLISHED and self.moment <= timezone.now()

    def get_absolute_url(self) -> str:
        return reverse("quizzes:paper", args=[self.slug])

    @property
    def readable_articles(self) -> list[dict]:
        """The articles that readers find now, each with its "url"."""
        now = timezone.now()
        return [
            article | {"url": reverse("articles:detail", args=[article["slug"]])}
            for article in self.articles
            if datetime.fromisoformat(article["published_at"]) <= now
        ]

    @property
    def linked_articles(self) -> list[dict]:
        return [article for article in self.readable_articles if article["is_linked"]]

    def corrections_for(self, edition: EditionSnapshot, since: datetime | None = None) -> list[dict]:
        """What was corrected in this edition, after `since` if it is given; oldest first."""
        return [
            correction
            for correction in self.corrections
            if correction["last_edition"] >= edition.number
            and (since is None or datetime.fromisoformat(correction["at"]) > since)
        ]


def edition_of(row: dict) -> EditionSnapshot:
    """The edition of a row with `EDITION_FIELDS`; it is written to its file."""
    snapshot = EditionSnapshot(**row | {"bundle": freezing.upgraded(row["bundle"])})
    _write("edition", snapshot)
    return snapshot


EDITION_FIELDS = ("pk", "quiz", "number", "bundle")


def of(quiz, current: EditionSnapshot) -> QuizSnapshot:
    """The quiz, stored or not, with this edition as the one that readers get. Two queries."""
    return QuizSnapshot(
        pk=quiz.pk,
        slug=quiz.slug,
        summary=quiz.summary,
        difficulty_name=quiz.difficulty_name,
        category_name=quiz.category_name,
        category_slug=quiz.category.slug if quiz.category else "",
        status=str(quiz.status),
        published_at=quiz.published_at.isoformat() if quiz.published_at else "",
        edition=current.pk,
        edition_number=current.number,
        question_count=quiz.question_count,
        minutes=quiz.minutes,
        title=current.title,
        articles=tuple(_articles(quiz, current)),
        corrections=tuple(correction.as_data() for correction in quiz.corrections.all()) if quiz.pk else (),
    )


def read(quizzes) -> tuple[QuizSnapshot, EditionSnapshot] | None:
    """The first quiz of a queryset that was ever published, with the edition that readers get; both are written to
    their files. Four queries."""
    row = quizzes.filter(edition_number__gt=0).select_related("category").first()
    if row is None:
        return None
    current = edition_of(row.editions.values(*EDITION_FIELDS).get(number=row.edition_number))
    snapshot = of(row, current)
    _write("quiz", snapshot)
    return snapshot, current


def keep(quizzes, pk: int) -> None:
    """Write what readers get of the quiz to its file, and its edition. `quizzes` holds it, or nothing. Four queries."""
    try:
        if read(quizzes) is None:
            _path("quiz", pk).unlink(missing_ok=True)
    except UNREACHABLE as error:
        logger.warning("Quiz %s could not be written to its file: %s", pk, error)


def _articles(quiz, current: EditionSnapshot) -> Iterable[dict]:
    """One query, for the articles that the quiz is linked to and those that its questions name."""
    named = {question["read_again"]["article"] for question in current.questions if question["read_again"]}
    is_linked = Exists(type(quiz).articles.through.objects.filter(quiz=quiz.pk, article=OuterRef("pk")))
    rows = Article.objects.annotate(is_linked=is_linked).filter(Q(is_linked=True) | Q(pk__in=named))
    for article in rows.released().newest_first().only("slug", "title", "published_at", "contents"):
        yield {
            "pk": article.pk,
            "slug": article.slug,
            "title": article.title,
            "published_at": article.published_at.isoformat(),
            "is_linked": article.is_linked,
            "headings": {heading["id"]: heading["text"] for heading in article.contents},
        }


# --- files ---------------------------------------------------------------------------------------


def folder() -> Path:
    """Where the files lie; made when it is not there."""
    path = settings.VAR_DIR / "quizzes"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _path(kind: str, pk: int) -> Path:
    return folder() / f"{kind}-{pk}.json"


def kept_quizzes() -> list[QuizSnapshot]:
    return [found for path in folder().glob("quiz-*.json") if (found := _from_file(path, QuizSnapshot))]


def kept_quiz(pk: int) -> QuizSnapshot | None:
    return _from_file(_path("quiz", pk), QuizSnapshot)


def kept_edition(pk: int) -> EditionSnapshot | None:
    return _from_file(_path("edition", pk), EditionSnapshot)


def _from_file(path: Path, snapshot: type):
    try:
        return snapshot(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        # TypeError: another version of the software wrote it. The next read from the database writes it again.
        logger.error("%s is damaged or of another version and is not used: %s", path, error)
        return None


def _write(kind: str, snapshot: QuizSnapshot | EditionSnapshot) -> None:
    """Write what is not there yet, whole or not at all. A full disk is no reason to answer with a fault."""
    path, text = _path(kind, snapshot.pk), json.dumps(asdict(snapshot))
    try:
        if path.exists() and path.read_bytes() == text.encode():
            return
        with files.whole(path, text=True) as file:
            file.write(text)
    except OSError as error:
        logger.error("%s could not be written: %s", path, error)
