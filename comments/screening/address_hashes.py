"""Where a comment comes from, kept only as a hash that nobody can read once its day's key is destroyed.

The key of a hash is made of a random one, replaced every day (UTC) and destroyed after `WINDOW_DAYS`, and of the
site's SECRET_KEY, so that a copy of the database alone tells nobody an address even while the day's key is kept.
"""

import hmac
import ipaddress
import secrets
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from ..models import NetworkKey

# How long a hash can be compared with: what a ban by address lasts at most.
WINDOW_DAYS = 30
# Of one household or machine, and of its neighbourhood, by version of the protocol.
ONE = {4: 32, 6: 64}
RANGE = {4: 24, 6: 48}
# The widest range that can be banned.
WIDEST = {4: 16, 6: 32}


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


def for_address(address: str, *, lock: bool = True) -> Networks:
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
    return Networks(address, lately[0], hashed(address, RANGE[_version(address)], keys[today]), lately, keys)


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


def hashed(address: str, prefix: int, key: bytes) -> str:
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
    return hashed(address, ONE[_version(address)], key)


def _version(address):
    return 6 if ":" in address else 4
