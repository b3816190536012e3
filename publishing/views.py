"""Pages for machines, uploaded files, and error pages."""

import json
import logging
import sys
from datetime import UTC, timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.storage import default_storage
from django.db import Error as DatabaseFailure
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseNotFound, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult

from . import files
from .bases import sitemaps
from .cache import cdn, changes, pages
from .database import away
from .groups import ALWAYS, in_group
from .models import Publication
from .monitoring import request_ids
from .text import recordings
from .web import anonymous_ids, limits, outage, ranges

logger = logging.getLogger(__name__)

MEDIA_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox; style-src 'unsafe-inline'",
}
MEDIA_TYPES = {**recordings.TYPES, "vtt": "text/vtt; charset=utf-8"}
CSP_REPORT_BYTES = 8192
PLAIN = "text/plain; charset=utf-8"
# RFC 9116 recommends less than a year.
SECURITY_TXT_LIFE = timedelta(days=180)
# A running worker starts a task within seconds.
LATE = timedelta(minutes=15)


@in_group(ALWAYS)
@require_safe
def sitemap(request, kinds):
    """The index of the files with all public addresses."""
    for kind in kinds:
        pages.cacheable(request, "sitemap", until=kind.next_change())
    paths = [reverse("sitemap-file", args=[kind.kind, number]) for kind in kinds for number in kind.files()]
    return HttpResponse(sitemaps.as_index(paths), content_type="application/xml")


@in_group(ALWAYS)
@require_safe
def sitemap_file(request, kinds, kind, number):
    """One file of the sitemap."""
    found = next((one for one in kinds if one.kind == kind), None)
    entries = found.entries(number) if found else ()
    if not entries or request.path != reverse("sitemap-file", args=[kind, number]):
        raise Http404("There is no such file.")
    pages.cacheable(request, f"sitemap:{kind}:{number}", *found.page_names, until=found.next_change())
    return HttpResponse(sitemaps.as_file(entries), content_type="application/xml")


@in_group(ALWAYS)
@require_safe
def robots(request):
    """Search pages are allowed: crawlers see their noindex only if they fetch them."""
    pages.cacheable(request, "robots")
    text = f"User-agent: *\nDisallow: /admin/\nDisallow: /preview/\n\nSitemap: {settings.SITE_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type=PLAIN)


@in_group(ALWAYS)
@require_safe
def security_txt(request):
    """Contacts for vulnerabilities (RFC 9116); 404 without SECURITY_CONTACT. Changes once a day (UTC)."""
    if not settings.SECURITY_CONTACT:
        return HttpResponseNotFound("No contact.\n", content_type=PLAIN)
    day = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    pages.cacheable(request, "security.txt", until=day + timedelta(days=1))
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {day + SECURITY_TXT_LIFE:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@in_group(ALWAYS)
@pages.never_cached
@require_safe
def healthz(request):
    """The process is alive."""
    return HttpResponse("ok\n", content_type=PLAIN)


@in_group(ALWAYS)
@pages.never_cached
@require_safe
def readyz(request):
    """The state of each part: 200 if database, disk and counters of changes work, else 503.

    Late tasks are reported, and a database that is read-only: its pages can be read.
    """
    try:
        with away.asking():
            parts = {"tasks": "late" if _are_tasks_late() else "ok", "database": "ok"}
        if away.state() == away.READ_ONLY:
            parts["database"] = "read-only"
    except DatabaseFailure as error:
        logger.warning("not ready: %s", error)
        parts = {"database": "down"}
    parts |= {
        "changes": "ok" if changes.answers() else "down",
        "disk": "ok" if files.can_be_written(settings.VAR_DIR) else "full",
        "maintenance": request.maintenance.state,
    }
    ready = all(parts[part] in ("ok", away.READ_ONLY) for part in ("database", "changes", "disk"))
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _are_tasks_late() -> bool:
    """Whether a worker should have done something `LATE` ago."""
    now = timezone.now()
    # Tasks without a time to run at have one in the far future.
    since = Q(run_after__lte=now - LATE) | Q(run_after__gt=now, enqueued_at__lte=now - LATE)
    return DBTaskResult.objects.ready().filter(since).exists()


@in_group(ALWAYS)
@require_POST
def csp_report(request):
    """Log what a browser refused to load, ten reports a minute from one network."""
    if len(request.body) > CSP_REPORT_BYTES:
        return HttpResponse(status=413)
    if not limits.seconds_to_wait("10/minute", "csp-report", anonymous_ids.network(request)):
        try:
            report = json.dumps(json.loads(request.body))
        except (ValueError, RecursionError):
            return HttpResponse(status=400)
        logger.warning("content security policy: %s", report[:2000])
    return HttpResponse(status=204)


@in_group(ALWAYS)
@pages.never_cached
@require_safe
def media(request, name):
    """An upload, whose name is never used again. Usually served by nginx. A CDN finds it as `media:` name."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404("No such file.") from error
    response = ranges.answer(request, file, MEDIA_TYPES.get(name.rpartition(".")[2]))
    for header, value in MEDIA_HEADERS.items():
        response.headers[header] = value
    if settings.CDN:
        cdn.add_headers(response, [f"media:{name}"])
    return response


def bad_request(request, exception):
    too_big = isinstance(exception, RequestDataTooBig)
    return render(request, "400.html", {"too_big": too_big}, status=413 if too_big else 400)


def forbidden(request, exception):
    """An account without the permission. Only in the admin: readers have no accounts."""
    return render(request, "403.html", {"not_permitted": True}, status=403)


def csrf_failure(request, reason=""):
    """A form of the admin without its token, usually because the session ended while it was open."""
    return render(request, "403.html", {"form_expired": True}, status=403)


def server_error(request):
    """Needs no query and no context processor: they may be what failed."""
    error = sys.exception()
    if outage.is_outage(error):
        return outage.answer(request, error)
    context = {"publication": Publication.current(), "reference": request_ids.current.get()}
    return HttpResponse(outage.page("500.html", context), status=500)
