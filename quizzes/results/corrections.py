"""Correct a question that readers have answered, and delete a correction. `kinds.corrected` applies them to grading."""

from django.db import transaction
from django.db.models import Q

from publishing.bases.log import log

from ..kinds.base_forms import text_of
from ..models import Attempt, Correction, CorrectionAction, Edition, Quiz


def editions_with(quiz: Quiz, question: int, last: int) -> list[Edition]:
    """The editions up to number `last` that ask this question. One query, which reads their bundles."""
    editions = quiz.editions.filter(number__lte=last)
    return [edition for edition in editions if any(asked["id"] == question for asked in edition.bundle["questions"])]


def attempts_with(editions: list[Edition], question: int) -> int:
    """How many attempts on these editions were asked this question. One query."""
    asked = Q(marks__isnull=True) | Q(marks__has_key=str(question))
    return Attempt.objects.filter(asked, edition__in=editions).count()


def correct(quiz: Quiz, question: dict, *, by, note: str, action: str, **accepted) -> Correction:
    """Correct a question (as it is in the bundle) of the edition that readers are given, and of those before it.

    `accepted` is what is accepted too: choice, text, blank. Stored answers and scores stay as they are. Logged.
    """
    if action == CorrectionAction.DISREGARD:
        accepted = {}
    with transaction.atomic():
        made = Correction.objects.create(
            quiz=quiz,
            last_edition=quiz.edition_number,
            question=question["id"],
            action=action,
            note=note,
            by=by,
            **accepted,
        )
        log(by, quiz, f"Corrected “{text_of(question['stem'], 60)}”: {made.get_action_display()}. {note}")
    return made


def delete(made: Correction, *, by) -> None:
    """As if it had never been made; results show the score that was given. Logged."""
    with transaction.atomic():
        made.delete()
        log(by, made.quiz, f"Deleted a correction: {made.get_action_display()}. {made.note}")
