"""One decision about many comments: in short transactions, within a time, with an account of what was left alone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from time import monotonic
from typing import NamedTuple

from django.db import transaction

from . import moderation
from .models import Comment

# Of one press of a button. What is behind is for the next one.
MOST = 10_000
# Comments in one transaction: others can write in between.
CHUNK = 100
SECONDS = 15


class Chosen(NamedTuple):
    """One ticked comment: its number, the state it was shown in, and the digest of what was shown (None: not shown)."""

    article: int
    number: int
    was: str | None = None
    seen: str | None = None


@dataclass
class Account:
    """What became of the comments that were chosen."""

    done: int = 0
    already: list[Comment] = field(default_factory=list)
    changed: list[Comment] = field(default_factory=list)
    decided: list[Comment] = field(default_factory=list)
    final: list[Comment] = field(default_factory=list)
    claimed: list[Comment] = field(default_factory=list)
    gone: int = 0
    left: int = 0


def decide(verb: Callable, chosen: Iterable[Chosen], by, *, seconds: float = SECONDS, **details) -> Account:
    """Do `verb` of `comments.moderation` to each of `chosen`, as far as `seconds` reach.

    Each is decided by itself, so one that cannot be does not keep the others.
    """
    account, deadline = Account(), monotonic() + seconds
    for chunk in _chunks(chosen):
        if monotonic() > deadline:
            account.left += len(chunk)
            continue
        with transaction.atomic():
            for one in chunk:
                _decide_one(account, verb, one, by, details)
    return account


def _chunks(chosen) -> Iterator[list[Chosen]]:
    """What is decided in one transaction each: never comments of two articles.

    A decision locks its thread, then at times the settings. Who held both and wanted another thread could wait for
    somebody who holds that one and wants the settings, for ever.
    """
    for _, of_article in groupby(sorted(chosen), key=lambda one: one.article):
        while chunk := list(islice(of_article, CHUNK)):
            yield chunk


def _decide_one(account, verb, one, by, details):
    comment = Comment(pk=one.number)
    try:
        if verb(comment, by, was=one.was, seen=one.seen, over_claim=False, **details):
            account.done += 1
        else:
            account.already.append(comment)
    except Comment.DoesNotExist:
        account.gone += 1
    except moderation.StaleDecision as refusal:
        account.changed.append(refusal.comment)
    except moderation.NothingLeft as refusal:
        account.final.append(refusal.comment)
    except moderation.AlreadyDecided as refusal:
        account.decided.append(refusal.comment)
    except moderation.ClaimedByOther as refusal:
        account.claimed.append(refusal.comment)
