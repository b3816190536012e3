"""Beacons of readers' pages, and the report that an advertiser has a link to."""

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publishing.bases.addressed import Gone
from publishing.cache import pages
from publishing.groups import ALWAYS, Group, in_group
from publishing.web import anonymous_ids, limits
from publishing.web.same_origin import is_same_origin
from publishing.web.staff import is_staff_browser

from ..models import Advertiser
from . import reports, running
from .counting import count

# Of one network: a class or an office reads from one, a program that counts for somebody does not get far.
SEEN_RATE = "300/10 minutes"
# Of one network, for each advertisement.
SEEN_OF_ONE_RATE, CLICKED_OF_ONE_RATE = "60/10 minutes", "5/10 minutes"


def _beacon(request, key: int, what: str, *rates: tuple[str, tuple]) -> HttpResponse:
    """Answers 204 whether or not it counts, so that nobody learns what does not. No query if it does not.

    In read-only maintenance nothing is counted.
    """
    creative = next((creative for creative in running.at(timezone.now()) if creative.pk == key), None)
    if (
        creative
        and is_same_origin(request)
        and not is_staff_browser(request)
        and not anonymous_ids.is_bot(request)
        and not anonymous_ids.is_prefetch(request)
        and not request.maintenance.is_read_only_for(Group.ARTICLES)
        and not any(limits.seconds_to_wait(rate, *who, anonymous_ids.network(request)) for rate, who in rates)
    ):
        count(creative, what)
    return HttpResponse(status=204)


@in_group(ALWAYS)
@require_POST
def seen(request, key):
    """Half of an advertisement was visible for a second."""
    return _beacon(request, key, "seen", (SEEN_RATE, ("sponsored",)), (SEEN_OF_ONE_RATE, ("sponsored-seen", str(key))))


@in_group(ALWAYS)
@require_POST
def clicked(request, key):
    """A reader followed the link of an advertisement."""
    return _beacon(request, key, "clicked", (CLICKED_OF_ONE_RATE, ("sponsored-clicked", str(key))))


@in_group(Group.PREVIEWS)
@pages.personal
@require_safe
def report(request, token):
    """The report of one advertiser, for whoever has the link; as CSV with `?format=csv`. Nothing can be changed."""
    try:
        advertiser = Advertiser.with_link(token)
    except signing.BadSignature as error:
        raise Http404("This link is none of ours.") from error
    except Advertiser.DoesNotExist as error:
        raise Gone(_("This link to a report was revoked.")) from error
    if request.GET.get("format") == "csv":
        response = reports.csv_of(advertiser, request.GET)
    else:
        response = render(request, "sponsors/report.html", reports.context_of(advertiser, request.GET))
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
