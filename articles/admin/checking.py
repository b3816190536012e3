"""What checks find, for the form of an article."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..checks import publishing
from ..checks.checking import check_all, draft_of
from ..checks.findings import Finding
from ..models import Article
from ..versions import differences
from ..versions.content import fields_of
from .autosaving import TypedForm

LABELS = {"byline": _("authors")} | differences.LABELS


@dataclass(frozen=True)
class Shown:
    """A row of the list. `stops`: not published before it is mended; `is_new`: readers do not see it yet."""

    message: str
    field: str
    line: int | None
    stops: bool
    is_new: bool

    @property
    def label(self) -> str:
        return capfirst(LABELS[self.field])


def context(article: Article, fields: dict, live: dict | None = None) -> dict:
    """For the template of the list. `live` are the fields that readers see, if they see others."""
    moment = article.published_at if article.is_scheduled else None
    drafts = [draft_of(article, fields, moment)] + ([draft_of(article, live)] if live else [])
    found, *before = check_all(drafts)
    known = {one.key for one in before[0]} if before else {one.key for one in found}
    is_public = publishing.was_public(article)
    rows = [_row(one, is_public=is_public, is_new=one.key not in known) for one in found]
    rows.sort(key=lambda row: not row.is_new)
    stopping = sum(row.stops for row in rows)
    return {"checks": rows, "stopping": stopping, "considered": len(rows) - stopping}


def _row(found: Finding, *, is_public: bool, is_new: bool) -> Shown:
    return Shown(found.message, found.field, found.line, found.is_blocking and not is_public, is_new)


class KeyForm(forms.Form):
    key = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


def check(request: HttpRequest) -> HttpResponse:
    """The list for the form as it is typed, of the article `key` or of a new one; 400 for what cannot be saved.

    Raises Http404 if the article is gone, or not one of theirs.
    """
    typed, key = TypedForm(request.POST), KeyForm(request.POST)
    if not (typed.is_valid() and key.is_valid()):
        return HttpResponse(status=400)
    article, fields, live = Article(), typed.content(), None
    if key.cleaned_data["key"]:
        article = (
            Article.objects.editable_by(request.user).defer("html", "text").filter(pk=key.cleaned_data["key"]).first()
        )
        if article is None:
            raise Http404
        if article.is_published and (stored := fields_of(article)) != fields:
            live = stored
    return render(request, "admin/articles/article/_checks.html", context(article, fields, live))
