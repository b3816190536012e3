"""What a new rule would have changed in past decisions. Stores nothing; two queries for all of them."""

import ipaddress
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ..models import Ban, Comment, ModerationEntry, Status, Word
from . import bans, checks

# How many decisions are read, latest first.
DECISIONS = 1000
# How many of the approved comments that it would have caught are shown.
SHOWN = 50
# The hashes of a range with more networks than this are not computed.
MOST_NETWORKS = 256


class Caught(NamedTuple):
    comment: Comment
    name: list[checks.MarkedText]
    body: list[checks.MarkedText]


@dataclass
class Effect:
    """What a rule would have changed in `looked_at` decisions."""

    looked_at: int = 0
    # How many it would have caught, by state.
    caught: Counter = field(default_factory=Counter)
    # The latest of the approved ones, at most `SHOWN`.
    wrongly: list[Caught] = field(default_factory=list)
    # How many only the rule as it is now catches.
    let_go: int = 0
    # Why nothing could be compared.
    unknown: str = ""

    @property
    def total(self) -> int:
        return self.caught.total()

    @property
    def not_shown(self) -> int:
        return self.caught[Status.APPROVED] - len(self.wrongly)

    @property
    def states(self) -> str:
        """ "2 approved, 1 rejected"."""
        return ", ".join(f"{self.caught[status]} {status.inside}" for status in Status if self.caught[status])


Finds = Callable[[Comment], list[checks.Hold]]


def of_word(word: Word, before: Word | None = None) -> Effect:
    """The effect of listing `word`, which is now listed as `before`."""
    return _compare(_finds_word(word), before and _finds_word(before))


def of_links(links_held: int, before: int) -> Effect:
    """The effect of holding comments with `links_held` links, now `before`."""
    return _compare(lambda one: checks.links_in(one.body, links_held), lambda one: checks.links_in(one.body, before))


def of_ban(ban: Ban, network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None) -> Effect:
    """The effect of a ban; `network` is the typed range, of which the ban has only a hash."""
    hashes = hashes_in(network) if network else {ban.value}
    by_banned = {
        Ban.Kind.READER: lambda comment: comment.reader == ban.value,
        Ban.Kind.EMAIL: lambda comment: comment.notify and ban.value in bans.hashed_emails(comment.notify.email),
        Ban.Kind.NETWORK: lambda comment: {comment.network, comment.network_range} & (hashes or set()),
    }[Ban.Kind(ban.kind)]
    hold = checks.Hold("ban", gettext_noop("Its writer would be banned."))
    effect = _compare(lambda comment: [hold] if by_banned(comment) else [])
    if hashes is None:
        effect.unknown = _("This range is too large to compare with past comments.")
    return effect


def _decided() -> list[Comment]:
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
    effect = Effect()
    for comment in _decided():
        effect.looked_at += 1
        holds, before = finds(comment), found_before(comment) if found_before else []
        effect.let_go += bool(before) and not holds
        if holds and not before:
            effect.caught[comment.status] += 1
            if comment.status == Status.APPROVED and len(effect.wrongly) < SHOWN:
                parts = [checks.highlight(getattr(comment, field), holds, field) for field in ("name", "body")]
                effect.wrongly.append(Caught(comment, *parts))
    return effect


def _finds_word(word):
    return partial(checks.words_in, lexicon=checks.lexicon_of([word]))


def hashes_in(network) -> set[str] | None:
    """The hashes of `network` under every stored key; None if there would be too many. One query."""
    one, around = bans.ONE[network.version], bans.RANGE[network.version]
    prefix = around if network.prefixlen <= around else one
    if 2 ** (prefix - network.prefixlen) > MOST_NETWORKS:
        return None
    places = [str(place.network_address) for place in network.subnets(new_prefix=prefix)]
    return {bans.hash_address(place, prefix, key) for key in bans.live_keys().values() for place in places}
