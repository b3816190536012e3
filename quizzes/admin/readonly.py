"""What readers were given and what they handed in: looked at here, and never changed."""

import json

from django.contrib import admin
from django.db.models import Count
from django.utils.html import format_html

from publishing.bases.admin import ReadOnly, SiteModelAdmin, TabularInline

from ..models import Attempt, Edition


def pretty(data) -> str:
    """Plain data as JSON that can be read."""
    return format_html("<pre>{}</pre>", json.dumps(data, ensure_ascii=False, indent=1))


class EditionInline(ReadOnly, TabularInline):
    """On the desk of a quiz: each edition with the number of attempts."""

    model = Edition
    fields = ["number", "published_at", "handed_in"]
    readonly_fields = fields
    extra = 0
    show_change_link = True
    verbose_name_plural = "editions, as readers were given them"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("bundle").annotate(handed_in=Count("attempts"))

    @admin.display(description="handed in")
    def handed_in(self, edition):
        return edition.handed_in


@admin.register(Edition)
class EditionAdmin(ReadOnly, SiteModelAdmin):
    list_display = ["quiz", "number", "published_at"]
    list_filter = ["quiz"]
    list_select_related = ["quiz"]
    fields = ["quiz", "number", "published_at", "frozen"]
    readonly_fields = ["frozen"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("quiz")

    @admin.display(description="what was frozen")
    def frozen(self, edition):
        return pretty(edition.bundle)


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, SiteModelAdmin):
    """Who handed in is not shown: the key of a reader is for recognising a double click, not for following anyone."""

    list_display = ["created_at", "edition", "points", "time_taken", "is_late"]
    list_filter = ["edition__quiz", "is_late"]
    date_hierarchy = "created_at"
    fields = ["edition", "points", "created_at", "time_taken", "is_late", "raw_answers"]
    readonly_fields = ["points", "time_taken", "raw_answers"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("edition__quiz").defer("edition__bundle")

    @admin.display(description="score")
    def points(self, attempt):
        return str(attempt)

    @admin.display(description="time", ordering="seconds")
    def time_taken(self, attempt):
        if attempt.seconds is None:
            return "–"
        minutes, seconds = divmod(attempt.seconds, 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"

    @admin.display(description="answers")
    def raw_answers(self, attempt):
        return pretty(attempt.answers)

    def view_on_site(self, attempt):
        return attempt.get_absolute_url()
