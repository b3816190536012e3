"""The moderators' queues: which there are, how much waits in each and for how long, and whose turn it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timesince import timesince

from ..models import Comment, CommentKind, CommentSettings, Status
from . import decisions

# Counts are exact up to here. What is beyond costs nothing to count, and nobody decides by it.
COUNTED = 1000
# When colleagues take one comment after another from under our hands, how many are tried.
TRIES = 20


@dataclass(frozen=True)
class Summary:
    """How many are in a queue, and since when the oldest is there."""

    queue: "Queue"
    number: int
    oldest: datetime | None

    @property
    def words(self) -> str:
        return f"{COUNTED:,}+" if self.number > COUNTED else f"{self.number:,}"

    @property
    def age(self) -> str:
        return timesince(self.oldest, depth=1) if self.oldest else ""


@dataclass(frozen=True)
class Queue:
    """One queue. `moment` is the column that it is sorted by, with the number after it, as its index is."""

    name: str
    label: str
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

    def place_of(self, comment: Comment) -> tuple | None:
        """Where `comment`, as it is now, stands in this queue; None if it has no place in it."""
        moment = getattr(comment, self.moment)
        return (moment, comment.pk) if moment else None

    def walk(self, kind: str = "", place: tuple | None = None, *, backwards: bool = False, among=None) -> QuerySet:
        """The queue's rows, from behind `place` on if one is given."""
        rows = self.rows(among).filter(**({"kind": kind} if kind else {}))
        descending = self.newest_first != backwards
        if place:
            moment, number = place
            way = "lt" if descending else "gt"
            # The first condition is the one that an index answers.
            rows = rows.filter(
                Q(**{f"{self.moment}__{way}": moment}) | Q(**{f"pk__{way}": number}),
                **{f"{self.moment}__{way}e": moment},
            )
        sign = "-" if descending else ""
        return rows.order_by(f"{sign}{self.moment}", f"{sign}pk")

    def take(
        self, user, kind: str = "", place: tuple | None = None, *, backwards=False, comes_round=True, among=None
    ) -> Comment | None:
        """The next comment after `place` that no colleague has in hand, now in the hand of `user`.

        If it `comes_round`, the first one follows the last, so that what was passed over comes again; before the
        first one there is nothing. Two queries; one more for the way round, and one for each comment that a colleague
        was faster at.
        """
        for start in [place, None] if place and comes_round and not backwards else [place]:
            free = self.walk(kind, start, backwards=backwards, among=among).unclaimed_by_others(user)
            for comment in free.exclude(pk=place[1] if place else None)[:TRIES]:
                if decisions.claim(comment, user):
                    comment.claimed_by, comment.claimed_until = user, timezone.now() + decisions.CLAIM_TIME
                    return comment
        return None


def _decided(status):
    return lambda rows: rows.decided(status)


QUEUES = {
    queue.name: queue
    for queue in [
        Queue("pending", "Waiting", lambda rows: rows.pending(), "The queue is empty."),
        Queue("suspect", "Suspect", lambda rows: rows.suspect(), "There are no suspect comments."),
        Queue(
            "reported",
            "Reported",
            lambda rows: rows.reported(CommentSettings.current().report_threshold),
            "There are no reported comments to review.",
        ),
        *(
            Queue(status.value, status.label, _decided(status.value), f"There are no {status.label.lower()} comments.",
                  "decided_at", newest_first=True)
            for status in (Status.APPROVED, Status.REJECTED, Status.SPAM, Status.REMOVED)
        ),
    ]
}  # fmt: skip


def home_of(comment: Comment) -> Queue:
    """The queue in which a comment is looked for when nobody said which."""
    if comment.status == Status.PENDING:
        return QUEUES["suspect" if comment.is_suspect else "pending"]
    return QUEUES[comment.status]


# What waits for somebody.
WAITING = ["pending", "suspect", "reported"]


class _Count(Subquery):
    """How many rows a query has. Its limit holds, unlike that of an aggregate."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def summaries(*names: str) -> list[Summary]:
    """Of the named queues, or of all seven. One query, which reads `COUNTED` entries of each queue's index at most."""
    chosen, asked = [QUEUES[name] for name in names or QUEUES], {}
    for queue in chosen:
        rows = queue.rows().order_by(queue.moment, "pk")
        asked[f"{queue.name}_number"] = _Count(rows.values("pk")[: COUNTED + 1])
        asked[f"{queue.name}_oldest"] = Subquery(rows.values(queue.moment)[:1])
    # One row, whichever it is, for the database to answer with. Who asks is a user.
    found = User.objects.order_by("pk").values(**asked)[0]
    return [Summary(queue, found[f"{queue.name}_number"], found[f"{queue.name}_oldest"]) for queue in chosen]


def next_with_something(found: list[Summary], queue: Queue | None) -> Summary | None:
    """The queue to go on with after `queue`: the first one in which something waits."""
    return next((s for s in found if s.queue.name in WAITING and s.number and s.queue is not queue), None)


def query_of(queue: Queue | None = None, kind: str = "", **more) -> str:
    """What stands behind an address of the desk, so that it goes on in the same queue."""
    given = {"queue": queue.name if queue else "", "kind": kind} | more
    query = urlencode({name: value for name, value in given.items() if value})
    return f"?{query}" if query else ""


def card_url(number: int, queue: Queue | None = None, kind: str = "", **more) -> str:
    return reverse("admin:comments_comment_change", args=[number]) + query_of(queue, kind, **more)


def desk_url(queue: Queue, kind: str = "", **more) -> str:
    return reverse("admin:comments_comment_desk", args=[queue.name]) + query_of(None, kind, **more)


def known_kind(value: str | None) -> str:
    """The kind of comment that an address names, or none."""
    return value if value in CommentKind.values else ""
