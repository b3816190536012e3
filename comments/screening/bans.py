"""Who cannot comment for a time: a reader, an e-mail address, a range of addresses; and the hashes of addresses.

A hash is made with a random key, replaced every day (UTC) and deleted after `WINDOW_DAYS`, and with SECRET_KEY: a copy
of the database alone tells no address, and once its key is deleted a hash means nothing.
"""

import hmac
import ipaddress
import secrets
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing.cache import generations
from publishing.text import mailboxes
from publishing.web.refusals import Refused

from ..models import Ban, Comment, EmailAddress, NetworkKey
from ..models.draft import Sender

# How long a hash can be compared with: what a ban by address lasts at most.
WINDOW_DAYS = 30
# Of one household or machine, and of its neighbourhood, by version of the protocol.
ONE = {4: 32, 6: 64}
RANGE = {4: 24, 6: 48}
# The widest range that can be banned.
WIDEST = {4: 16, 6: 32}
# What the hashes of banned e-mail addresses are made for (publishing.text.mailboxes).
PURPOSE = "comments.bans"
# An address on the network of IPv4 that is written as one of IPv6.
_MAPPED = ipaddress.ip_network("::ffff:0:0/96")


# --- networks, as hashes ---


class Networks(NamedTuple):
    """One sender's hashes under today's key, and the keys to make others."""

    address: str
    network: str
    network_range: str
    # The hashes of `network` under the keys that the last 24 hours can have had.
    lately: list[str]
    keys: dict[date, bytes]

    @property
    def is_known(self) -> bool:
        """Whether the server was told an address: where it was not, everybody has the same hash."""
        return not self.network.startswith("0/0:")

    def in_window(self) -> list[str]:
        """The hashes of `network` under every key that is left."""
        return [hash_of_one(self.address, key) for key in self.keys.values()]


def networks_of(address: str, *, lock: bool = True) -> Networks:
    """The hashes of `address`; with `lock`, in a transaction in which nobody else stores a comment until it ends.

    What it locks are the rows of the keys: that makes limits and the search for duplicates exact. Destroys keys that
    are past the window. One query; on the first comment of a day, four.
    """
    today = timezone.now().date()
    keys = live_keys(lock=lock)
    if today not in keys:
        make_key(today)
        keys = live_keys(lock=lock)
    days = (today, today - timedelta(days=1))
    lately = [hash_of_one(address, keys[day]) for day in days if day in keys]
    return Networks(address, lately[0], hash_address(address, RANGE[_version(address)], keys[today]), lately, keys)


def make_key(day: date) -> None:
    """Make the key of `day` unless there is one, and destroy those that are past the window. Two queries."""
    destroy_old_keys()
    NetworkKey.objects.bulk_create([NetworkKey(day=day, key=secrets.token_bytes(32))], ignore_conflicts=True)


def live_keys(*, lock: bool = False) -> dict[date, bytes]:
    """The keys of the days within the window. One query."""
    first = timezone.now().date() - timedelta(days=WINDOW_DAYS)
    rows = NetworkKey.objects.filter(day__gt=first).order_by("day")
    rows = rows.select_for_update() if lock else rows
    return {day: bytes(key) for day, key in rows.values_list("day", "key")}


def destroy_old_keys() -> int:
    """Destroy the keys past the window, and with them the meaning of every hash they made. One query."""
    return NetworkKey.objects.filter(day__lte=timezone.now().date() - timedelta(days=WINDOW_DAYS)).delete()[0]


def next_destruction() -> date | None:
    """The day on which the oldest key is destroyed; None while there is no key. One query."""
    oldest = NetworkKey.objects.order_by("day").values_list("day", flat=True).first()
    return oldest and max(destroyed_on(oldest), timezone.now().date())


def destroyed_on(day: date) -> date:
    """The day on which the key of `day` is destroyed."""
    return day + timedelta(days=WINDOW_DAYS)


def hash_address(address: str, prefix: int, key: bytes) -> str:
    """ "4/24:" and 40 hexadecimal digits for the range of `prefix` bits around `address`, under `key`.

    What is no address counts as one place, "0/0:…".
    """
    try:
        network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    except ValueError:
        kind, network = "0/0", "unknown"
    else:
        kind = f"{network.version}/{network.prefixlen}"
    secret = hmac.new(settings.SECRET_KEY.encode(), key, sha256).digest()
    return f"{kind}:{hmac.new(secret, str(network).encode(), sha256).hexdigest()[:40]}"


def hash_of_one(address: str, key: bytes) -> str:
    """The hash of the /32 or /64 that `address` is in."""
    return hash_address(address, ONE[_version(address)], key)


def _version(address):
    return 6 if ":" in address else 4


# --- who is banned ---


class Banned(Refused):
    """This sender cannot comment."""


_active = generations.CachedValue(
    lambda: list(Ban.objects.filter(expires_at=None) | Ban.objects.filter(expires_at__gt=timezone.now()))
)


def until(moment: datetime | None) -> str:
    """When a ban ends, to be put behind "banned": " until 9 April 2026", or nothing for one without an end."""
    return f" until {timezone.localtime(moment):%-d %B %Y}" if moment else ""


def refuse(sender, email: str, keys: dict[date, bytes]) -> None:
    """Raise `Banned` for somebody who is. No query while nothing has changed; one if an e-mail address is banned."""
    now = timezone.now()
    active = [ban for ban in _active.get() if ban.expires_at is None or ban.expires_at > now]
    if ban := matching(sender, email, keys, active):
        raise Banned(f"You cannot comment here{until(ban.expires_at)}. Nothing was saved. Your text is below.")


def matching(sender, email: str, keys: dict[date, bytes], bans: list[Ban]) -> Ban | None:
    """The first of `bans` that is about this sender. `keys` are those of the days, of which a destroyed one is none.

    One query if one of them is about an e-mail address, which is compared with all that this browser ever gave.
    """
    asks_emails = any(ban.kind == Ban.Kind.EMAIL for ban in bans)
    emails = _hashes_of(sender, email) if asks_emails else set()
    seen = {}
    for ban in bans:
        if ban.kind == Ban.Kind.NETWORK:
            if ban.day not in keys:
                continue
            place = ban.day, prefix_of(ban)
            if place not in seen:
                seen[place] = hash_address(sender.address, place[1], keys[ban.day])
            if seen[place] == ban.value:
                return ban
        elif ban.value in (emails if ban.kind == Ban.Kind.EMAIL else (sender.reader,)):
            return ban
    return None


def _hashes_of(sender, email):
    """Of the address that is given now, and of those given before: leaving it out makes nobody else of a browser."""
    given = {email} if email else set()
    if sender.reader:
        given.update(EmailAddress.objects.filter(reader=sender.reader).values_list("email", flat=True))
    return {value for address in given for value in hashed_emails(address)}


def prefix_of(ban: Ban) -> int:
    """How many bits of the address a ban of a network is about."""
    return int(ban.value.split(":")[0].split("/")[1])


def hashed_emails(email: str) -> list[str]:
    """What a ban of this e-mail address can be known by: its mailbox under SECRET_KEY first."""
    return mailboxes.hashes(email, PURPOSE) + mailboxes.former_hashes(email, PURPOSE)


# --- whom a ban can be about: each of these gives an unsaved one ---


def of_comment(comment: Comment, kind: str, *, wide: bool = False) -> Ban:
    """A ban of who wrote `comment`: of its reader, e-mail address or network, or the `wide` one around that.

    Raises ValueError, in words, when nothing of the kind is known of it.
    """
    writer = f"comment {comment.pk}"
    if kind == Ban.Kind.READER and comment.reader:
        return Ban(kind=kind, value=comment.reader, label=f"The browser that wrote {writer}")
    if kind == Ban.Kind.EMAIL and comment.notify_id:
        return Ban(kind=kind, value=hashed_emails(comment.notify.email)[0], label=f"The e-mail address of {writer}")
    if kind == Ban.Kind.NETWORK:
        value = comment.network_range if wide else comment.network
        day = comment.created_at.astimezone(UTC).date()
        if value.startswith("0/0:"):
            raise ValueError("The address of this comment is not known.")
        if value and destroyed_on(day) > timezone.now().date():
            size = value.split(":")[0].split("/")[1]
            return Ban(kind=kind, value=value, day=day, label=f"The address of {writer}, /{size}")
        raise ValueError("The address of this comment is no longer known.")
    raise ValueError("Nothing is stored that identifies this writer.")


def of_email(email: str) -> Ban:
    return Ban(kind=Ban.Kind.EMAIL, value=hashed_emails(email)[0], label="An e-mail address")


def of_range(network: ipaddress.IPv4Network | ipaddress.IPv6Network, *, to_store: bool) -> Ban:
    """A ban of a range of addresses from now until today's key is destroyed; the key is made only if it is `to_store`.

    Two queries at most, or five on a day without a key.
    """
    day = timezone.now().date()
    keys = _key_to_come() | live_keys()
    if to_store and not keys[day]:
        make_key(day)
        keys = live_keys()
    value = hash_address(str(network.network_address), network.prefixlen, keys[day])
    label = f"An IPv{network.version} range, /{network.prefixlen}"
    return Ban(kind=Ban.Kind.NETWORK, value=value, day=day, label=label)


def _key_to_come():
    """What stands for today's key, as long as nothing is stored, on a day on which nobody has written yet."""
    return {timezone.now().date(): b""}


def normal_range(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """The range that a moderator typed, host bits cleared. Raises ValueError, in words, for what cannot be banned.

    One address of IPv6 stands for its /64, which one machine has to itself.
    """
    text = text.strip()
    address, slash, prefix = text.partition("/")
    try:
        version = ipaddress.ip_address(address.split("%")[0]).version
        network = ipaddress.ip_network(f"{address.split('%')[0]}{slash}{prefix}", strict=False)
    except ValueError as error:
        if slash and prefix.isdigit() and address:
            raise ValueError("The prefix length is at most 32 for IPv4 and 128 for IPv6.") from error
        raise ValueError("Enter an IP address or range, such as 203.0.113.0/24 or 2001:db8::/48.") from error
    if version == 6 and network.subnet_of(_MAPPED):
        mapped = ipaddress.ip_address(network.network_address).ipv4_mapped
        network = ipaddress.ip_network(f"{mapped}/{network.prefixlen - 96}", strict=False)
    if network.prefixlen < WIDEST[network.version]:
        raise ValueError(f"This range is too wide: /{WIDEST[network.version]} is the widest for IPv{network.version}.")
    narrowest = ONE[network.version]
    return network.supernet(new_prefix=narrowest) if network.prefixlen > narrowest else network


# --- setting one ---


def latest_end(day: date) -> datetime:
    """The moment at which a ban of an address seen on `day` ends at the latest: its key is destroyed then."""
    return datetime.combine(destroyed_on(day), time.min, UTC)


def is_about(ban: Ban, sender: Sender, email: str = "") -> bool:
    """Whether `ban` would keep this sender out: to be asked before moderators ban themselves. One query."""
    keys = _key_to_come() | live_keys() if ban.kind == Ban.Kind.NETWORK else {}
    return matching(sender, email, keys, [ban]) is not None


def validate_end(ban: Ban) -> None:
    """Give a ban of a network its end if it has none. Raises ValidationError for one in the past or past the key."""
    if ban.expires_at and ban.expires_at <= timezone.now():
        raise ValidationError({"expires_at": "This time is in the past. Choose a later time."})
    if ban.kind == Ban.Kind.NETWORK:
        latest = latest_end(ban.day)
        ban.expires_at = ban.expires_at or latest
        if ban.expires_at > latest:
            moment = timezone.localtime(latest).strftime("%-d %B %Y, %H:%M")
            raise ValidationError(
                {"expires_at": f"This ends on {moment} at the latest, because its hash key is deleted then."}
            )


def existing(ban: Ban) -> Ban | None:
    """The ban of the same that holds already. One query."""
    found = Ban.objects.filter(kind=ban.kind, value=ban.value).exclude(pk=ban.pk).first()
    return found if found and (found.expires_at is None or found.expires_at > timezone.now()) else None


def impose(ban: Ban, by) -> None:
    """Store a new ban, instead of one of the same that is over."""
    with transaction.atomic():
        Ban.objects.filter(kind=ban.kind, value=ban.value).delete()
        ban.created_by = by
        ban.save()
