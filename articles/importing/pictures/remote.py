"""Pictures of other hosts, got through the client that reaches only the public internet."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from publishing.outbound import client
from publishing.transfer.notes import Refused

from ...models.picture_files import MOST_BYTES

KINDS = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/svg+xml", "image/jpg")
# A host that so often in a row gave nothing is not asked again.
MOST_FAILURES = 5


class Remote:
    """Gets pictures, and remembers hosts that give none."""

    def __init__(self):
        self._failures: dict[str, int] = {}

    def fetch(self, url: str) -> bytes:
        """Raises Refused with the reason. Up to `client.DEADLINE` seconds."""
        try:
            host = urlsplit(url).netloc.lower()
        except ValueError as error:
            raise Refused(_("it is no valid address")) from error
        if self._failures.get(host, 0) >= MOST_FAILURES:
            raise Refused(_("its server gave none of the pictures before it"))
        address = f"https:{url}" if url.startswith("//") else url
        try:
            body = client.fetch(address, kinds=KINDS, most_bytes=MOST_BYTES, user_agent=_user_agent()).body
        except client.NotFetched as error:
            self._failures[host] = self._failures.get(host, 0) + 1
            raise Refused(str(error).rstrip(".")) from error
        self._failures.pop(host, None)
        return body


def _user_agent() -> str:
    return f"Mozilla/5.0 (compatible; import of pictures; +{settings.SITE_URL})"
