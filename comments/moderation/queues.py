"""Moderation queues: what each holds, how many and how old; and claiming the next comment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import methodcaller
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from publishing.text import moments

from ..models import Comment, CommentSettings, Status
from . import decisions

# Counts are exact up to here, which bounds their cost.
COUNTED = 1000
# How many comments are tried when colleagues claim each of them first.
TRIES = 20


def bounded(number: int) -> str:
    shown = moments.number(min(number, COUNTED))
    return f"{shown}+" if number > COUNTED else shown


@dataclass(frozen=True)
class Summary:
    queue: "Queue"
    number: int
    oldest: datetime | None

    @property
    def words(self) -> str:
        return bounded(self.number)

    @property
    def age(self) -> str:
        return timesince(self.oldest, depth=1) if self.oldest else ""


@dataclass(frozen=True)
class Queue:
    """`moment` is the column that it is sorted by, with the number after it, as its index is."""

    name: str
    label: str
    # Of a page about it.
    title: str
    select: Callable[[QuerySet], QuerySet]
    empty: str
    moment: str = "created_at"
    newest_first: bool = False

    @property
    def ordering(self) -> list[str]:
        sign = "-" if self.newest_first else ""
        return [f"{sign}{self.moment}", f"{sign}pk"]

    def rows(self, among: QuerySet | None = None) -> QuerySet:
        return self.select(Comment.objects.all() if among is None else among)

    def position_of(self, comment: Comment) -> tuple | None:
        """Where `comment`, as it is now, is in this queue; None if it does not belong there."""
        moment = getattr(comment, self.moment)
        return (moment, comment.pk) if moment else None


class Place(NamedTuple):
    """The queue that a moderator works through and the kind of comment that it is narrowed to; both are optional."""

    queue: Queue | None = None
    kind: str = ""

    @property
    def name(self) -> str:
        return self.queue.name if self.queue else ""

    def query(self, **more) -> str:
        return query_of(queue=self.name, kind=self.kind, **more)

    def comment_url(self, number: int, **more) -> str:
        """The review page of a comment."""
        return reverse("admin:comments_comment_change", args=[number]) + self.query(**more)

    def queue_url(self, **more) -> str:
        """The address that leads to the next comment of the queue."""
        return reverse("admin:comments_comment_next", args=[self.name]) + query_of(kind=self.kind, **more)

    def rows(self, position: tuple | None = None, *, backwards: bool = False, among=None) -> QuerySet:
        """The comments of the queue in its order, from behind `position` on if one is given."""
        rows = self.queue.rows(among).filter(**({"kind": self.kind} if self.kind else {}))
        if position:
            moment, number = position
            way = "lt" if self.queue.newest_first != backwards else "gt"
            # The first condition is the one that an index answers.
            rows = rows.filter(
                Q(**{f"{self.queue.moment}__{way}": moment}) | Q(**{f"pk__{way}": number}),
                **{f"{self.queue.moment}__{way}e": moment},
            )
        rows = rows.order_by(*self.queue.ordering)
        return rows.reverse() if backwards else rows

    def claim_next(self, user, position: tuple | None = None, *, backwards=False, wraps=True, among=None):
        """Claim and return the next comment after `position` that no colleague has claimed; None if there is none.

        If it `wraps`, the first one follows the last, so that skipped ones come again.
        """
        for start in [position, None] if position and wraps and not backwards else [position]:
            free = self.rows(start, backwards=backwards, among=among).unclaimed_by_others(user)
            for comment in free.exclude(pk=position[1] if position else None)[:TRIES]:
                if decisions.claim(comment, user):
                    comment.claimed_by, comment.claimed_until = user, timezone.now() + decisions.CLAIM_TIME
                    return comment
        return None


def query_of(**parameters) -> str:
    """The end of an address, "?queue=pending", with the parameters that are not empty."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"?{query}" if query else ""


QUEUES = {
    queue.name: queue
    for queue in [
        Queue("pending", _("Waiting"), _("Waiting comments"), methodcaller("pending"), _("The queue is empty.")),
        Queue(
            "suspect",
            _("Suspect"),
            _("Suspect comments"),
            methodcaller("suspect"),
            _("There are no suspect comments."),
        ),
        Queue(
            "reported",
            _("Reported"),
            _("Reported comments"),
            lambda rows: rows.reported(CommentSettings.current().report_threshold),
            _("There are no reported comments to review."),
        ),
        *(
            Queue(status.value, status.label, title, methodcaller("decided", status.value), empty, "decided_at",
                  newest_first=True)
            for status, title, empty in (
                (Status.APPROVED, _("Approved comments"), _("There are no approved comments.")),
                (Status.REJECTED, _("Rejected comments"), _("There are no rejected comments.")),
                (Status.SPAM, _("Spam comments"), _("There are no spam comments.")),
                (Status.REMOVED, _("Removed comments"), _("There are no removed comments.")),
            )
        ),
    ]
}  # fmt: skip


# Those that need a decision.
WAITING = ["pending", "suspect", "reported"]


class _Count(Subquery):
    """How many rows a query has. Its limit holds, unlike that of an aggregate."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def summaries(*names: str) -> list[Summary]:
    """Of the named queues, or all seven. One query, which reads at most `COUNTED` entries of each queue's index."""
    queues, columns = [QUEUES[name] for name in names or QUEUES], {}
    for queue in queues:
        rows = queue.rows().order_by(queue.moment, "pk")
        columns[f"{queue.name}_number"] = _Count(rows.values("pk")[: COUNTED + 1])
        columns[f"{queue.name}_oldest"] = Subquery(rows.values(queue.moment)[:1])
    # Any one row to select from; the one who asks is a user.
    row = User.objects.order_by("pk").values(**columns)[0]
    return [Summary(queue, row[f"{queue.name}_number"], row[f"{queue.name}_oldest"]) for queue in queues]


def lengths() -> list[tuple[str, int, datetime | None]]:
    """The queues that wait for moderators, for monitoring: name, number, moment of the oldest. One or two queries."""
    found = summaries(*WAITING) if User.objects.exists() else []
    return [(f"comments_{summary.queue.name}", summary.number, summary.oldest) for summary in found]
