"""Responses while the database or the disk fails: status 503 with Retry-After, and the form as it was sent."""

import errno
import logging
import sqlite3
from math import ceil

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext_lazy as _

from ..cache import changes
from ..database import away, replica, schema, waiting
from ..groups import ALWAYS, Group, group_of
from ..models import Publication
from ..monitoring import request_ids
from ..paths import is_staff_space
from .same_origin import SAFE_METHODS
from .sent_forms import sent_fields

logger = logging.getLogger(__name__)

RETRY_SECONDS = 10
READ_ONLY = _("The site is read-only for a moment. The pages that most people read and the quizzes still work.")
JSON_TYPES = ("application/problem+json", "application/json")
# Groups of views that keep nothing in the database, or keep it elsewhere meanwhile.
KEEPS_ELSEWHERE = (Group.QUIZZES, ALWAYS)
# Disk full, quota used up, file too large, read-only, or input/output error.
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
# SQLite raises one class for "disk full" and for "no such column"; these codes are no programming errors.
SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


def is_outage(error: BaseException | None) -> bool:
    """Whether the database or the disk failed or is not migrated yet, rather than the program."""
    if isinstance(error, OperationalError | InterfaceError):
        # The lowest byte of the extended code is the primary code.
        is_sqlite = isinstance(error.__cause__, sqlite3.Error)
        if not is_sqlite or getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in SQLITE:
            return True
    return (isinstance(error, OSError) and error.errno in DISK) or schema.misses_migrations(error)


class Outage(MiddlewareMixin):
    """Middleware: answers when a view raises an outage, and gives requests of staff more time.

    Public pages are read from the replica, if there is one, and from the primary if that fails or may not know of the
    last change yet.
    """

    def __call__(self, request):
        if is_staff_space(request):
            with waiting.patiently(), away.asking():
                return self.get_response(request)
        with replica.one_request():
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if away.state() == away.READ_ONLY and _needs_writes(request, view):
            return answer(request)
        may_lag = replica.is_there() and _is_public_page(request, view)
        if may_lag and changes.seconds_since_change() >= settings.REPLICA_LAG:
            replica.read()

    def process_exception(self, request, error):
        if not is_outage(error):
            return None
        if replica.give_up():
            logger.warning("The replica does not answer, so %s is read from the primary: %s", request.path, error)
            view = request.resolver_match
            try:
                return view.func(request, *view.args, **view.kwargs)
            except Exception as second:
                if not is_outage(second):
                    raise
                error = second
        return answer(request, error)


def _needs_writes(request, view) -> bool:
    is_write = request.method not in SAFE_METHODS and group_of(view) not in KEEPS_ELSEWHERE
    return is_write and not is_staff_space(request)


def _is_public_page(request, view) -> bool:
    return request.method in SAFE_METHODS and not is_staff_space(request) and not getattr(view, "personal", False)


def answer(request, error: BaseException | None = None) -> HttpResponse:
    """The response to an outage, with the form as it was sent. Needs no query.

    Without an error it is that of a moment ago, which was logged.
    """
    if error:
        level = logging.INFO if away.state() else logging.ERROR
        logger.log(
            level, "%s %s is answered with 503: %s: %s", request.method, request.path, type(error).__name__, error
        )
        away.note(error)
    seconds = ceil(away.SECONDS) if away.state() else RETRY_SECONDS
    # The page store may have a copy of the page (publishing/cache/page_store.py).
    request.META["publishing.outage"] = True
    is_read = request.method in SAFE_METHODS
    context = {
        "publication": Publication.current(),
        "sentence": READ_ONLY,
        "is_staff": is_staff_space(request),
        "is_read": is_read,
        "address": request.get_full_path(),
        "fields": None if is_read else sent_fields(request),
        "reference": request_ids.current.get(),
    }
    return unavailable(request, seconds, READ_ONLY, "503.html", context)


def unavailable(request, seconds, sentence, template, context, title="Service Unavailable") -> HttpResponse:
    """Status 503 with Retry-After: a page, or a JSON problem for a script or program. Not logged.

    The template gets no request, so that no context processor needs the database.
    """
    is_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    if is_script or request.get_preferred_type(["text/html", *JSON_TYPES]) in JSON_TYPES:
        problem = {"type": "about:blank", "title": title, "status": 503, "detail": str(sentence)}
        response = JsonResponse(problem, status=503, content_type=JSON_TYPES[0])
    else:
        response = HttpResponse(page(template, context), status=503)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["Accept", "Sec-Fetch-Dest"])
    response._has_been_logged = True
    return response


def page(template: str, context: dict) -> str:
    """A page that extends _fault_page.html; without style sheets if the list of static files is missing."""
    try:
        return render_to_string(template, context)
    except ValueError:
        return render_to_string(template, context | {"is_plain": True})
