"""What asking, grading and explaining need of a quiz, as plain data: remembered, and kept on disk for bad days.

A snapshot is read from the database once after each change and remembered in the process. Each one that was read is
also written to a file under `VAR_DIR/quizzes`; while the database does not answer, those files do. They hold the
answer keys, so the folder is for this site's user alone and is never served.
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
from publishing.cache import generations

from ..editing import freezing
from ..models import Edition, Quiz, Status

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
    """A quiz as readers find it. `articles` holds those that it is linked to and those that its questions name:
    {"pk", "slug", "title", "published_at", "is_linked", "headings": {id: text}}; `repairs` as `Repair.as_data`."""

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
    repairs: tuple[dict, ...]

    @property
    def moment(self) -> datetime | None:
        return datetime.fromisoformat(self.published_at) if self.published_at else None

    @property
    def is_published(self) -> bool:
        """The same rule as `QuizQuerySet.published`."""
        return self.status == Status.PUBLISHED and self.moment <= timezone.now()

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

    def repairs_for(self, edition: EditionSnapshot, since: datetime | None = None) -> list[dict]:
        """What was repaired in this edition, after `since` if it is given; oldest first."""
        return [
            repair
            for repair in self.repairs
            if repair["last_edition"] >= edition.number
            and (since is None or datetime.fromisoformat(repair["at"]) > since)
        ]


# Of one process, for one state of the site.
_quizzes: generations.CachedValue[dict] = generations.CachedValue(dict)
_editions: generations.CachedValue[dict] = generations.CachedValue(dict)


def quiz(slug: str) -> QuizSnapshot | None:
    """The published quiz with this address, or None. Four queries after a change, else none.

    Raises what an unreachable database raises when no file holds the quiz either: then it may still be there. The same
    holds for `quiz_of` and `edition`.
    """
    known = _quizzes.get()
    if slug not in known:
        try:
            found = _read(Quiz.objects.released().filter(slug=slug))
        except UNREACHABLE as error:
            found = next((kept for kept in _kept_quizzes(error) if kept.slug == slug), None)
            if found is None:
                raise
        if found is None:
            return None
        known[slug] = found
    return known[slug] if known[slug].is_published else None


def quiz_of(edition: EditionSnapshot) -> QuizSnapshot:
    """The quiz of an edition, published or not. Four queries after a change, else none."""
    known = _quizzes.get()
    for kept in known.values():
        if kept.pk == edition.quiz:
            return kept
    key = f"#{edition.quiz}"
    try:
        known[key] = _read(Quiz.objects.filter(pk=edition.quiz))
    except UNREACHABLE:
        if (kept := _from_file(_path("quiz", edition.quiz))) is None:
            raise
        known[key] = QuizSnapshot(**kept)
    return known[key]


def edition(pk: int) -> EditionSnapshot | None:
    """The edition with this id, or None. One query after a change, else none."""
    known = _editions.get()
    if pk not in known:
        try:
            row = Edition.objects.filter(pk=pk).values("pk", "quiz", "number", "bundle").first()
        except UNREACHABLE as error:
            logger.warning("Serving an edition from its file: %s", error)
            if (row := _from_file(_path("edition", pk))) is None:
                raise
        if row is None:
            return None
        _remember(row)
    return known[pk]


def newest(number: int | None = None) -> list[Quiz] | list[QuizSnapshot]:
    """The quizzes that readers find, newest first; from the files while the database does not answer. Two queries."""
    try:
        return list(Quiz.objects.published().newest_first().for_list()[:number])
    except UNREACHABLE as error:
        quizzes = [kept for kept in _kept_quizzes(error) if kept.is_published]
        return sorted(quizzes, key=lambda kept: (kept.moment, kept.pk), reverse=True)[:number]


def keep(pk: int) -> None:
    """Write what readers find of a quiz to its file, and its edition. Four queries."""
    try:
        if _read(Quiz.objects.filter(pk=pk)) is None:
            _path("quiz", pk).unlink(missing_ok=True)
    except UNREACHABLE as error:
        logger.warning("Quiz %s could not be kept: %s", pk, error)


def keep_all() -> int:
    """The same for every quiz that was ever published; returns how many there are."""
    keys = list(Quiz.objects.filter(edition_number__gt=0).values_list("pk", flat=True))
    for pk in keys:
        keep(pk)
    return len(keys)


def _remember(row: dict) -> EditionSnapshot:
    snapshot = EditionSnapshot(**row | {"bundle": freezing.upgraded(row["bundle"])})
    _editions.get()[snapshot.pk] = snapshot
    _to_file(_path("edition", snapshot.pk), asdict(snapshot))
    return snapshot


def _read(quizzes) -> QuizSnapshot | None:
    row = quizzes.filter(edition_number__gt=0).select_related("category").first()
    if row is None:
        return None
    current = _remember(row.editions.values("pk", "quiz", "number", "bundle").get(number=row.edition_number))
    snapshot = QuizSnapshot(
        pk=row.pk,
        slug=row.slug,
        summary=row.summary,
        difficulty_name=row.difficulty_name,
        category_name=row.category_name,
        category_slug=row.category.slug if row.category else "",
        status=str(row.status),
        published_at=row.published_at.isoformat() if row.published_at else "",
        edition=current.pk,
        edition_number=current.number,
        question_count=row.question_count,
        minutes=row.minutes,
        title=current.title,
        articles=tuple(_articles(row.pk, current)),
        repairs=tuple(repair.as_data() for repair in row.repairs.all()),
    )
    _to_file(_path("quiz", row.pk), asdict(snapshot))
    return snapshot


def _articles(pk: int, current: EditionSnapshot) -> Iterable[dict]:
    """One query, for the articles that the quiz is linked to and those that its questions name."""
    named = {question["read_again"]["article"] for question in current.questions if question["read_again"]}
    is_linked = Exists(Quiz.articles.through.objects.filter(quiz=pk, article=OuterRef("pk")))
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


def _kept_quizzes(error) -> list[QuizSnapshot]:
    logger.warning("Serving quizzes from their files: %s", error)
    return [QuizSnapshot(**data) for path in folder().glob("quiz-*.json") if (data := _from_file(path))]


def _from_file(path: Path) -> dict | None:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        logger.error("%s is damaged and is not used: %s", path, error)
        return None


def _to_file(path: Path, data: dict) -> None:
    """Write what is not there yet, whole or not at all. A full disk is no reason to answer with a fault."""
    text = json.dumps(data)
    try:
        if path.exists() and path.read_bytes() == text.encode():
            return
        with files.whole(path, text=True) as file:
            file.write(text)
    except OSError as error:
        logger.error("%s could not be written: %s", path, error)
