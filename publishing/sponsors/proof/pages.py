"""Pages of the site with one slot on, as they would be sent. Nothing is stored, and no reader sees them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from publishing.cache import values

from ..models import AdSense, Consent, Slot, Source

CLIENT, UNIT = "ca-pub-0000000000000000", "0000000000"
# Pages that are asked for, until one has the slot.
MOST_PAGES = 60
_LINK = re.compile(r'<a\b[^>]* href="(/[^"?#]*)"')


class Site:
    """Answers requests in this process, as the server does for a reader."""

    def __init__(self):
        address = urlsplit(settings.SITE_URL)
        self._is_secure = address.scheme == "https"
        self._client = Client(raise_request_exception=False, headers={"host": address.netloc})

    def get(self, path: str):
        return self._client.get(path, secure=self._is_secure)

    def html(self, path: str) -> str:
        """Of a page that is there; empty for any other answer."""
        answer = self.get(path)
        is_page = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        return answer.text if is_page else ""

    def page_with(self, slot: Slot) -> str | None:
        """The path of a page that has the slot once it is on, or None."""
        with _only(slot, Source.PREVIEW):
            for path in self._candidates(slot):
                if is_on(slot, self.html(path)):
                    return path
        return None

    def _candidates(self, slot: Slot) -> Iterator[str]:
        if slot.pages:
            yield from slot.pages.splitlines()
            return
        yield "/"
        yield from list(dict.fromkeys(_LINK.findall(self.html("/"))))[:MOST_PAGES]

    def answer(self, path: str, slot: Slot, source: str):
        """The page with the slot, filled by `source`, and no other slot."""
        with _only(slot, source):
            return self.get(path)


def is_on(slot: Slot, html: str) -> bool:
    return f'class="slot slot-{slot.key}"' in html


@contextmanager
def _only(slot: Slot, source: str):
    """In this process and until something changes: AdSense is connected, and all slots but one are off."""
    rows = [Slot(key=row.key) for row in Slot.all_rows() if row.key != slot.key]
    mine = Slot(
        key=slot.key,
        source=source,
        sizes=slot.sizes,
        pages=slot.pages,
        excluded_kinds=slot.excluded_kinds,
        ad_unit=UNIT,
    )
    Slot.pretend([*rows, mine])
    AdSense.pretend(AdSense(client=CLIENT, is_on=True, consent=Consent.OWN))
    try:
        yield
    finally:
        values.CachedValue.clear_all()
