"""Asks Akismet whether a comment is spam, if a key is set; `_facts` is what is sent."""

import logging
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 3
# "true", "false" or "invalid" with a word of explanation.
_ANSWER_BYTES = 200
_HEADER_LENGTH = 1000


class Unreachable(Exception):
    """Akismet gave no usable answer."""


def is_spam(article, draft, sender) -> bool:
    """What Akismet says of an unsaved comment. Waits `TIMEOUT_SECONDS`, or twice that for a slow response.

    Raises `Unreachable` for any answer but yes or no.
    """
    try:
        answer = _post(settings.AKISMET_URL, _facts(article, draft, sender))
    except (OSError, HTTPException, ValueError) as error:
        logger.warning("Akismet does not answer: %s", error)
        raise Unreachable from error
    if answer not in ("true", "false"):
        logger.warning("Akismet answers %r", answer)
        raise Unreachable
    return answer == "true"


def _facts(article, draft, sender) -> dict[str, str]:
    """The fields of the request; empty ones are sent, too."""
    page = settings.SITE_URL + article.get_absolute_url()
    return {
        "api_key": settings.AKISMET_KEY,
        "blog": settings.SITE_URL,
        "blog_charset": "UTF-8",
        "blog_lang": settings.LANGUAGE_CODE,
        "user_ip": sender.address,
        "user_agent": sender.user_agent[:_HEADER_LENGTH],
        "referrer": sender.referrer[:_HEADER_LENGTH],
        "permalink": page,
        "comment_type": "reply" if draft.parent else "comment",
        "comment_author": draft.name,
        "comment_author_email": draft.email,
        "comment_content": draft.body,
        "comment_date_gmt": timezone.now().isoformat(timespec="seconds"),
    }


def _post(url, fields) -> str:
    """The text that comes back with status 200; follows no redirect."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"AKISMET_URL is no web address: {url}")
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connect(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    deadline = monotonic() + TIMEOUT_SECONDS
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Publication | comments"}
        body = urlencode(fields, errors="replace")
        connection.request("POST", parts.path or "/", body, headers)
        response = connection.getresponse()
        if response.status != 200:
            raise HTTPException(f"status {response.status}")
        answer = b""
        while len(answer) < _ANSWER_BYTES and (part := response.read1(_ANSWER_BYTES)):
            answer += part
            if monotonic() > deadline:
                raise TimeoutError("too slow")
        return answer.decode("utf-8", "replace").strip()
    finally:
        connection.close()
