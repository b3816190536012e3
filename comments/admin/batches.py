"""Bulk decisions: the list, the page with progress and result, and undo."""

from django.contrib import admin, messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from publishing.bases.admin import row_or_404
from publishing.text import moments

from ..models import Batch
from ..moderation import bulk
from ..moderation.decisions import may_decide, may_read, need
from .base import RecordAdmin, add_results, name_of, results
from .decision import comment_view
from .decision.views import place_in

# How long one request of the script takes, so that its progress bar moves.
QUIET_SECONDS = 1


@admin.register(Batch)
class BatchAdmin(RecordAdmin):
    list_display = ["created_at", "what", "who", "state"]
    list_select_related = ["moderator", "undoes", "undone_by"]
    ordering = ["-created_at", "-pk"]

    def get_urls(self):
        undo_view = self.admin_site.admin_view(undo)
        return [path("<str:number>/undo/", undo_view, name="comments_batch_undo"), *super().get_urls()]

    def open(self, request, number):
        return page(request, number)

    @admin.display(description=_("decision"))
    def what(self, batch):
        return format_html('<a href="{}">{}</a>', url_of(batch), batch)

    @admin.display(description=_("who"))
    def who(self, batch):
        return name_of(batch.moderator)

    @admin.display(description=_("state"))
    def state(self, batch):
        if hasattr(batch, "undone_by"):
            return gettext("Undone")
        return gettext("Finished") if batch.finished_at else gettext("Not finished")


def find(number) -> Batch:
    return row_or_404(Batch.objects.select_related("undoes", "undone_by", "ban", "moderator"), number)


def url_of(batch, query=""):
    return reverse("admin:comments_batch_change", args=[batch.pk]) + query


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, number):
    """GET shows the progress of a batch; POST continues it for a few seconds. The script sends "quiet", for JSON."""
    need(may_read, request.user)
    batch, place = find(number), place_in(request)
    if request.method == "POST":
        need(may_decide, request.user)
        if "quiet" not in request.POST:
            bulk.carry_on(batch)
            return redirect(url_of(batch, place.query()))
        is_finished = bulk.carry_on(batch, seconds=min(QUIET_SECONDS, bulk.SECONDS))
        progress = bulk.progress(batch)
        return JsonResponse({"total": progress.total, "finished": progress.finished, "is_finished": is_finished})
    progress = bulk.progress(batch)
    context = comment_view.frame(request, place) | {
        "title": f"{batch} ({moments.number(progress.total)})",
        "batch": batch,
        "progress": progress,
        "results": [text for _, text in results(batch, progress)],
        "who": name_of(batch.moderator),
    }
    return render(request, "admin/comments/comment/batch.html", context)


@require_POST
def undo(request, number):
    need(may_decide, request.user)
    batch, place = find(number), place_in(request)
    try:
        reverse_batch = bulk.undo(batch, request.user)
    except ValueError as error:
        messages.warning(request, str(error))
        return redirect(url_of(batch, place.query()))
    if not bulk.carry_on(reverse_batch) or place.queue is None:
        return redirect(url_of(reverse_batch, place.query()))
    add_results(request, reverse_batch)
    return redirect(place.queue_url())
