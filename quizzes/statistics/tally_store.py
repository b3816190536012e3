"""The tallies of editions: kept in the database, added to as attempts come in, and begun anew after a repair.

What is counted is the first whole paper of each reader that came in time. An attempt is counted in the transaction that
marks it as counted, under the lock of its tally, so each is counted once, whoever counts at the same time. Marks are
those that were stored with the attempt, save for questions that were repaired since: those are graded anew, as
`kinds.repaired` says. A tally remembers the repairs that it was made with; when they change, it is begun anew.

Pages only look (`as_of_now`). `brought_up_to_date` is for commands and for whoever changes something.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import groupby, islice, repeat

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from ..editing import freezing
from ..kinds import grade, repaired
from ..kinds.cloze.rules import offered_texts
from ..models import Attempt, Edition, Repair, Tally
from . import tally as counting

# Attempts that are read and counted, without a lock, before they are stored and marked.
ATTEMPTS_AT_ONCE = 25_000
# Of these, so many are decoded at once.
DECODED_AT_ONCE = 500
# Answers whose points are remembered while one edition is counted.
KNOWN_ANSWERS = 20_000

TO_COUNT = {"is_counted": False, "is_first": True, "is_late": False}

# Columns of an attempt as they are read: JSON as text, so that it is decoded for many rows in one go.
_COLUMNS = ["edition_id", "pk", "score_numerator", "score_denominator"]
_AS_TEXT = {name: Cast(name, TextField()) for name in ("answers", "marks", "order")}


def brought_up_to_date(edition: Edition) -> counting.Tally:
    """The tally of an edition with everything in it that has been handed in. Writes.

    Costs six queries for each 25,000 attempts that were not in it; those are all of them when the repairs have
    changed. Attempts that come in meanwhile are counted the next time.
    """
    Tally.objects.get_or_create(edition=edition)
    while True:
        count = _Count(edition, repairs_of([edition])[edition.pk])
        begun = _begin(edition, count)
        waiting = _read(edition.attempts.filter(**TO_COUNT), count.is_drawn).order_by("pk")[:ATTEMPTS_AT_ONCE]
        new, keys = count.tally({}), []
        new.add(count.rows(_noted(waiting.iterator(chunk_size=DECODED_AT_ONCE), keys)), count.spellings)
        found = _added(edition, count, new, keys, begun)
        if found and len(keys) < ATTEMPTS_AT_ONCE:
            return found


def _locked(edition: Edition) -> Tally:
    return Tally.objects.select_for_update().get(edition=edition)


def _begin(edition: Edition, count: "_Count") -> datetime:
    """Have a tally that was made with the repairs of `count`: with other ones, nothing is counted yet. Returns the
    moment at which it was last written."""
    with transaction.atomic():
        row = _locked(edition)
        if not count.began(row.data):
            edition.attempts.filter(is_counted=True).update(is_counted=False)
            row.data = count.stored(count.tally({}))
            row.save(update_fields=["data", "modified_at"])
    return row.modified_at


def _noted(attempts: Iterable[tuple], keys: list[int]) -> Iterator[tuple]:
    """The same rows, with their keys added to `keys`."""
    for attempt in attempts:
        keys.append(attempt[1])
        yield attempt


def _added(edition, count: "_Count", new: counting.Tally, keys: list[int], begun: datetime) -> counting.Tally | None:
    """Add what was counted of the attempts with these keys to what is stored, and mark them; returns all of it.

    Under the lock of the tally, and only if nobody has written it since `begun` and no attempt has come in between the
    first key and the last; otherwise nothing is written, and None returned. So what is marked is what was counted.
    """
    with transaction.atomic():
        row = _locked(edition)
        if row.modified_at != begun or not count.began(row.data):
            return None
        found = count.tally(row.data)
        if keys:
            counted = edition.attempts.filter(pk__gte=keys[0], pk__lte=keys[-1], **TO_COUNT)
            if counted.update(is_counted=True) != len(keys):
                transaction.set_rollback(True)
                return None
            found.merge(new)
            row.data = count.stored(found)
            row.save(update_fields=["data", "modified_at"])
    return found


def rebuild(edition: Edition) -> counting.Tally:
    """The same, with every attempt counted anew: needed only where rows were changed by hand. Writes."""
    Tally.objects.filter(edition=edition).update(data={})
    return brought_up_to_date(edition)


def as_of_now(
    editions: Collection[Edition], known: Mapping[int, list[dict]] | None = None
) -> dict[int, counting.Tally]:
    """The tallies by id of edition, with what has not been counted yet added in memory. Writes nothing.

    Three queries, however many editions; two when the repairs are `known`, as `repairs_of` gives them. An attempt that
    is being counted at this very moment may be missing.
    """
    stored = dict(Tally.objects.filter(edition__in=editions).values_list("edition", "data"))
    known = repairs_of(editions) if known is None else known
    counts = {edition.pk: _Count(edition, known[edition.pk]) for edition in editions}
    begun = {pk for pk, count in counts.items() if count.began(stored.get(pk, {}))}
    found = {pk: count.tally(stored[pk] if pk in begun else {}) for pk, count in counts.items()}
    anew = counts.keys() - begun
    wanted = Q(edition__in=begun, **TO_COUNT) | Q(edition__in=anew, is_first=True, is_late=False)
    has_drawn = any(count.is_drawn for count in counts.values())
    attempts = _read(Attempt.objects.filter(wanted), has_drawn).order_by("edition_id", "pk")
    for pk, rows in groupby(attempts.iterator(chunk_size=DECODED_AT_ONCE), key=lambda row: row[0]):
        found[pk].add(counts[pk].rows(rows), counts[pk].spellings)
    return found


def _read(attempts: QuerySet, has_orders: bool) -> QuerySet:
    names = ["answers", "marks", "order"] if has_orders else ["answers", "marks"]
    columns = {f"{name}_text": _AS_TEXT[name] for name in names}
    return attempts.order_by().annotate(**columns).values_list(*_COLUMNS, *columns)


def repairs_of(editions: Collection[Edition]) -> dict[int, list[dict]]:
    """What was repaired in each edition, oldest first: as much as grading needs. One query."""
    names = ("question", "action", "choice", "blank", "text")
    rows = Repair.objects.filter(quiz__in={edition.quiz_id for edition in editions})
    known = [(row.quiz_id, row.last_edition, {name: row.as_data()[name] for name in names}) for row in rows]
    return {
        edition.pk: [data for quiz, last, data in known if quiz == edition.quiz_id and last >= edition.number]
        for edition in editions
    }


# --- one edition --------------------------------------------------------------------------------


class _Count:
    """How the attempts of one edition are counted, with these repairs."""

    def __init__(self, edition: Edition, repairs: list[dict]):
        self.repairs = repairs
        self.bundle = freezing.upgraded(edition.bundle)
        self.questions = {str(question["id"]): question for question in self.bundle["questions"]}
        self.changed = {str(repair["question"]) for repair in repairs}
        self.is_drawn = bool(self.bundle["draw"]) and self.bundle["draw"] < len(self.questions)
        self.points = lru_cache(KNOWN_ANSWERS)(self._points)

    @cached_property
    def repaired(self) -> dict[str, Mapping | None]:
        return {key: repaired(question, self.repairs) for key, question in self.questions.items()}

    @cached_property
    def spellings(self) -> dict[int, Callable[[str], str]]:
        return {question["id"]: spelling_of(question) for question in self.questions.values()}

    def began(self, data: dict) -> bool:
        """Whether what is stored was counted with the same repairs."""
        return bool(data) and data["repairs"] == self.repairs

    def tally(self, data: dict) -> counting.Tally:
        if data:
            return counting.Tally.from_json(data["tally"])
        drawn = {question["id"] for question in self.questions.values() if self.is_drawn and not question["always"]}
        return counting.Tally.of(self.questions.values(), drawn)

    def stored(self, tally: counting.Tally) -> dict:
        return {"repairs": self.repairs, "tally": tally.to_json()}

    def rows(self, attempts: Iterable[tuple]) -> Iterator[counting.Row]:
        """(answers, marks, total) of attempts as `_read` gives them."""
        attempts = iter(attempts)
        while batch := list(islice(attempts, DECODED_AT_ONCE)):
            _, _, numerators, denominators, answers, marks, *orders = zip(*batch, strict=True)
            rows = (_decoded(answers), _decoded(marks), numerators, denominators, self._papers(orders))
            for given, marked, numerator, denominator, paper in zip(*rows, strict=False):
                total = numerator if denominator == 1 else Fraction(numerator, denominator)
                if marked is None or self.changed or len(marked) < len(paper):
                    marked, total = self._graded(given, marked, total, paper)
                yield given, marked, str(total)

    def _papers(self, orders: list[tuple]) -> Iterable[Collection[str]]:
        """Which questions stood on each paper, for as many as there are; all of them unless they are drawn."""
        asked = self.questions.keys()
        if not self.is_drawn:
            return repeat(asked)
        return [{str(pk) for pk, _ in order} or asked for order in _decoded(orders[0])]

    def _graded(self, given: Mapping, marked: Mapping | None, total: Fraction, paper: Collection[str]):
        """Marks and total with repaired questions graded anew, and those that have no mark."""
        marks, total = (dict(marked), total) if marked is not None else ({}, Fraction())
        for key in paper:
            if key in marks and key not in self.changed:
                continue
            total -= Fraction(marks.pop(key, 0))
            points = self.points(key, json.dumps(given.get(key)))
            if points is not None:
                marks[key] = str(points)
                total += points
        return marks, total

    def _points(self, key: str, answer: str) -> Fraction | None:
        """What an answer, as JSON, to a question is worth now; None where it is disregarded."""
        question = self.repaired[key]
        return None if question is None else grade(question, json.loads(answer)).points


def _decoded(texts: Iterable[str | None]) -> list:
    """JSON values from their texts, decoded in one go; None stays None."""
    return json.loads(f"[{','.join(text or 'null' for text in texts)}]")


# --- spelling -----------------------------------------------------------------------------------


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _without_case(text: str) -> str:
    return counting.plain(text).casefold()


def _as_it_stands(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def spelling_of(question: Mapping) -> Callable[[str], str]:
    """How a typed answer is spelled for counting. Answers of one spelling are worth the same."""
    if question["kind"] == "numeric":
        return _without_spaces
    if question["kind"] == "cloze" and offered_texts(question):
        return _as_it_stands
    return {"plain": _without_case, "case": counting.plain}.get(question["matching"], _as_it_stands)
