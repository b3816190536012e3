"""Editions and attempts: they can be viewed, not changed."""

import json

from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.db.models import Count
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import PeriodFilter, ReadOnly, SiteModelAdmin

from ..models import Attempt, Edition
from .base import count_column


def as_json(data) -> str:
    return format_html("<pre>{}</pre>", json.dumps(data, ensure_ascii=False, indent=1))


@admin.display(description=_("published at"), ordering="published_at")
def _moment_of_publication(admin, edition):
    return display_for_value(edition.published_at, "")


class EditionInline(ReadOnly, admin.TabularInline):
    model = Edition
    fields = ["number", "published", "attempt_count"]
    readonly_fields = fields
    extra = 0
    show_change_link = True
    verbose_name_plural = _("published editions")
    published = _moment_of_publication
    attempt_count = count_column("attempt_count", _("attempts"))

    def get_queryset(self, request):
        return super().get_queryset(request).defer("bundle").annotate(attempt_count=Count("attempts"))


@admin.register(Edition)
class EditionAdmin(ReadOnly, SiteModelAdmin):
    list_display = ["quiz", "number", "published"]
    list_filter = ["quiz"]
    list_select_related = ["quiz"]
    fields = ["quiz", "number", "published", "content"]
    readonly_fields = ["published", "content"]

    published = _moment_of_publication

    @admin.display(description=_("content"))
    def content(self, edition):
        return as_json(edition.bundle)


class SubmittedFilter(PeriodFilter):
    title = _("date")
    field = "created_at"


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, SiteModelAdmin):
    """The reader's key is not shown: it recognises a double click, and must not be used to follow a person."""

    list_display = ["created_at", "edition", "score", "time_taken", "is_late"]
    list_filter = [SubmittedFilter, "edition__quiz", "is_late"]
    fields = ["edition", "score", "created_at", "time_taken", "is_late", "raw_answers"]
    readonly_fields = ["score", "time_taken", "raw_answers"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("edition__quiz").defer("edition__bundle")

    @admin.display(description=_("score"))
    def score(self, attempt):
        return str(attempt)

    @admin.display(description=_("time"), ordering="seconds")
    def time_taken(self, attempt):
        if attempt.seconds is None:
            return "–"
        minutes, seconds = divmod(attempt.seconds, 60)
        said = {"minutes": minutes, "seconds": seconds}
        return (_("%(minutes)s min %(seconds)s s") if minutes else _("%(seconds)s s")) % said

    @admin.display(description=_("answers"))
    def raw_answers(self, attempt):
        return as_json(attempt.answers)

    def view_on_site(self, attempt):
        return attempt.get_absolute_url()
