"""The quizzes and editions that readers get, read once until a quiz changes; from files while the database is down.

All raise what an unreachable database raises if no file has the quiz or edition either: it may still exist.
"""

import logging
from collections.abc import Callable

from articles.models import Article
from publishing.bases.publishable import scheduled_name
from publishing.cache import values

from ..editing import snapshots as files
from ..editing.snapshots import UNREACHABLE, EditionSnapshot, QuizSnapshot
from ..models import Edition, Quiz

logger = logging.getLogger(__name__)

# By slug and by id.
# A quiz has titles and headings of articles, scheduled ones too.
_quizzes: values.CachedValue[dict] = values.CachedValue(dict, names=("papers", "outlines", scheduled_name(Article)))
# Deleted pictures are on no paper any more.
_editions: values.CachedValue[dict] = values.CachedValue(dict, names=("papers", "pictures"))


def quiz(slug: str) -> QuizSnapshot | None:
    """The published quiz with this slug, or None."""
    found = _quiz(slug, lambda: Quiz.objects.released().filter(slug=slug))
    return found if found and found.is_published else None


def quiz_of(edition: EditionSnapshot) -> QuizSnapshot:
    """The quiz of an edition, published or not."""
    return _quiz(edition.quiz, lambda: Quiz.objects.filter(pk=edition.quiz))


def _quiz(key: str | int, rows: Callable) -> QuizSnapshot | None:
    cached = _quizzes.get()
    if key not in cached:
        try:
            found = files.read(rows())
        except UNREACHABLE as error:
            found = next((kept for kept in _kept_quizzes(error) if key in (kept.slug, kept.pk)), None)
            if found is None:
                raise
        else:
            if found is None:
                return None
            found, current = found
            _editions.get()[current.pk] = current
        cached[found.slug] = cached[found.pk] = found
    return cached[key]


def edition(pk: int) -> EditionSnapshot | None:
    """The edition with this id, or None."""
    cached = _editions.get()
    if pk not in cached:
        try:
            row = Edition.objects.filter(pk=pk).values(*files.EDITION_FIELDS).first()
            found = row and files.edition_of(row)
        except UNREACHABLE as error:
            logger.warning("Serving an edition from its file: %s", error)
            if (found := files.stored_edition(pk)) is None:
                raise
        if found is None:
            return None
        cached[pk] = found
    return cached[pk]


def newest(number: int | None = None) -> list[Quiz] | list[QuizSnapshot]:
    """The published quizzes, newest first. Never raises for the database: without it, those that have a file."""
    try:
        return list(Quiz.objects.published().newest_first().for_list()[:number])
    except UNREACHABLE as error:
        quizzes = [kept for kept in _kept_quizzes(error) if kept.is_published]
        return sorted(quizzes, key=lambda kept: (kept.moment, kept.pk), reverse=True)[:number]


def keep_all() -> int:
    """Write every quiz that was ever published to its file; returns their number."""
    keys = list(Quiz.objects.filter(edition_number__gt=0).values_list("pk", flat=True))
    for pk in keys:
        files.update_files(Quiz.objects.filter(pk=pk), pk)
    return len(keys)


def _kept_quizzes(error) -> list[QuizSnapshot]:
    logger.warning("Serving quizzes from their files: %s", error)
    return files.stored_quizzes()
