"""A page, and its preview."""

from django.core import signing
from django.db.models import SlugField
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.bases.addressed import Gone
from publishing.cache import pages, values
from publishing.database.prepared import NOW, Parameter, Prepared
from publishing.groups import Group, in_group
from publishing.text import languages

from .. import metadata
from ..models import PAGE_PREVIEW_SALT, PREVIEW_SECONDS, Page

_with_slug = Prepared(Page.objects.published(NOW).filter(slug=Parameter("slug", SlugField())))
# Any word may be asked for, and most are no page.
_addresses = values.CachedValue(
    lambda: frozenset(Page.objects.released().values_list("slug", flat=True)), names=("page-addresses",)
)


def _has_page(slug: str) -> bool:
    return slug in _addresses.get()


@in_group(Group.ARTICLES)
@require_safe
def page(request, slug):
    """One query; none for a word that is no page."""
    row = _with_slug.first(slug=slug) if _has_page(slug) else None
    if row is None:
        raise Http404("No such page.")
    pages.cacheable(request, f"page:{row.pk}")
    return _rendered(request, row)


page.has_page = _has_page


def _rendered(request, row, **context):
    about = metadata.for_page(row.title, row.get_absolute_url(), row.summary)
    about["og_locale"] = languages.locale_of(row.text_language)
    context = {"heading": row, "shown": row, "is_preview": False} | context | about
    return render(request, "articles/pages/page.html", context)


@in_group(Group.PREVIEWS)
@pages.personal
@require_safe
def preview(request, token):
    """What is stored, for everyone with the link, as long as it is as public as when the link was made."""
    try:
        primary_key, status = signing.loads(token, salt=PAGE_PREVIEW_SALT, max_age=PREVIEW_SECONDS)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise Http404("This preview link is invalid or has expired.") from error
    row = get_object_or_404(Page, pk=primary_key)
    if row.is_published:
        return redirect(row)
    if row.status != status:
        raise Gone(_("The page is not what it was when this link was made."))
    response = _rendered(request, row, is_preview=True)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
