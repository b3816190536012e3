"""Quizzes and editions as plain data, in memory and in files.

Each snapshot is also written to a file under `VAR_DIR/quizzes`, from which it is read while the database is down. The
files have the answers, so only the user of this site can read the folder. Imports no model of quizzes.
"""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from articles.models import Article
from publishing import files
from publishing.bases.publishable import PUBLISHED
from publishing.paths import url_of
from publishing.text import languages

from . import freezing, pictures

logger = logging.getLogger(__name__)

# What Django raises while the database is down.
UNREACHABLE = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class EditionSnapshot:
    """An edition in the current bundle format."""

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
        """Whether readers get their own paper, with a button: if questions are drawn or time is limited."""
        return bool(self.bundle["draw"] or self.time_limit)


@dataclass(frozen=True)
class QuizSnapshot:
    """A quiz as readers see it. `articles` are the linked ones and those of its questions:
    {"pk", "slug", "title", "published_at", "is_linked", "headings": {id: text}}, if they are published or scheduled;
    `article_keys` are those of all."""

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
    # Not in files that were written before.
    article_keys: tuple[int, ...] = ()
    colour_class: str = ""

    @property
    def moment(self) -> datetime | None:
        return datetime.fromisoformat(self.published_at) if self.published_at else None

    @property
    def is_published(self) -> bool:
        """Must equal `QuizQuerySet.published`."""
        return self.status == PUBLISHED and self.moment <= timezone.now()

    def get_absolute_url(self) -> str:
        return url_of("quizzes:paper", self.slug)

    @property
    def readable_articles(self) -> list[dict]:
        """The published articles, each with its "url"."""
        now = timezone.now()
        return [
            article | {"url": url_of("articles:detail", article["slug"])}
            for article in self.articles
            if datetime.fromisoformat(article["published_at"]) <= now
        ]

    @property
    def linked_articles(self) -> list[dict]:
        return [article for article in self.readable_articles if article["is_linked"]]

    def corrections_for(self, edition: EditionSnapshot, since: datetime | None = None) -> list[dict]:
        """The corrections of an edition, oldest first; only those after `since` if it is given."""
        return [
            correction
            for correction in self.corrections
            if correction["last_edition"] >= edition.number
            and (since is None or datetime.fromisoformat(correction["at"]) > since)
        ]


def edition_of(row: dict) -> EditionSnapshot:
    """The snapshot of a row with `EDITION_FIELDS`, with its pictures as they are now, also written to its file."""
    snapshot = EditionSnapshot(**row | {"bundle": pictures.current(freezing.upgraded(row["bundle"]))})
    _write("edition", snapshot)
    return snapshot


EDITION_FIELDS = ("pk", "quiz", "number", "bundle")


SAME_FIELDS = (
    "pk", "slug", "summary", "difficulty_name", "category_name", "colour_class", "question_count", "minutes",
)  # fmt: skip


def snapshot_of(quiz, current: EditionSnapshot) -> QuizSnapshot:
    """The snapshot of a quiz, saved or not, in the site's language. Two queries."""
    articles = _articles(quiz, current)
    with languages.of_the_site():
        facts = {name: getattr(quiz, name) for name in SAME_FIELDS}
    return QuizSnapshot(
        category_slug=quiz.category.slug if quiz.category else "",
        status=str(quiz.status),
        published_at=quiz.published_at.isoformat() if quiz.published_at else "",
        edition=current.pk,
        edition_number=current.number,
        title=current.bundle["title"],
        articles=tuple(_as_dict(article) for article in articles if article.status == PUBLISHED),
        article_keys=tuple(article.pk for article in articles),
        corrections=tuple(correction.as_data() for correction in quiz.corrections.all()) if quiz.pk else (),
        **facts,
    )


def read(quizzes) -> tuple[QuizSnapshot, EditionSnapshot] | None:
    """The first quiz of a queryset that has an edition, and its current edition. Written to files. Four queries."""
    row = quizzes.filter(edition_number__gt=0).select_related("category").first()
    if row is None:
        return None
    current = edition_of(row.editions.values(*EDITION_FIELDS).get(number=row.edition_number))
    snapshot = snapshot_of(row, current)
    _write("quiz", snapshot)
    return snapshot, current


def update_files(quizzes, pk: int) -> None:
    """Write the files of the only quiz in `quizzes`; delete that of the quiz `pk` if there is none. Four queries."""
    try:
        if read(quizzes) is None:
            _path("quiz", pk).unlink(missing_ok=True)
    except UNREACHABLE as error:
        logger.warning("Quiz %s could not be written to its file: %s", pk, error)


def _articles(quiz, current: EditionSnapshot) -> list[Article]:
    """The articles that the quiz or its questions link to, in any state and in the trash. One query."""
    named = {question["read_again"]["article"] for question in current.questions if question["read_again"]}
    is_linked = Exists(type(quiz).articles.through.objects.filter(quiz=quiz.pk, article=OuterRef("pk")))
    rows = Article.everything.annotate(is_linked=is_linked).filter(Q(is_linked=True) | Q(pk__in=named))
    return list(rows.newest_first().only("slug", "title", "status", "published_at", "contents"))


def _as_dict(article) -> dict:
    return {
        "pk": article.pk,
        "slug": article.slug,
        "title": article.title,
        "published_at": article.published_at.isoformat(),
        "is_linked": article.is_linked,
        "headings": {heading["id"]: heading["text"] for heading in article.contents},
    }


# --- files ---


def folder() -> Path:
    path = settings.VAR_DIR / "quizzes"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _path(kind: str, pk: int) -> Path:
    return folder() / f"{kind}-{pk}.json"


def stored_quizzes() -> list[QuizSnapshot]:
    return [quiz for path in folder().glob("quiz-*.json") if (quiz := _from_file(path, QuizSnapshot))]


def stored_edition(pk: int) -> EditionSnapshot | None:
    return _from_file(_path("edition", pk), EditionSnapshot)


def _from_file(path: Path, snapshot: type):
    try:
        return snapshot(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        # TypeError: written by another version. The next read from the database replaces it.
        logger.error("%s is damaged or was written by another version, and is ignored: %s", path, error)
        return None


def _write(kind: str, snapshot: QuizSnapshot | EditionSnapshot) -> None:
    """Write the file if it differs. Logs errors: a request must not fail because of a full disk."""
    path, data = _path(kind, snapshot.pk), json.dumps(asdict(snapshot)).encode()
    try:
        if not path.exists() or path.read_bytes() != data:
            with files.whole(path) as file:
                file.write(data)
    except OSError as error:
        logger.error("%s could not be written: %s", path, error)
