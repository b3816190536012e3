"""Who cannot comment for a time: a reader, an e-mail address, a range of addresses; and the hashes of addresses.

A hash is made with a random key, replaced every day (UTC) and deleted after `WINDOW_DAYS`, and with SECRET_KEY: a copy
of the database alone tells no address, and once its key is deleted a hash means nothing.
"""

import hmac
import ipaddress
import secrets
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateField, Q
from django.utils import timezone
from django.utils.translation import gettext

from publishing.cache import values
from publishing.database.prepared import Parameter, Prepared
from publishing.text import mailboxes
from publishing.text.moments import in_words
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
        """False if the server was not told an address: all such senders have the same hash."""
        return not self.network.startswith("0/0:")

    def in_window(self) -> list[str]:
        """The hashes of `network` under every key that is left."""
        return [hash_of_one(self.address, key) for key in self.keys.values()]


def networks_of(address: str, *, lock: bool = True) -> Networks:
    """The hashes of `address`. With `lock`, the rows of the keys stay locked until the transaction ends, which makes
    limits and the search for duplicates exact. Deletes expired keys."""
    today, keys = timezone.now().date(), keys_with_today(lock=lock)
    days = (today, today - timedelta(days=1))
    lately = [hash_of_one(address, keys[day]) for day in days if day in keys]
    return Networks(address, lately[0], hash_address(address, RANGE[_version(address)], keys[today]), lately, keys)


def make_key(day: date) -> None:
    """Make the key of `day` unless there is one, and delete expired ones."""
    old_keys().delete()
    NetworkKey.objects.bulk_create([NetworkKey(day=day, key=secrets.token_bytes(32))], ignore_conflicts=True)


def keys_with_today(*, lock: bool = False) -> dict[date, bytes]:
    """`live_keys`, with today's made if there was none. One query; for the first comment of a day, four."""
    today, keys = timezone.now().date(), live_keys(lock=lock)
    if today not in keys:
        make_key(today)
        keys = live_keys(lock=lock)
    return keys


def live_keys(*, lock: bool = False) -> dict[date, bytes]:
    first = timezone.now().date() - timedelta(days=WINDOW_DAYS)
    return {day: bytes(key) for day, key in _keys_after(lock=lock)(first=first)}


@cache
def _keys_after(*, lock: bool) -> Prepared:
    rows = NetworkKey.objects.filter(day__gt=Parameter("first", DateField())).order_by("day")
    return Prepared((rows.select_for_update() if lock else rows).values_list("day", "key"))


def old_keys():
    """The expired keys. Once they are deleted, the hashes that they made mean nothing."""
    return NetworkKey.objects.filter(day__lte=timezone.now().date() - timedelta(days=WINDOW_DAYS))


def next_destruction() -> date | None:
    """The day on which the oldest key is destroyed; None while there is no key. One query."""
    oldest = NetworkKey.objects.order_by("day").values_list("day", flat=True).first()
    return oldest and max(destroyed_on(oldest), timezone.now().date())


def destroyed_on(day: date) -> date:
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
    return hash_address(address, ONE[_version(address)], key)


def _version(address):
    return 6 if ":" in address else 4


# --- who is banned ---


class Banned(Refused):
    """This sender cannot comment."""


def _in_force():
    return Ban.objects.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


_active = values.CachedValue(lambda: list(_in_force()), names=("bans",))


def refuse(sender, email: str, keys: dict[date, bytes]) -> None:
    """Raise `Banned` for a banned sender. No query while nothing has changed; one if an e-mail address is banned."""
    now = timezone.now()
    active = [ban for ban in _active.get() if ban.expires_at is None or ban.expires_at > now]
    if ban := matching(sender, email, keys, active):
        if ban.expires_at:
            # Translators: for readers.
            sentence = gettext("You cannot comment here until %(day)s. Nothing was saved. Your text is below.")
            raise Banned(sentence % {"day": in_words(timezone.localtime(ban.expires_at), "day")})
        # Translators: for readers.
        raise Banned(gettext("You cannot comment here. Nothing was saved. Your text is below."))


def matching(sender, email: str, keys: dict[date, bytes], bans: list[Ban]) -> Ban | None:
    """The first of `bans` that is about this sender. `keys` are those of the days; a deleted key matches nothing.

    One query if one of them is about an e-mail address, which is compared with all that this browser ever gave.
    """
    known = {Ban.Kind.READER: {sender.reader}}
    if any(ban.kind == Ban.Kind.EMAIL for ban in bans):
        emails = {email} - {""}
        if sender.reader:
            emails |= set(EmailAddress.objects.filter(reader=sender.reader).values_list("email", flat=True))
        known[Ban.Kind.EMAIL] = {value for address in emails for value in hashed_emails(address)}
    hash_once = cache(hash_address)
    for ban in bans:
        if ban.kind != Ban.Kind.NETWORK:
            is_match = ban.value in known[ban.kind]
        else:
            is_match = ban.day in keys and ban.value == hash_once(sender.address, prefix_of(ban), keys[ban.day])
        if is_match:
            return ban
    return None


def prefix_of(ban: Ban) -> int:
    return int(ban.value.split(":")[0].split("/")[1])


def hashed_emails(email: str) -> list[str]:
    """The values that a ban of this e-mail address can have: the hash under SECRET_KEY first."""
    return mailboxes.hashes(email, PURPOSE) + mailboxes.former_hashes(email, PURPOSE)


# --- new bans, not saved ---


def of_comment(comment: Comment, kind: str, *, wide: bool = False) -> Ban:
    """A ban of the writer of `comment`: of its reader, e-mail address or network, or the `wide` one around that.

    Raises ValueError with a message when that is not stored.
    """
    writer = {"number": comment.pk}
    if kind == Ban.Kind.READER and comment.reader:
        label = gettext("The browser that wrote comment %(number)s") % writer
        return Ban(kind=kind, value=comment.reader, label=label)
    if kind == Ban.Kind.EMAIL and comment.notify_id:
        label = gettext("The e-mail address of comment %(number)s") % writer
        return Ban(kind=kind, value=hashed_emails(comment.notify.email)[0], label=label)
    if kind == Ban.Kind.NETWORK:
        value = comment.network_range if wide else comment.network
        day = comment.created_at.astimezone(UTC).date()
        if value.startswith("0/0:"):
            raise ValueError(gettext("The address of this comment is not known."))
        if value and destroyed_on(day) > timezone.now().date():
            ban = Ban(kind=kind, value=value, day=day)
            facts = writer | {"prefix": prefix_of(ban)}
            ban.label = gettext("The address of comment %(number)s, /%(prefix)s") % facts
            return ban
        raise ValueError(gettext("The address of this comment is no longer known."))
    raise ValueError(gettext("Nothing is stored that identifies this writer."))


def of_email(email: str) -> Ban:
    return Ban(kind=Ban.Kind.EMAIL, value=hashed_emails(email)[0], label=gettext("An e-mail address"))


def of_range(network: ipaddress.IPv4Network | ipaddress.IPv6Network, *, to_store: bool) -> Ban:
    """A ban of a range until today's key is deleted; the key is made only if it is `to_store`."""
    day = timezone.now().date()
    keys = keys_with_today() if to_store else _key_to_come() | live_keys()
    value = hash_address(str(network.network_address), network.prefixlen, keys[day])
    facts = {"version": network.version, "prefix": network.prefixlen}
    label = gettext("An IPv%(version)s range, /%(prefix)s") % facts
    return Ban(kind=Ban.Kind.NETWORK, value=value, day=day, label=label)


def _key_to_come():
    """A placeholder for today's key on a day on which no one has commented yet."""
    return {timezone.now().date(): b""}


def normal_range(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """The range that a moderator typed, without host bits. Raises ValueError with a message.

    An address of IPv6 becomes its /64, which one machine has to itself.
    """
    address, slash, prefix = text.strip().partition("/")
    try:
        network = ipaddress.ip_network(f"{address.split('%')[0]}{slash}{prefix}", strict=False)
    except ValueError as error:
        if slash and prefix.isdigit() and address:
            raise ValueError(gettext("The prefix length is at most 32 for IPv4 and 128 for IPv6.")) from error
        such_as = gettext("Enter an IP address or range, such as 203.0.113.0/24 or 2001:db8::/48.")
        raise ValueError(such_as) from error
    if network.version == 6 and network.subnet_of(_MAPPED):
        network = ipaddress.ip_network(f"{network.network_address.ipv4_mapped}/{network.prefixlen - 96}", strict=False)
    if network.prefixlen < WIDEST[network.version]:
        facts = {"widest": WIDEST[network.version], "version": network.version}
        raise ValueError(gettext("This range is too wide: /%(widest)s is the widest for IPv%(version)s.") % facts)
    narrowest = ONE[network.version]
    return network.supernet(new_prefix=narrowest) if network.prefixlen > narrowest else network


# --- saving a ban ---


def is_about(ban: Ban, sender: Sender, email: str = "") -> bool:
    keys = _key_to_come() | live_keys() if ban.kind == Ban.Kind.NETWORK else {}
    return matching(sender, email, keys, [ban]) is not None


def validate_end(ban: Ban) -> None:
    """Give a ban of a network its end if it has none. Raises ValidationError for one in the past or past the key."""
    if ban.expires_at and ban.expires_at <= timezone.now():
        raise ValidationError({"expires_at": gettext("This time is in the past. Choose a later time.")})
    if ban.kind == Ban.Kind.NETWORK:
        latest = datetime.combine(destroyed_on(ban.day), time.min, UTC)
        ban.expires_at = ban.expires_at or latest
        if ban.expires_at > latest:
            moment = in_words(timezone.localtime(latest), "minute")
            ends = gettext("This ends on %(moment)s at the latest, because its hash key is deleted then.")
            raise ValidationError({"expires_at": ends % {"moment": moment}})


def existing(ban: Ban) -> Ban | None:
    """Another ban of the same that is in force. One query."""
    return _in_force().filter(kind=ban.kind, value=ban.value).exclude(pk=ban.pk).first()


def impose(ban: Ban, by) -> None:
    """Store a new ban in place of an ended one of the same."""
    with transaction.atomic():
        Ban.objects.filter(kind=ban.kind, value=ban.value).delete()
        ban.created_by = by
        ban.save()
