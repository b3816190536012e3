"""The queues as lists: many comments at a glance, decided one by one or many at once."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SiteChangeList
from publishing.text import moments

from ..mail import messages
from ..models import Batch, BatchItem, Comment, CommentKind, RejectReason, Status
from ..moderation import bulk, queues
from ..moderation.decisions import may_decide, may_read, need
from ..moderation.queues import Place
from . import batches, requests
from .base import ChoiceFilter, RecordAdmin, add_results, holder_of
from .decision import comment_view, views

EXCERPT_LENGTH = 240
EVERYTHING = "all"


class BulkRejectionForm(ActionForm):
    reason = forms.ChoiceField(
        label=_("Reason to reject:"), choices=RejectReason.choices, initial=RejectReason.OTHER, required=False
    )


class QueueFilter(ChoiceFilter):
    """Drawn by the template as the tabs of the queues."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [(name, name) for name in [*queues.QUEUES, EVERYTHING]]

    def queryset(self, request, queryset):
        queue = place_of(request).queue
        return queue.rows(queryset) if queue else queryset


class KindFilter(ChoiceFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return CommentKind.choices

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


def place_of(request) -> Place:
    """The queue and the kind that a list shows; a search looks through all comments."""
    name = request.GET.get("queue", EVERYTHING if request.GET.get("q") else "pending")
    return Place(queues.QUEUES.get(name), request.GET.get("kind", ""))


class CommentList(SiteChangeList):
    """In the order of its queue's index, without a query that reads the whole table."""

    def get_ordering(self, request, queryset):
        queue = place_of(request).queue
        return queue.ordering if queue else ["-pk"]

    def get_results(self, request):
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list.defer(*self.model_admin.long_columns())
        for comment in self.result_list:
            comment.review_url = place_of(request).comment_url(comment.pk)


def _action(action: Batch.Action):
    def decide(self, request, queryset):
        return self._decide_each(request, queryset, action)

    decide.__name__ = action.value
    return admin.action(decide, description=action.label, permissions=["moderate"])


@admin.register(Comment)
class CommentAdmin(RecordAdmin):
    action_form = BulkRejectionForm
    list_display = ["excerpt", "name", "article", "state", "received"]
    list_filter = [QueueFilter, KindFilter]
    list_select_related = ["article", "claimed_by", "parent"]
    list_reads = ("body", "holds")
    preserve_filters = False
    search_fields = ["name", "body", "article__title"]
    actions = [_action(action) for action in bulk.VERBS]

    def has_change_permission(self, request, obj=None):
        return may_decide(request.user)

    has_moderate_permission = has_change_permission

    # --- pages ---

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("desk/<str:name>/", view(views.next_comment), name="comments_comment_next"),
            path("requests/", view(requests.requests), name="comments_comment_requests"),
            path("<path:number>/change/", view(views.review), name="comments_comment_change"),
            *super().get_urls(),
        ]

    def open(self, request, number):
        """The history is on the review page."""
        need(may_read, request.user)
        return redirect(Place().comment_url(comment_view.find(number).pk) + "#record")

    def changelist_view(self, request, extra_context=None):
        need(may_decide if request.method == "POST" else may_read, request.user)
        place = place_of(request)
        context = {
            "title": place.queue.title if place.queue else gettext("Comments"),
            "place": place,
            "most_at_once": moments.number(bulk.MOST),
            "may_decide": self.has_moderate_permission(request),
        }
        if request.method != "POST":
            context |= {"summaries": queues.summaries(), "digest_reaches_nobody": messages.reaches_nobody()}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_queryset(self, request):
        return super().get_queryset(request).outside_trash()

    def get_changelist(self, request, **kwargs):
        return CommentList

    # --- columns ---

    def get_list_display(self, request):
        """Without the state where all have the same."""
        return [name for name in self.list_display if name != "state" or not place_of(request).queue]

    @admin.display(description=_("comment"))
    def excerpt(self, comment):
        """The beginning of the text, and hidden what the actions compare: the state and the digest of all of it."""
        text = Truncator(" ".join(comment.body.split())).chars(EXCERPT_LENGTH)
        seen = format_html(
            '<input type="hidden" name="seen-{}" value="{} {}">', comment.pk, comment.status, comment.digest
        )
        link = format_html('<a href="{}"><bdi>{}</bdi></a>', comment.review_url, text or gettext("(erased)"))
        return format_html("{}{}{}", link, self._labels(comment), seen)

    def _labels(self, comment):
        labels = [] if comment.kind == CommentKind.PLAIN else [comment.get_kind_display()]
        labels += [gettext("reply to %(name)s") % {"name": comment.parent.name}] if comment.parent else []
        labels += comment.hold_reasons[:3]
        if number := comment.open_reports:
            labels.append(ngettext("%(number)s report", "%(number)s reports", number) % {"number": number})
        if holder := holder_of(comment):
            labels.append(gettext("claimed by %(name)s") % {"name": holder})
        if not labels:
            return ""
        shown = format_html_join(" ", '<span class="label">{}</span>', ([label] for label in labels))
        return format_html('<span class="labels">{}</span>', shown)

    @admin.display(description=_("state"))
    def state(self, comment):
        reason = f": {comment.get_reason_display()}" if comment.reason else ""
        return f"{comment.get_status_display()}{reason}"

    @admin.display(description=_("received"))
    def received(self, comment):
        return gettext("%(time)s ago") % {"time": timesince(comment.created_at, depth=1)}

    # --- many at once ---

    def _decide_each(self, request, queryset, action):
        """Store the batch and start it. If it takes longer, it continues on the page of the batch."""
        form = BulkRejectionForm(request.POST)
        del form.fields["action"]
        is_rejection = action == Batch.Action.REJECT and form.is_valid()
        reason = form.cleaned_data["reason"] if is_rejection else ""
        items = bulk.items_of(queryset)
        for item in items:
            # What the list showed; without that, from another page than ours, the comment as it is now.
            was, _, seen = request.POST.get(f"seen-{item.comment_number}", "").partition(" ")
            if was in Status.values and seen:
                item.was, item.seen = was, seen
        batch = bulk.start(action, [*items, *self._missing_items(request, items)], request.user, reason=reason)
        if not bulk.carry_on(batch):
            return redirect(batches.url_of(batch))
        add_results(request, batch)
        words = gettext("View or undo this decision")
        self.message_user(request, format_html('<a href="{}">{}</a>', batches.url_of(batch), words))
        return None

    def _missing_items(self, request, items):
        """What was ticked but has left the list, since a colleague decided about it first."""
        if request.POST.get("select_across") == "1":
            return []
        numbers = {int(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)}
        numbers -= {item.comment_number for item in items}
        articles = dict(Comment.objects.filter(pk__in=numbers).values_list("pk", "article"))
        return [
            BatchItem(
                article_number=articles.get(number, 0),
                comment_number=number,
                outcome=bulk.Outcome.DECIDED if number in articles else bulk.Outcome.GONE,
            )
            for number in sorted(numbers)
        ]
