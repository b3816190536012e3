"""The attempts of editions as they are counted: the first whole paper of each reader that came in time.

Marks are those that were stored with the attempt, save for questions that were corrected since: those are graded again,
as `kinds.corrected` says.
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

# Attempts whose JSON is decoded in one go, which is faster than one by one.
DECODED_AT_ONCE = 500
# Answers whose points are remembered while one edition is counted.
KNOWN_ANSWERS = 20_000


def states_of(editions: Collection[Edition]) -> dict[int, dict]:
    """What the counts of each edition depend on, as JSON: its attempts and corrections, oldest first. Two queries."""
    names = ("question", "action", "choice", "blank", "text")
    rows = Correction.objects.filter(quiz__in={edition.quiz_id for edition in editions})
    known = [(row.quiz_id, row.last_edition, {name: row.as_data()[name] for name in names}) for row in rows]
    attempts = _counted(editions).values("edition").annotate(number=Count("pk"), last=Max("pk"))
    found = {row["edition"]: row for row in attempts}
    return {
        edition.pk: {
            "attempts": found.get(edition.pk, {}).get("number", 0),
            "last": found.get(edition.pk, {}).get("last"),
            "corrections": [data for quiz, last, data in known if quiz == edition.quiz_id and last >= edition.number],
        }
        for edition in editions
    }


def counts_of(editions: Collection[Edition], states: Mapping[int, dict]) -> dict[int, Counts]:
    """The counts of each edition with the corrections of its state. One query."""
    papers = {edition.pk: _Papers(edition.bundle, states[edition.pk]["corrections"]) for edition in editions}
    names = ["answers", "marks", "order"] if any(paper.drawn for paper in papers.values()) else ["answers", "marks"]
    texts = [Cast(name, TextField()) for name in names]
    found = _counted(editions).order_by("edition", "pk")
    found = found.values_list("edition", "score_numerator", "score_denominator", *texts)
    by_edition = groupby(found.iterator(chunk_size=DECODED_AT_ONCE), key=lambda row: row[0])
    # Nothing in the rows is circular, and the collector of garbage would take a third of the time.
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
        self.points = lru_cache(KNOWN_ANSWERS)(self._points)

    def counts(self, rows: Iterable[tuple]) -> Counts:
        return count(self.questions.values(), self._graded(_decoded(iter(rows))), self.drawn)

    def _graded(self, rows: Iterable[tuple]) -> Iterator[tuple]:
        """(answers, marks, total) of attempts: corrected questions graded again, and those that have no mark."""
        for numerator, denominator, answers, marks, *order in rows:
            asked = {str(pk) for pk, _ in order[0]} if self.drawn and order[0] else self.questions.keys()
            if marks is None:
                marks, numerator = {}, 0
            if not self.changed and len(marks) >= len(asked):
                yield answers, marks, f"{numerator}/{denominator}"
                continue
            total = Fraction(numerator, denominator)
            for key in asked & (self.changed | (asked - marks.keys())):
                total -= Fraction(marks.pop(key, 0))
                points = self.points(key, json.dumps(answers.get(key)))
                if points is not None:
                    marks[key] = str(points)
                    total += points
            yield answers, marks, str(total)

    def _points(self, key: str, answer: str) -> Fraction | None:
        """What an answer, as JSON, to a question is worth now; None where it is disregarded."""
        question = self.corrected[key]
        return None if question is None else grade(question, json.loads(answer)).points


def _decoded(rows: Iterator[tuple]) -> Iterator[tuple]:
    """(numerator, denominator, answers, marks and, where it is read, order) of rows with JSON as text."""
    while batch := list(islice(rows, DECODED_AT_ONCE)):
        _, numerators, denominators, *columns = zip(*batch, strict=True)
        columns = [json.loads(f"[{','.join(text or 'null' for text in column)}]") for column in columns]
        yield from zip(numerators, denominators, *columns, strict=True)
