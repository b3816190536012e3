"""Purges pages from a CDN by the names of what they show. Without `CDN_URL` nothing is stored, sent or named.

`purge_later` stores a task in the transaction of the change, and no request waits for the CDN. One task sends all names
that wait. Each try is stored before it is made, so a killed worker or an unreachable CDN loses nothing.
"""

import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from . import changes

logger = logging.getLogger(__name__)

# Longer than a process may serve the old page after a change, which the CDN would otherwise fetch again.
DELAY = timedelta(seconds=3)
# After the last one every copy has expired: 5 minutes, and one while it is revalidated (pages.py).
PAUSES = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300)]
TIMEOUT_SECONDS = 10
# https://developers.cloudflare.com/cache/how-to/purge-cache/ and https://www.fastly.com/documentation/reference/api/purging/
NAMES_IN_ONE_REQUEST = {"cloudflare": 100, "fastly": 256}
API = {"cloudflare": "https://api.cloudflare.com/client/v4", "fastly": "https://api.fastly.com"}


class NotPurged(Exception):
    """The CDN refused a purge, or did not answer."""


def add_headers(response, names: Iterable[str]) -> None:
    """Set the headers by which page store and CDN find the page again. Cloudflare reads that of the page store."""
    response.headers["Cache-Tag"] = ",".join(sorted(names))
    if settings.CDN.get("kind") == "fastly":
        response.headers["Surrogate-Key"] = " ".join(sorted(names))


class _Stored:
    """The names stored by this transaction or by one of its savepoints; Django drops it when that ends."""

    def __init__(self, names):
        self.names = names

    def __call__(self):
        pass


def purge_later(names: Iterable[str]) -> None:
    """Purge the pages that show one of `names`, `site` for all, a few seconds after the transaction.

    One query, and none for names that this transaction stored before.
    """
    if not settings.CDN:
        return
    # Django removes those of a savepoint that is rolled back, as the database does with the tasks.
    stored = [callback.names for _, callback, _ in connection.run_on_commit if isinstance(callback, _Stored)]
    new = set(names).difference(*stored)
    if not new or any(changes.SITE in names for names in stored):
        return
    purge.using(run_after=timezone.now() + DELAY).enqueue(sorted(new))
    if connection.in_atomic_block:
        transaction.on_commit(_Stored(new))


@task()
def purge(names: list[str], attempt: int = 0) -> str:
    """Send these names with all others that are due. Tries again after `PAUSES`; raises `NotPurged` at the last."""
    if not settings.CDN:
        return "no CDN"
    with transaction.atomic():
        others = DBTaskResult.objects.ready().filter(task_path=purge.module_path).select_for_update(skip_locked=True)
        names = sorted({*names, *(name for other in others for name in other.args_kwargs["args"][0])})
        DBTaskResult.objects.filter(pk__in=[other.pk for other in others]).delete()
        next_try = None
        if attempt < len(PAUSES):
            next_try = purge.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(names, attempt=attempt + 1)
    try:
        _send(names)
    except (OSError, HTTPException) as error:
        if next_try is None:
            raise NotPurged(str(error)) from error
        logger.warning("The CDN did not purge %s, which is tried again: %s", " ".join(names), error)
        return "not yet"
    if next_try is not None:
        DBTaskResult.objects.filter(pk=next_try.id).delete()
    return f"purged {len(names)}"


# --- the two interfaces ---


def _send(names: list[str]) -> None:
    kind, token, number = settings.CDN["kind"], settings.CDN["token"], settings.CDN["id"]
    size = NAMES_IN_ONE_REQUEST[kind]
    withdrawn = set(names).intersection(map(changes.withdrawal_of, names))
    shown = [name for name in names if name not in withdrawn]
    parts = [None] if changes.SITE in names else [shown[start : start + size] for start in range(0, len(shown), size)]
    for part in parts:
        if kind == "cloudflare":
            body = {"tags": part} if part else {"purge_everything": True}
            _post(f"/zones/{number}/purge_cache", {"Authorization": f"Bearer {token}"}, body)
        elif part:
            # Soft, so that a page that cannot be fetched again is still there, unless something on it was withdrawn.
            soft = {} if withdrawn else {"Fastly-Soft-Purge": "1"}
            _post(f"/service/{number}/purge", {"Fastly-Key": token, **soft}, {"surrogate_keys": part})
        else:
            _post(f"/service/{number}/purge_all", {"Fastly-Key": token}, {})


def _post(path: str, headers: dict[str, str], body: dict) -> None:
    """Raises OSError or HTTPException unless the status is 200. Follows no redirect, which would get the token."""
    address = urlsplit((settings.CDN["api"] or API[settings.CDN["kind"]]) + path)
    connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
    client = connect(address.hostname, address.port, timeout=TIMEOUT_SECONDS)
    try:
        client.request("POST", address.path, json.dumps(body), {"Content-Type": "application/json", **headers})
        response = client.getresponse()
        if response.status != 200:
            raise HTTPException(f"status {response.status}: {response.read(500).decode(errors='replace')}")
    finally:
        client.close()
