"""Correct a published question, and delete a correction. `kinds.corrected` applies corrections when grading."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from publishing.bases.log import log

from ..kinds.base_forms import text_of
from ..models import Attempt, Correction, CorrectionAction, Edition, Quiz


def editions_with(quiz: Quiz, question: int, last: int) -> list[Edition]:
    """The editions up to number `last` that have this question. Reads their bundles."""
    editions = quiz.editions.filter(number__lte=last)
    return [edition for edition in editions if question in (each["id"] for each in edition.bundle["questions"])]


def attempts_with(editions: list[Edition], question: int) -> int:
    """How many attempts on these editions have this question."""
    has_question = Q(marks__isnull=True) | Q(marks__has_key=str(question))
    return Attempt.objects.filter(has_question, edition__in=editions).count()


def correct(quiz: Quiz, question: dict, *, by, note: str, action: str, **accepted) -> Correction:
    """Correct a question (of the bundle) in the current edition and all before it.

    `accepted` is what is accepted too: choice, text, blank. Stored answers and scores do not change. Logged.
    """
    if action == CorrectionAction.DISREGARD:
        accepted = {}
    with transaction.atomic():
        correction = Correction.objects.create(
            quiz=quiz,
            last_edition=quiz.edition_number,
            question=question["id"],
            action=action,
            note=note,
            by=by,
            **accepted,
        )
        words = _("Corrected “%(question)s”: %(action)s. %(note)s")
        named = {"question": text_of(question["stem"], 60), "action": correction.get_action_display(), "note": note}
        log(by, quiz, words % named)
    return correction


def delete(correction: Correction, *, by) -> None:
    """Results show the uncorrected score again. Logged."""
    with transaction.atomic():
        correction.delete()
        named = {"action": correction.get_action_display(), "note": correction.note}
        log(by, correction.quiz, _("Deleted a correction: %(action)s. %(note)s") % named)
