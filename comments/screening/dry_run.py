"""What a rule would have changed: the last decisions, looked at once more with the rule in place. Stores nothing.

Each of these reads the decisions in two queries, however many there are.
"""

import ipaddress
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ..models import Ban, Comment, ModerationEntry, Status, Word
from . import bans, checks

# How many decisions are looked at, latest first.
DECISIONS = 1000
# Of approved comments that would have been caught, so many are shown in full.
SHOWN = 50
# A range that holds more networks than this cannot be told from the hashes that are kept.
MOST_NETWORKS = 256


@dataclass
class Caught:
    """One approved comment that the rule would have kept back, with the places that it points to."""

    comment: Comment
    holds: list[checks.Hold]

    @property
    def name(self) -> list[checks.MarkedText]:
        return checks.highlight(self.comment.name, self.holds, "name")

    @property
    def body(self) -> list[checks.MarkedText]:
        return checks.highlight(self.comment.body, self.holds, "body")


@dataclass
class Effect:
    """What a rule would have done among `looked_at` decisions."""

    looked_at: int = 0
    # How many it would have caught, by what was decided about them.
    caught: Counter = field(default_factory=Counter)
    # The latest of the approved ones, at most `SHOWN`.
    wrongly: list[Caught] = field(default_factory=list)
    # How many the rule as it was until now catches, and would not any more.
    let_go: int = 0
    # What could not be looked at, in words.
    unknown: str = ""

    @property
    def total(self) -> int:
        return self.caught.total()

    @property
    def approved(self) -> int:
        return self.caught[Status.APPROVED]

    @property
    def not_shown(self) -> int:
        return self.approved - len(self.wrongly)

    @property
    def by_state(self) -> list[tuple[str, int]]:
        return [(status.label.lower(), self.caught[status]) for status in Status if self.caught[status]]


Finds = Callable[[Comment], list[checks.Hold]]


def of_word(word: Word, before: Word | None = None) -> Effect:
    """What looking for `word` would have changed, which until now is listed as `before`."""
    return _compare(_finds_word(word), before and _finds_word(before))


def of_links(links_held: int, before: int) -> Effect:
    """What holding comments with `links_held` links would have changed, while until now it is `before`."""
    return _compare(_finds_links(links_held), _finds_links(before))


def of_ban(ban: Ban, network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None) -> Effect:
    """Whose comments this ban would have kept out. Of a range that was typed, `network` tells more than its hash."""
    hashes = hashes_in(network) if network else {ban.value}
    by_banned = {
        Ban.Kind.READER: lambda comment: comment.reader == ban.value,
        Ban.Kind.EMAIL: lambda comment: comment.notify and ban.value in bans.hashed_emails(comment.notify.email),
        Ban.Kind.NETWORK: lambda comment: {comment.network, comment.network_range} & (hashes or set()),
    }[Ban.Kind(ban.kind)]
    hold = checks.Hold("ban", "Its writer would be banned.")
    outcome = _compare(lambda comment: [hold] if by_banned(comment) else [])
    if hashes is None:
        outcome.unknown = "This range is too large to compare with past comments."
    return outcome


def _decided() -> list[Comment]:
    """The comments of the latest decisions that left a comment behind, each once, latest first. Two queries."""
    entries = ModerationEntry.objects.filter(
        comment__isnull=False, new_status__in=[Status.APPROVED, Status.REJECTED, Status.SPAM, Status.REMOVED]
    )
    numbers = entries.order_by("-created_at", "-pk").values_list("comment_id", flat=True)[:DECISIONS]
    numbers = list(dict.fromkeys(numbers))
    fields = [
        "name", "body", "status", "created_at", "article__title", "article__slug", "reader", "network",
        "network_range", "notify__email",
    ]  # fmt: skip
    found = Comment.objects.filter(erased_at=None).exclude(status=Status.PENDING)
    found = found.select_related("article", "notify").only(*fields).in_bulk(numbers)
    return [found[number] for number in numbers if number in found]


def _compare(finds: Finds, found_before: Finds | None = None) -> Effect:
    outcome = Effect()
    for comment in _decided():
        outcome.looked_at += 1
        holds, before = finds(comment), found_before(comment) if found_before else []
        outcome.let_go += bool(before) and not holds
        if holds and not before:
            outcome.caught[comment.status] += 1
            if comment.status == Status.APPROVED and len(outcome.wrongly) < SHOWN:
                outcome.wrongly.append(Caught(comment, holds))
    return outcome


def _finds_word(word):
    lexicon = checks.lexicon_of([word])
    return lambda comment: checks.words_in(comment, lexicon)


def _finds_links(number):
    return lambda comment: checks.links_in(comment.body, number)


def hashes_in(network) -> set[str] | None:
    """What comments from `network` carry, under every key that is left; None if those would be too many. One query."""
    one, around = bans.ONE[network.version], bans.RANGE[network.version]
    prefix = around if network.prefixlen <= around else one
    if 2 ** (prefix - network.prefixlen) > MOST_NETWORKS:
        return None
    places = [str(place.network_address) for place in network.subnets(new_prefix=prefix)]
    return {bans.hash_address(place, prefix, key) for key in bans.live_keys().values() for place in places}
