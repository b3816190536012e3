"""Anonymous readers: their signed cookie, their network address, and the hash that counts a visit."""

import hmac
import ipaddress
import re
import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.utils import timezone

from ..models import VisitorSalt

# Over HTTPS browsers accept a __Host- cookie from this host only, not from others of the domain.
COOKIE = "__Host-reader" if settings.HTTPS else "reader"
# Its name before, replaced at the reader's next write.
OLD_COOKIE = "reader"
COOKIE_SECONDS = 365 * 24 * 60 * 60
KEY_PATTERN = re.compile(r"[0-9a-f]{32}", re.ASCII)
_signer = signing.Signer(salt="publishing.readers")

# Programs that say so. Others count as a reader, once a day for each address.
BOT_PATTERN = re.compile(
    r"bot|crawl|spider|slurp|preview|fetch|monitor|curl|wget|python|httpx|java/|go-http|headless|lighthouse|feed", re.I
)


def known_key(request) -> str | None:
    """The reader's key (32 hexadecimal digits) from a valid cookie, else None."""
    try:
        key = _signer.unsign(request.COOKIES.get(COOKIE) or request.COOKIES.get(OLD_COOKIE, ""))
    except signing.BadSignature:
        return None
    return key if KEY_PATTERN.fullmatch(key) else None


def key_for_write(request) -> str:
    """The reader's key, a new one if the browser has none. Call `remember` with the response."""
    return known_key(request) or secrets.token_hex(16)


def remember(response, key: str) -> None:
    """Set the signed cookie of the reader."""
    if COOKIE != OLD_COOKIE:
        response.delete_cookie(OLD_COOKIE, samesite="Lax")
    response.set_cookie(
        COOKIE, _signer.sign(key), max_age=COOKIE_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def client_address(request) -> str:
    """The normalised address of the browser, IPv4-mapped IPv6 as IPv4; "unknown" if there is none.

    Of X-Forwarded-For, only the entry of the outermost of `TRUSTED_PROXIES` is used.
    """
    candidate = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(forwarded) >= settings.TRUSTED_PROXIES:
            candidate = forwarded[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(candidate.split("%")[0])
    except ValueError:
        return "unknown"
    return str(getattr(address, "ipv4_mapped", None) or address)


def network(request, bits: int = 64) -> str:
    """What rate limits count by: the IPv4 address, or the network of an IPv6 address.

    A provider gives one customer a /64 or, at most, a /48.
    """
    address = client_address(request)
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False)) if ":" in address else address


def recorded_network(request) -> str | None:
    """What is stored of a sign-in: the first address of the /24 (IPv4) or /48 (IPv6); None on a Unix socket."""
    address = client_address(request)
    if address == "unknown":
        return None
    return str(ipaddress.ip_network(f"{address}/{48 if ':' in address else 24}", strict=False).network_address)


def is_bot(request) -> bool:
    """Whether the user agent names a program, or is missing."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    return not agent or bool(BOT_PATTERN.search(agent))


def is_prefetch(request) -> bool:
    purpose = request.META.get("HTTP_SEC_PURPOSE", "") + request.META.get("HTTP_PURPOSE", "")
    return "prefetch" in purpose or "prerender" in purpose


def visitor_hashes(request) -> list[str]:
    """HMAC-SHA-256 of address and user agent under today's salt, and under yesterday's if it is still stored.

    64 hexadecimal digits each. A salt is deleted after a day (UTC); then a hash cannot be linked to a visitor.
    """
    today = timezone.now().date()
    kept = dict(VisitorSalt.objects.filter(day__gte=today - timedelta(days=1)).values_list("day", "salt"))
    if today not in kept:
        VisitorSalt.objects.filter(day__lt=today - timedelta(days=1)).delete()
        VisitorSalt.objects.bulk_create([VisitorSalt(day=today, salt=secrets.token_bytes(32))], ignore_conflicts=True)
        kept[today] = VisitorSalt.objects.get(day=today).salt
    seen = f"{client_address(request)}\n{request.META.get('HTTP_USER_AGENT', '')}".encode("utf-8", "replace")
    return [hmac.new(bytes(kept[day]), seen, sha256).hexdigest() for day in sorted(kept, reverse=True)]
