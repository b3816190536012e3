"""The attempts of editions that are counted: the first whole paper of each reader, if it was in time.

Marks are those stored with the attempt; only corrected questions are graded again.
"""

import gc
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import groupby, islice

from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast

from ..editing import freezing
from ..kinds import corrected, grade
from ..models import Attempt, Correction, Edition
from .counting import Counts, count

# Attempts whose JSON is decoded together, which is faster than one by one.
DECODED_AT_ONCE = 500
# Answers whose points are cached while an edition is counted.
CACHED_ANSWERS = 20_000


def states_of(editions: Collection[Edition]) -> dict[int, dict]:
    """What the counts of each edition depend on, as JSON: its attempts and corrections, oldest first."""
    names = ("question", "action", "choice", "blank", "text")
    corrections = list(Correction.objects.filter(quiz__in={edition.quiz_id for edition in editions}))
    rows = _counted(editions).values_list("edition").annotate(Count("pk"), Max("pk"))
    attempts = {edition: (number, last) for edition, number, last in rows}
    states = {}
    for edition in editions:
        number, last = attempts.get(edition.pk, (0, None))
        applied = [
            {name: getattr(row, name) for name in names}
            for row in corrections
            if row.quiz_id == edition.quiz_id and row.last_edition >= edition.number
        ]
        states[edition.pk] = {"attempts": number, "last": last, "corrections": applied}
    return states


def counts_of(editions: Collection[Edition], states: Mapping[int, dict]) -> dict[int, Counts]:
    """The counts of each edition with the corrections of its state."""
    papers = {edition.pk: _Papers(edition.bundle, states[edition.pk]["corrections"]) for edition in editions}
    names = ["answers", "marks", "order"] if any(paper.drawn for paper in papers.values()) else ["answers", "marks"]
    texts = [Cast(name, TextField()) for name in names]
    rows = _counted(editions).order_by("edition", "pk")
    rows = rows.values_list("edition", "score_numerator", "score_denominator", *texts)
    by_edition = groupby(rows.iterator(chunk_size=DECODED_AT_ONCE), key=lambda row: row[0])
    # The garbage collector would take a third of the time, and the rows have no cycles.
    gc.disable()
    try:
        counted = {pk: papers[pk].counts(rows) for pk, rows in by_edition}
    finally:
        gc.enable()
    return {pk: counted.get(pk) or paper.counts(()) for pk, paper in papers.items()}


def _counted(editions: Collection[Edition]):
    return Attempt.objects.filter(edition__in=editions, is_first=True, is_late=False).order_by()


class _Papers:
    """The papers of one edition, graded with these corrections."""

    def __init__(self, bundle: dict, corrections: list[dict]):
        bundle = freezing.upgraded(bundle)
        self.questions = {str(question["id"]): question for question in bundle["questions"]}
        self.changed = {str(correction["question"]) for correction in corrections}
        self.corrected = {key: corrected(question, corrections) for key, question in self.questions.items()}
        is_drawn = bool(bundle["draw"]) and bundle["draw"] < len(self.questions)
        self.drawn = {question["id"] for question in self.questions.values() if is_drawn and not question["always"]}
        self.points = lru_cache(CACHED_ANSWERS)(self._points)

    def counts(self, rows: Iterable[tuple]) -> Counts:
        return count(self.questions.values(), self._graded(_decoded(iter(rows))), self.drawn)

    def _graded(self, rows: Iterable[tuple]) -> Iterator[tuple]:
        """(answers, marks, total) of attempts. Questions that are corrected or have no mark are graded."""
        for numerator, denominator, answers, marks, *order in rows:
            paper = {str(pk) for pk, _ in order[0]} if self.drawn and order[0] else self.questions.keys()
            if marks is None:
                marks, numerator = {}, 0
            if not self.changed and len(marks) >= len(paper):
                yield answers, marks, f"{numerator}/{denominator}"
                continue
            total = Fraction(numerator, denominator)
            for key in paper & (self.changed | (paper - marks.keys())):
                total -= Fraction(marks.pop(key, 0))
                points = self.points(key, json.dumps(answers.get(key)))
                if points is not None:
                    marks[key] = str(points)
                    total += points
            yield answers, marks, str(total)

    def _points(self, key: str, answer: str) -> Fraction | None:
        """The points of an answer, as JSON, with corrections; None if the question is disregarded."""
        question = self.corrected[key]
        return None if question is None else grade(question, json.loads(answer)).points


def _decoded(rows: Iterator[tuple]) -> Iterator[tuple]:
    """(numerator, denominator, answers, marks and, if it was read, order) of rows with JSON as text."""
    while batch := list(islice(rows, DECODED_AT_ONCE)):
        _, numerators, denominators, *columns = zip(*batch, strict=True)
        columns = [json.loads(f"[{','.join(text or 'null' for text in column)}]") for column in columns]
        yield from zip(numerators, denominators, *columns, strict=True)
