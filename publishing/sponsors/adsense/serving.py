"""AdSense on readers' pages: which slots it fills, and the headers of the pages that have one.

A page without such a slot keeps the strict policy. One with a slot lets scripts run by hash instead of by origin: a
nonce would be another one for each reader, and the page would not be cacheable. What Google's script needs is allowed
because our loader, which has a hash, inserts it ('strict-dynamic').
"""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

from publishing.paths import is_staff_space

from ..models import AdSense, Consent, Source

UNIT = b"<div data-unit="
# One that is a file: data for machines are between the tags.
_SCRIPT = re.compile(r"<script\b([^>]*)></script>\n?")
_SOURCE = re.compile(r'\bsrc="([^"]+)"')
# Starts the modules of a page: by the hash of a module alone, what it imports would be refused.
_STARTER = "js/modules.js"
HEADERS = {
    # Frames of others say nothing of how they may be embedded.
    "Cross-Origin-Embedder-Policy": "unsafe-none",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
}


def is_connected() -> bool:
    """Whether readers may be asked and then get advertisements of Google. No query while nothing has changed."""
    row = AdSense.current()
    return row.is_on and bool(row.client) and row.consent != Consent.NONE


def unit(request, slot) -> str:
    """The ad unit that fills a slot on this page once its reader has agreed; empty if AdSense does not fill it."""
    if slot.source != Source.ADSENSE or not slot.ad_unit or not is_connected() or is_staff_space(request):
        return ""
    request.has_ad_units = True
    return slot.ad_unit


def finish(request, response) -> None:
    """Give a response with a slot of AdSense its policy. Call it when the response is rendered."""
    if not getattr(request, "has_ad_units", False) or response.streaming or UNIT not in response.content:
        return
    html, hashes = _by_hash(response.content.decode())
    response.content = html.encode()
    response._csp_replace = policy(hashes)
    for name, value in HEADERS.items():
        response.headers[name] = value


def policy(hashes) -> dict:
    """What the policy of a page with advertisements has in the place of the strict one's."""
    others = ["https:", *_other_origins()]
    return {
        "script-src": [*(f"'{each}'" for each in hashes), "'strict-dynamic'"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", *others],
        "connect-src": [SELF, *others],
        "frame-src": others,
        "require-trusted-types-for": None,
        "trusted-types": None,
    }


def _other_origins() -> list[str]:
    """That of a script that is not served by HTTPS, as on a machine for tests."""
    parts = urlsplit(settings.ADSENSE_SCRIPT_URL)
    return [] if parts.scheme == "https" else [f"{parts.scheme}://{parts.netloc}"]


def _by_hash(html: str) -> tuple[str, list[str]]:
    """The page with the hash of each script on it; its modules are started by a script that has one."""
    modules, hashes = [], []

    def with_hash(attributes: str) -> str:
        hashes.append(digest := _digest(_SOURCE.search(attributes)[1]))
        return f'<script integrity="{digest}"{attributes}></script>\n'

    def replaced(found: re.Match) -> str:
        attributes = found[1]
        if 'type="module"' not in attributes:
            return with_hash(attributes)
        modules.append(_SOURCE.search(attributes)[1])
        return ""

    start, end = _SCRIPT.sub(replaced, html).rsplit("</body>", 1)
    starter = with_hash(f' src="{static(_STARTER)}" data-modules="{" ".join(dict.fromkeys(modules))}"')
    return f"{start}{starter}</body>{end}", list(dict.fromkeys(hashes))


def _digest(address: str) -> str:
    name = urlsplit(address).path.removeprefix(settings.STATIC_URL)
    return _digest_now(name) if settings.DEBUG else _kept_digest(name)


def _digest_now(name: str) -> str:
    path = Path(staticfiles_storage.path(name)) if settings.STATIC_ROOT else None
    if path is None or not path.exists():
        path = Path(finders.find(name))
    return f"sha256-{b64encode(sha256(path.read_bytes()).digest()).decode()}"


_kept_digest = lru_cache(maxsize=100)(_digest_now)
