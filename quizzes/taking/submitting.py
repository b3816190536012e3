"""Submit a paper: grade it and store it once, in a file while the database is down."""

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


def token_of(paper: Paper, answers: dict, sender: str) -> str:
    """The token of an attempt, which is the address of its result: 26 letters and digits (130 bits).

    A pure function of paper, answers and sender, so that a repeated submission has the same token in every process,
    with or without a database.
    """
    value = json.dumps([paper.ticket.sealed(), sender, answers], sort_keys=True)
    digest = salted_hmac("quizzes.submitting.token", value, secret=paper.ticket.secret, algorithm="sha256").digest()
    number, letters = int.from_bytes(digest, "big"), "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(letters[number >> 5 * place & 31] for place in range(TOKEN_CHARACTERS))


def sender(request, sent_key: str) -> str:
    """Who submitted a paper: the key that the page's script made, else address and browser.

    Two people without the script who answer alike from one address share a result.
    """
    if sent_key:
        return f"key:{sent_key}"
    return f"browser:{anonymous_ids.client_address(request)} {request.META.get('HTTP_USER_AGENT', '')}"


def submit(paper: Paper, answers: dict, *, sender: str, reader: str) -> str:
    """Grade `answers` (raw, by id of question as text) and store the attempt; returns its token.

    The same answers to the same paper from the same sender are one attempt. While the database is down the attempt
    waits in the offline queue. Raises OSError when it cannot be stored there either.
    """
    record = attempt_record(paper, answers, sender=sender, reader=reader, now=timezone.now())
    try:
        store(record)
    except UNREACHABLE:
        offline_queue.append(record)
    if not offline_queue.is_empty():
        offline_queue.flush_when_back(store)
    return record["token"]


def attempt_record(paper: Paper, answers: dict, *, sender: str, reader: str, now: datetime) -> dict:
    """An attempt as JSON: the fields of `Attempt`, and the quiz."""
    marks = kinds.grade_paper(paper.corrected_questions, answers)
    score = sum((mark.points for mark in marks), Fraction())
    ticket, limit, seconds = paper.ticket, paper.edition.time_limit, int(now.timestamp())
    return {
        "token": token_of(paper, answers, sender),
        "quiz": paper.edition.quiz,
        "edition_id": paper.edition.pk,
        "answers": answers,
        "order": [[each["id"], [choice["id"] for choice in paper.choices(each)]] for each in paper.questions],
        "marks": {str(mark.question): str(mark.points) for mark in marks},
        "score_numerator": score.numerator,
        "score_denominator": score.denominator,
        "maximum": len(marks),
        "reader": reader,
        "is_first": not ticket.only,
        "is_late": ticket.is_late(limit, seconds),
        "seconds": seconds - ticket.issued_at if limit and ticket.issued_at is not None else None,
        "created_at": now.isoformat(),
    }


def store(record: dict) -> None:
    """Store an attempt unless it is stored already."""
    attempt = attempt_of(record)
    if attempt.is_first and attempt.reader:
        earlier = Attempt.objects.filter(edition__quiz=record["quiz"], reader=attempt.reader)
        attempt.is_first = not earlier.exists()
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:
        if Attempt.objects.filter(token=attempt.token).exists():
            return
        if Edition.objects.filter(pk=attempt.edition_id).exists():
            raise
        logger.error("An attempt on edition %s was dropped: the edition was deleted.", attempt.edition_id)


def attempt_of(record: dict) -> Attempt:
    """The attempt of a record, not saved."""
    fields = {name: value for name, value in record.items() if name != "quiz"}
    return Attempt(**fields | {"created_at": datetime.fromisoformat(record["created_at"])})


def find(token: str) -> Attempt | None:
    """The attempt with this token: from the offline queue (not saved), else from the database.

    In this order an attempt that is stored in between is found. Raises what an unreachable database raises if the
    attempt does not wait here: it may still exist.
    """
    record = offline_queue.find(token)
    return attempt_of(record) if record else Attempt.objects.filter(token=token).first()
