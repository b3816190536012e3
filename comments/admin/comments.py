"""The queues as lists: many comments at a glance, decided one by one or many at once."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.admin.views.main import ChangeList
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.timesince import timesince

from ..mail import messages
from ..models import Batch, Comment, CommentKind, RejectReason, Status
from ..models.thread import LONG_PARTS_OF_ARTICLE
from ..moderation import bulk, decisions, queues
from . import batches, requests
from .base import ChoiceFilter, ListAdmin, holder_of, sentences
from .decision import comment_view, views

EXCERPT_LENGTH = 240
EVERYTHING = "all"


class BulkRejectionForm(ActionForm):
    """Beside the list of actions: why, should they be rejections."""

    reason = forms.ChoiceField(
        label="Reason to reject:", choices=RejectReason.choices, initial=RejectReason.OTHER, required=False
    )


class QueueFilter(ChoiceFilter):
    """Which queue is listed. A search without one looks through all comments."""

    template = "admin/filter.html"
    title = "queue"
    parameter_name = "queue"

    def known(self):
        return [EVERYTHING, *queues.QUEUES]

    def lookups(self, request, model_admin):
        return [
            *((name, queue.label) for name, queue in queues.QUEUES.items() if name != "pending"),
            (EVERYTHING, "All"),
        ]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": queues.QUEUES["pending"].label}, *others]

    def queryset(self, request, queryset):
        queue = queue_of(request)
        return queue.rows(queryset) if queue else queryset


class KindFilter(ChoiceFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return CommentKind.choices

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


def queue_of(request) -> queues.Queue | None:
    """The queue that the address of a list names; None for all comments."""
    name = request.GET.get("queue", EVERYTHING if request.GET.get("q") else "pending")
    return queues.QUEUES.get(name)


class CommentList(ChangeList):
    """The admin's list, in the order of its queue's index and with no query that reads the whole table."""

    def get_ordering(self, request, queryset):
        queue = queue_of(request)
        return queue.ordering if queue else ["-pk"]

    def get_results(self, request):
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list
        queue, kind = queue_of(request), queues.known_kind(request.GET.get("kind"))
        for comment in self.result_list:
            comment.card_url = queues.card_url(comment.pk, queue, kind)


def _action(action: Batch.Action):
    """The action of the list that decides in one way about each comment that is ticked."""

    def decide(self, request, queryset):
        return self._decide_each(request, queryset, action)

    decide.__name__ = action.value
    return admin.action(decide, description=action.label, permissions=["moderate"])


@admin.register(Comment)
class CommentAdmin(ListAdmin):
    action_form = BulkRejectionForm
    list_display = ["excerpt", "name", "article", "state", "received"]
    list_filter = [QueueFilter, KindFilter]
    list_select_related = ["article", "claimed_by", "parent"]
    preserve_filters = False
    search_fields = ["name", "body", "article__title"]
    actions = [_action(action) for action in bulk.VERBS]

    # --- who may do what: one permission to decide, and one to read along ---

    def has_moderate_permission(self, request):
        return decisions.may_decide(request.user)

    def has_change_permission(self, request, obj=None):
        return self.has_moderate_permission(request)

    # --- pages ---

    def get_urls(self):
        view = self.admin_site.admin_view
        one_by_one = path("desk/<str:name>/", view(views.desk), name="comments_comment_desk")
        by_letter = path("requests/", view(requests.requests), name="comments_comment_requests")
        card = path("<path:number>/change/", view(views.card), name="comments_comment_change")
        return [one_by_one, by_letter, card, *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        """What happened to it stands on its card."""
        decisions.need(decisions.may_read, request.user)
        return redirect(queues.card_url(comment_view.find(object_id).pk) + "#record")

    def changelist_view(self, request, extra_context=None):
        decisions.need(decisions.may_decide if request.method == "POST" else decisions.may_read, request.user)
        queue = queue_of(request)
        context = {
            "title": "Comments" if queue is None else f"{queue.label} comments",
            "desk_queue": queue,
            "desk_kind": queues.known_kind(request.GET.get("kind")),
            "desk_most": f"{bulk.MOST:,}",
            "may_decide": self.has_moderate_permission(request),
        }
        if request.method != "POST":
            context |= {"summaries": queues.summaries(), "digest_reaches_nobody": messages.reaches_nobody()}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_changelist(self, request, **kwargs):
        return CommentList

    def get_queryset(self, request):
        long = ["html", "parent__body", "parent__html", *LONG_PARTS_OF_ARTICLE]
        return super().get_queryset(request).defer(*long)

    # --- columns ---

    def get_list_display(self, request):
        """Where all are in one state, no column says so."""
        return [name for name in self.list_display if name != "state" or queue_of(request) is None]

    @admin.display(description="comment")
    def excerpt(self, comment):
        """The beginning of the text, with the digest of all of it, so that the actions know what was shown."""
        text = Truncator(" ".join(comment.body.split())).chars(EXCERPT_LENGTH)
        seen = format_html(
            '<input type="hidden" name="seen-{}" value="{} {}">', comment.pk, comment.status, comment.digest
        )
        link = format_html('<a href="{}"><bdi>{}</bdi></a>', comment.card_url, text or "(erased)")
        return format_html("{}{}{}", link, self._labels(comment), seen)

    def _labels(self, comment):
        labels = [] if comment.kind == CommentKind.PLAIN else [comment.get_kind_display()]
        labels += [f"reply to {comment.parent.name}"] if comment.parent else []
        labels += [hold["detail"] for hold in comment.holds if hold.get("detail")][:3]
        labels += [f"{comment.open_reports} reports"] if comment.open_reports else []
        if holder := holder_of(comment):
            labels.append(f"claimed by {holder}")
        if not labels:
            return ""
        shown = format_html_join(" ", '<span class="label">{}</span>', ([label] for label in labels))
        return format_html('<span class="labels">{}</span>', shown)

    @admin.display
    def state(self, comment):
        reason = f": {comment.get_reason_display()}" if comment.reason else ""
        return f"{comment.get_status_display()}{reason}"

    @admin.display
    def received(self, comment):
        return f"{timesince(comment.created_at, depth=1)} ago"

    # --- many at once ---

    def _reason(self, request):
        form = BulkRejectionForm(request.POST)
        form.fields["action"].choices = self.get_action_choices(request)
        return (form.cleaned_data["reason"] if form.is_valid() else "") or RejectReason.OTHER

    def _decide_each(self, request, queryset, action):
        """Store what was chosen, and decide about each by itself. What takes longer goes on on a page of its own."""
        reason = self._reason(request) if action == Batch.Action.REJECT else ""
        shown = queryset.values_list("article", "pk", "status")[: bulk.MOST]
        chosen = [bulk.Chosen(article, pk, *self._shown(request, pk, status)) for article, pk, status in shown]
        batch = bulk.start(action, [*chosen, *self._chosen_elsewhere(request, chosen)], request.user, reason=reason)
        if not bulk.carry_on(batch):
            return redirect(batches.url_of(batch))
        for level, sentence in sentences(batch, bulk.progress(batch)):
            self.message_user(request, sentence, level)
        address = batches.url_of(batch)
        self.message_user(request, format_html('<a href="{}">View or undo this decision</a>', address))
        return None

    def _shown(self, request, pk, status):
        """State and digest that the page showed. On another page than ours the row as it is now counts."""
        was, _, seen = request.POST.get(f"seen-{pk}", "").partition(" ")
        return (was, seen) if was in Status.values and seen else (status, None)

    def _chosen_elsewhere(self, request, chosen):
        """What was ticked but is not in the list any more: a colleague was faster, and that stands."""
        if request.POST.get("select_across") == "1":
            return []
        found = {one.number for one in chosen}
        missing = {int(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)} - found
        articles = dict(Comment.objects.filter(pk__in=missing).values_list("pk", "article"))
        there, gone = bulk.Outcome.DECIDED, bulk.Outcome.GONE
        return [
            bulk.Chosen(articles.get(pk, 0), pk, outcome=there if pk in articles else gone) for pk in sorted(missing)
        ]
