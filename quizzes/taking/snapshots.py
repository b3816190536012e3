"""The quizzes and editions that readers are given, read once in each cache generation; from files while the database
does not answer."""

import logging

from publishing.cache import generations

from ..editing import snapshots as files
from ..editing.snapshots import UNREACHABLE, EditionSnapshot, QuizSnapshot
from ..models import Edition, Quiz

logger = logging.getLogger(__name__)

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
        found = _read(Quiz.objects.filter(pk=edition.quiz))
    except UNREACHABLE:
        if (found := files.kept_quiz(edition.quiz)) is None:
            raise
    known[key] = found
    return found


def edition(pk: int) -> EditionSnapshot | None:
    """The edition with this id, or None. One query after a change, else none."""
    known = _editions.get()
    if pk not in known:
        try:
            row = Edition.objects.filter(pk=pk).values(*files.EDITION_FIELDS).first()
            found = row and files.edition_of(row)
        except UNREACHABLE as error:
            logger.warning("Serving an edition from its file: %s", error)
            if (found := files.kept_edition(pk)) is None:
                raise
        if found is None:
            return None
        known[pk] = found
    return known[pk]


def newest(number: int | None = None) -> list[Quiz] | list[QuizSnapshot]:
    """The quizzes that readers find, newest first; from the files while the database does not answer. Two queries."""
    try:
        return list(Quiz.objects.published().newest_first().for_list()[:number])
    except UNREACHABLE as error:
        quizzes = [kept for kept in _kept_quizzes(error) if kept.is_published]
        return sorted(quizzes, key=lambda kept: (kept.moment, kept.pk), reverse=True)[:number]


def keep_all() -> int:
    """Write every quiz that was ever published to its file; returns how many there are."""
    keys = list(Quiz.objects.filter(edition_number__gt=0).values_list("pk", flat=True))
    for pk in keys:
        files.keep(Quiz.objects.filter(pk=pk), pk)
    return len(keys)


def _read(quizzes) -> QuizSnapshot | None:
    found = files.read(quizzes)
    if found is None:
        return None
    quiz, current = found
    _editions.get()[current.pk] = current
    return quiz


def _kept_quizzes(error) -> list[QuizSnapshot]:
    logger.warning("Serving quizzes from their files: %s", error)
    return files.kept_quizzes()
