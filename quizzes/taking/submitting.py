"""Taking a paper in: graded here, stored once, and in a file while the database does not answer."""

import json
import logging
from datetime import datetime
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from publishing.web import anonymous_ids

from .. import kinds
from ..editing.snapshots import UNREACHABLE
from ..models import Attempt, Edition
from . import offline_queue
from .papers import Paper

logger = logging.getLogger(__name__)

TOKEN_CHARACTERS = 26


def token_of(paper: Paper, answers: dict, who: str) -> str:
    """The name of an attempt, and of its result: 26 letters and digits (130 bits) that nobody guesses.

    A pure function of the paper, the answers and who sent them, so that what is sent twice has one name however often
    it comes, to whichever process, with or without a database.
    """
    value = json.dumps([paper.ticket.sealed(), who, answers], sort_keys=True)
    digest = salted_hmac("quizzes.submitting.token", value, secret=paper.ticket.secret, algorithm="sha256").digest()
    number, letters = int.from_bytes(digest, "big"), "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(letters[number >> 5 * place & 31] for place in range(TOKEN_CHARACTERS))


def sender(request, sent_key: str) -> str:
    """Who sent a paper: the key that the page's script made for it, else the browser behind this address.

    Two people of the second kind who answer alike share one result, which tells both the same.
    """
    if sent_key:
        return f"key:{sent_key}"
    return f"browser:{anonymous_ids.client_address(request)} {request.META.get('HTTP_USER_AGENT', '')}"


def hand_in(paper: Paper, answers: dict, *, who: str, reader: str) -> str:
    """Grade `answers` (raw, by id of question as text) and store the attempt; returns its token.

    The same paper with the same answers from the same sender is one attempt. Two queries. While the database does not
    answer, the attempt goes to the spool, from which it is taken in when the database is back. Raises OSError when
    neither can hold it.
    """
    record = attempt_record(paper, answers, who=who, reader=reader, now=timezone.now())
    try:
        store(record)
    except UNREACHABLE:
        offline_queue.append(record)
        offline_queue.take_in_when_back(store)
    else:
        if not offline_queue.is_empty():
            offline_queue.take_in_when_back(store)
    return record["token"]


def attempt_record(paper: Paper, answers: dict, *, who: str, reader: str, now: datetime) -> dict:
    """An attempt as plain data, JSON throughout; the fields of `Attempt`, and the quiz."""
    marks = kinds.grade_paper(paper.corrected_questions, answers)
    score = sum((mark.points for mark in marks), Fraction())
    left = paper.ticket.seconds_left(paper.edition.time_limit, int(now.timestamp()))
    return {
        "token": token_of(paper, answers, who),
        "quiz": paper.edition.quiz,
        "edition_id": paper.edition.pk,
        "answers": answers,
        "order": [[asked["id"], [choice["id"] for choice in paper.choices(asked)]] for asked in paper.questions],
        "marks": {str(mark.question): str(mark.points) for mark in marks},
        "score_numerator": score.numerator,
        "score_denominator": score.denominator,
        "maximum": len(marks),
        "reader": reader,
        "is_first": paper.ticket.is_whole,
        "is_late": paper.ticket.is_late(paper.edition.time_limit, int(now.timestamp())),
        "seconds": None if left is None else int(now.timestamp()) - paper.ticket.issued_at,
        "created_at": now.isoformat(),
    }


def store(record: dict) -> None:
    """Store an attempt unless it is there. Two queries, two more when it is there."""
    fields = dict(record)
    quiz = fields.pop("quiz")
    fields["created_at"] = datetime.fromisoformat(fields["created_at"])
    if fields["is_first"] and fields["reader"]:
        fields["is_first"] = not Attempt.objects.filter(edition__quiz=quiz, reader=fields["reader"]).exists()
    try:
        with transaction.atomic():
            Attempt.objects.create(**fields)
    except IntegrityError:
        if Attempt.objects.filter(token=fields["token"]).exists():
            return
        if Edition.objects.filter(pk=fields["edition_id"]).exists():
            raise
        logger.error("An attempt on edition %s, which is gone, was left out.", fields["edition_id"])


def find(token: str) -> Attempt | None:
    """The attempt with this token, not saved from the spool or else from the database. One query, none while it waits.

    In this order nothing is missed that is stored in between. Raises what an unreachable database raises when the
    attempt does not wait here: then it may still be there.
    """
    if record := offline_queue.find(token):
        record.pop("quiz")
        return Attempt(**record | {"created_at": datetime.fromisoformat(record["created_at"])})
    return Attempt.objects.filter(token=token).first()


def corrected_score(attempt: Attempt, edition, known: list[dict]) -> tuple[Fraction, int]:
    """Score and maximum of an attempt with everything that was corrected until now."""
    asked = {int(pk) for pk, _ in attempt.order} or {question["id"] for question in edition.questions}
    questions = [kinds.corrected(question, known) for question in edition.questions if question["id"] in asked]
    marks = kinds.grade_paper([question for question in questions if question], attempt.answers)
    return sum((mark.points for mark in marks), Fraction()), len(marks)
