"""Bulk decisions: how far one is, what became of its comments, and the way back for all of them at once."""

from django.contrib import admin, messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from publishing.bases.admin import row_or_404

from ..models import Batch
from ..moderation import bulk, decisions, queues
from .base import ListAdmin, name_of, sentences
from .decision import comment_view
from .decision.views import place_in

# Of one request of the script, so that its progress bar moves.
QUIET_SECONDS = 1


@admin.register(Batch)
class BatchAdmin(ListAdmin):
    """Read only: each leads to its page, on which it is continued or undone."""

    actions = None
    list_display = ["created_at", "what", "who", "state"]
    list_select_related = ["moderator", "undoes", "undone_by"]
    ordering = ["-created_at", "-pk"]

    def get_urls(self):
        view = self.admin_site.admin_view
        undo_all = path("<str:number>/undo/", view(undo), name="comments_batch_undo")
        return [undo_all, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Bulk decisions"} | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return page(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return page(request, object_id)

    @admin.display(description="decision")
    def what(self, batch):
        return format_html('<a href="{}">{}</a>', url_of(batch), batch)

    @admin.display(description="who")
    def who(self, batch):
        return name_of(batch.moderator)

    @admin.display(description="state")
    def state(self, batch):
        if hasattr(batch, "undone_by"):
            return "Undone"
        return "Finished" if batch.finished_at else "Not finished"


def find(number) -> Batch:
    return row_or_404(Batch.objects.select_related("undoes", "undone_by", "ban", "moderator"), number)


def url_of(batch, queue=None, kind=""):
    return reverse("admin:comments_batch_change", args=[batch.pk]) + queues.query_of(queue, kind)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, number):
    """GET shows how far a batch is; POST continues it for a few seconds. The script asks quietly, for JSON."""
    decisions.need(decisions.may_read, request.user)
    batch, (queue, kind) = find(number), place_in(request)
    if request.method == "POST":
        decisions.need(decisions.may_decide, request.user)
        is_finished = bulk.carry_on(
            batch, seconds=min(QUIET_SECONDS, bulk.SECONDS) if "quiet" in request.POST else None
        )
        if "quiet" not in request.POST:
            return redirect(url_of(batch, queue, kind))
        total, left = batch.items.count(), batch.items.filter(outcome="").count()
        return JsonResponse({"total": total, "finished": total - left, "is_finished": is_finished})
    progress = bulk.progress(batch)
    context = comment_view.frame(request, queue, kind) | {
        "title": f"{batch}: {progress.total:,} comment{'s' if progress.total != 1 else ''}",
        "batch": batch,
        "progress": progress,
        "said": [sentence for _, sentence in sentences(batch, progress)],
        "who": name_of(batch.moderator),
    }
    return render(request, "admin/comments/comment/batch.html", context)


@require_POST
def undo(request, number):
    """Undo all decisions of a batch, and lift its ban. 409 if that was done before."""
    decisions.need(decisions.may_decide, request.user)
    batch, (queue, kind) = find(number), place_in(request)
    try:
        back = bulk.undo(batch, request.user)
    except ValueError as error:
        messages.warning(request, str(error))
        return redirect(url_of(batch, queue, kind))
    if not bulk.carry_on(back) or queue is None:
        return redirect(url_of(back, queue, kind))
    for level, sentence in sentences(back, bulk.progress(back)):
        messages.add_message(request, level, sentence)
    return redirect(queues.desk_url(queue, kind))
