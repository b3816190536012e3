"""The log of decisions: who decided what, when and why; and undo."""

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from publishing.bases.admin import row_or_404

from ..models import WITHDRAWN, ModerationEntry
from ..moderation import decisions
from ..moderation.decisions import may_decide, may_read, need
from ..moderation.queues import Place
from .base import ChoiceFilter, RecordAdmin, name_of, who_decided
from .decision import comment_view
from .decision.views import place_in

EXCERPT_LENGTH = 90
# How many moderators the filter offers.
STAFF_LISTED = 100


class WhoFilter(ChoiceFilter):
    title = _("who decided")
    parameter_name = "who"

    def lookups(self, request, model_admin):
        backend = "django.contrib.auth.backends.ModelBackend"
        moderators = User.objects.with_perm("comments.moderate_comment", backend=backend)
        others = moderators.exclude(pk=request.user.pk).order_by("username")[:STAFF_LISTED]
        names = [(str(user.pk), name_of(user)) for user in others]
        return [("me", _("My decisions")), *names, ("nobody", _("Rules and writers"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        numbers = {"nobody": None, "me": request.user.pk}
        return queryset.filter(moderator=numbers.get(self.value(), self.value()))


@admin.register(ModerationEntry)
class ModerationEntryAdmin(RecordAdmin):
    """Read-only: undoing a decision is another decision, with its own entry."""

    list_display = ["created_at", who_decided, "change", "about", "why", "undo"]
    list_filter = [WhoFilter]
    list_select_related = ["comment", "moderator", "article"]
    list_reads = ("comment__body",)
    ordering = ["-created_at", "-pk"]

    def get_urls(self):
        undo_view = self.admin_site.admin_view(undo)
        return [path("<str:number>/undo/", undo_view, name="comments_moderationentry_undo"), *super().get_urls()]

    def get_queryset(self, request):
        later = ModerationEntry.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_later=Exists(later))

    def get_list_display(self, request):
        return [name for name in self.list_display if name != "undo" or may_decide(request.user)]

    def changelist_view(self, request, extra_context=None):
        mine = {"title": gettext("My decisions")} if request.GET.get("who") == "me" else {}
        return super().changelist_view(request, mine | (extra_context or {}))

    def open(self, request, number):
        need(may_read, request.user)
        comment = find(number).comment
        if comment is None:
            raise Http404("The comment was deleted.")
        return redirect(Place().comment_url(comment.pk) + "#record")

    # --- columns ---

    @admin.display(description=_("decision"))
    def change(self, entry):
        return gettext("Undone: %(decision)s") % {"decision": entry} if entry.undoes_id else str(entry)

    @admin.display(description=_("comment"))
    def about(self, entry):
        if entry.comment is None:
            facts = {"number": entry.comment_number, "title": entry.article}
            return gettext("comment %(number)s on %(title)s (deleted)") % facts
        text = Truncator(str(entry.comment)).chars(EXCERPT_LENGTH)
        link = format_html('<a href="{}"><bdi>{}</bdi></a>', Place().comment_url(entry.comment_id), text)
        return format_html(gettext("{comment} on {title}"), comment=link, title=entry.article)

    @admin.display(description=_("reason"), empty_value="")
    def why(self, entry):
        return " ".join(part for part in (entry.get_reason_display(), entry.note) if part)

    @admin.display(description=_("undo"), empty_value="")
    def undo(self, entry):
        is_final = entry.comment is None or entry.comment.erased_at or entry.rule == WITHDRAWN
        if is_final or entry.has_later or not entry.old_status:
            return ""
        address = reverse("admin:comments_moderationentry_undo", args=[entry.pk])
        return format_html(
            '<button class="button" formaction="{}" name="back" value="log">{}<span class="visually-hidden">: {}, {}'
            "</span></button>", address, pgettext("verb", "Undo"), entry, entry.comment.name,
        )  # fmt: skip


def find(number) -> ModerationEntry:
    return row_or_404(ModerationEntry.objects.select_related("comment"), number)


@require_POST
def undo(request, number):
    """Undo one decision, claim its comment and show it. 409 when the comment has changed since."""
    need(may_decide, request.user)
    entry, place = find(number), place_in(request)
    try:
        comment = decisions.undo(entry, request.user)
    except decisions.CannotUndo as refusal:
        if refusal.comment is None:
            context = comment_view.frame(request, Place()) | {
                "title": gettext("This comment was deleted"),
                "is_gone": True,
            }
            return render(request, comment_view.EMPTY, context, status=409)
        comment = comment_view.find(refusal.comment.pk)
        return comment_view.show(request, comment, place, status=409, refusal={"what": "undo", "why": str(refusal)})
    facts = {"comment": comment, "state": comment.status_inside}
    messages.success(request, gettext("Undone. “%(comment)s” is %(state)s again.") % facts)
    if request.POST.get("back") == "log":
        return redirect(reverse("admin:comments_moderationentry_changelist") + "?who=me")
    decisions.claim(comment, request.user)
    if comment_view.is_preload(request):
        return comment_view.show(request, comment_view.find(comment.pk), place)
    return redirect(place.comment_url(comment.pk))
