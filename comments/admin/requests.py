"""Data requests: find, export and erase what one person wrote."""

import re
from dataclasses import replace

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from publishing.text import moments
from publishing.text.validators import validate_one_line, validate_storable
from publishing.web.refusals import Refused

from ..forms import EMAIL_LENGTH, NUMBER, SureForm
from ..models import NAME_COLUMN_LENGTH, Comment
from ..models.thread import LONG_PARTS_OF_ARTICLE
from ..moderation.decisions import may_decide, need
from ..moderation.queues import Place
from ..privacy import personal_data, writers
from .base import name_of

SHOWN = 200
RECORDED = 10


class NumbersField(forms.Field):
    widget = forms.MultipleHiddenInput

    def clean(self, value):
        numbers = value or []
        if len(numbers) > SHOWN or not all(re.fullmatch(NUMBER, number) for number in numbers):
            raise ValidationError(_("The page has changed since you opened it."))
        return tuple(map(int, numbers))


class SearchForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=EMAIL_LENGTH,
        help_text=_("Other spellings of the same mailbox are found too."),
    )
    name = forms.CharField(
        label=_("Name"), required=False,
        max_length=NAME_COLUMN_LENGTH, validators=[validate_storable, validate_one_line],
        help_text=_("The full name shown next to a comment."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Words"), required=False, min_length=4, max_length=400, validators=[validate_storable],
        help_text=_("Part of a comment’s text, exactly as written."),
    )  # fmt: skip
    unconfirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    same_browsers = forms.BooleanField(required=False, widget=forms.HiddenInput)
    until = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    without = NumbersField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.visible_fields():
            field.field.widget.attrs |= {"autocomplete": "off", "class": "vTextField"}

    def clean(self):
        if not self.errors and not any(self.cleaned_data[name] for name in ("email", "name", "text")):
            raise ValidationError(_("Fill in at least one field."))

    @property
    def search(self) -> writers.Search:
        return writers.Search(**self.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request):
    """GET the form; POST it to find, export or erase. E-mail addresses are in the body, so no URL or log has them."""
    need(may_decide, request.user)
    if request.method != "POST":
        return _page(request, SearchForm())
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if "_export" in request.POST:
        return _export(request, form)
    if "_erase" in request.POST:
        return _confirm(request, form, SureForm())
    if "_erase_now" in request.POST:
        return _erase(request, form)
    return _found(request, form)


def _page(request, form, status=200, **context):
    recorded = [(entry, name_of(entry.user)) for entry in writers.recorded()[:RECORDED]]
    return _render(request, "requests.html", gettext("Data requests"), form, status, recorded=recorded, **context)


def _render(request, template, title, form, status, **context):
    context |= {
        **admin.site.each_context(request),
        "title": title,
        "is_nav_sidebar_enabled": False,
        "opts": Comment._meta,
        "form": form,
        "most": writers.MOST,
    }
    return render(request, f"admin/comments/comment/{template}", context, status=status)


def _found(request, form, status=200, **context):
    newest = Comment.objects.order_by("-pk").values_list("pk", flat=True).first()
    search = replace(form.search, until=form.search.until or newest, without=())
    rows = search.comments().filter(erased_at=None).select_related("article", "notify")
    rows = list(rows.defer("html", *LONG_PARTS_OF_ARTICLE).order_by("-created_at", "-pk")[:SHOWN])
    for comment in rows:
        comment.review_url = Place().comment_url(comment.pk)
    context |= {
        "search": search,
        "rows": rows,
        "without": form.cleaned_data["without"],
        "summary": writers.summary(search),
        "more_of_browsers": search.more(same_browsers=True),
        "more_unconfirmed": search.more(unconfirmed=True),
    }
    return _page(request, form, status, **context)


def _export(request, form):
    try:
        data = writers.export(form.search, request.user)
    except Refused as refusal:
        return _found(request, form, refusal.status, problem=str(refusal))
    return personal_data.as_file(data, "comments-of-a-writer.json")


def _confirm(request, form, sure, status=200):
    summary = writers.summary(form.search)
    if not summary.total and not summary.addresses:
        return _found(request, form, 422, problem=gettext("Nothing is selected."))
    context = {"search": form.search, "sure": sure, "summary": summary}
    return _render(request, "requests_erase.html", gettext("Erase comments"), form, status, **context)


def _erase(request, form):
    sure = SureForm(request.POST)
    if not sure.is_valid():
        return _confirm(request, form, sure, status=422)
    number, left, addresses = writers.erase(form.search, request.user)
    facts = {"number": moments.number(number), "addresses": moments.number(addresses)}
    erased = gettext("Comments erased: %(number)s. E-mail addresses deleted: %(addresses)s.")
    messages.success(request, erased % facts)
    if left:
        messages.warning(
            request, gettext("%(number)s are left. Erase again to continue.") % {"number": moments.number(left)}
        )
        return _confirm(request, form, SureForm())
    return redirect(reverse("admin:comments_comment_requests"))
