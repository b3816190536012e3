"""The queues as lists: many comments at a glance, decided one by one or many at once."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.admin.views.main import ChangeList
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.timesince import timesince

from .. import bulk, moderation
from ..models import Comment, Kind, RejectReason, Status
from . import access, card, desk, queues
from .lists import ListAdmin
from .people import holder_of

EXCERPT_LENGTH = 240
# Of many that were left alone for one reason, how many are named.
NAMED = 3
EVERYTHING = "all"

# What the actions do, and what is said afterwards.
VERBS = {
    "approve": (moderation.approve, "approved"),
    "reject": (moderation.reject, "rejected"),
    "spam": (moderation.mark_spam, "marked as spam"),
    "remove": (moderation.remove, "removed"),
    "restore": (moderation.restore, "put back into the queue"),
}


class BulkRejectionForm(ActionForm):
    """Beside the list of actions: why, should they be rejections."""

    reason = forms.ChoiceField(
        label="Reason to reject:", choices=RejectReason.choices, initial=RejectReason.OTHER, required=False
    )


class QueueFilter(admin.SimpleListFilter):
    """Which queue is listed. A search without one looks through all comments."""

    title = "queue"
    parameter_name = "queue"

    def __init__(self, request, *args):
        super().__init__(request, *args)
        if self.value() not in (None, EVERYTHING, *queues.QUEUES):
            raise DisallowedModelAdminLookup("There is no such queue.")

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


class KindFilter(admin.SimpleListFilter):
    template = "admin/filter_row.html"
    title = "kind"
    parameter_name = "kind"

    def __init__(self, request, *args):
        super().__init__(request, *args)
        if self.value() not in (None, *Kind.values):
            raise DisallowedModelAdminLookup("There is no such kind.")

    def lookups(self, request, model_admin):
        return Kind.choices

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
            comment.card_url = queues.card_url(comment, queue.name if queue else "", kind)


@admin.register(Comment)
class CommentAdmin(ListAdmin):
    action_form = BulkRejectionForm
    list_display = ["excerpt", "name", "article", "state", "received"]
    list_filter = [QueueFilter, KindFilter]
    list_select_related = ["article", "claimed_by", "parent"]
    preserve_filters = False
    search_fields = ["name", "body", "article__title"]
    actions = ["approve", "reject", "spam", "remove", "restore"]

    # --- who may do what: one permission to decide, and one to read along ---

    def has_moderate_permission(self, request):
        return access.may_decide(request.user)

    def has_change_permission(self, request, obj=None):
        return self.has_moderate_permission(request)

    # --- pages ---

    def get_urls(self):
        view = self.admin_site.admin_view
        one_by_one = path("desk/<str:name>/", view(desk.desk), name="comments_comment_desk")
        return [one_by_one, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return desk.card(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        """What happened to it stands on its card."""
        access.need(access.may_read, request.user)
        return redirect(queues.card_url(card.find(object_id)) + "#record")

    def changelist_view(self, request, extra_context=None):
        access.need(access.may_decide if request.method == "POST" else access.may_read, request.user)
        queue = queue_of(request)
        context = {
            "title": "Comments" if queue is None else f"{queue.label} comments",
            "desk_queue": queue,
            "desk_kind": queues.known_kind(request.GET.get("kind")),
            "desk_most": f"{bulk.MOST:,}",
            "may_decide": self.has_moderate_permission(request),
        }
        if request.method != "POST":
            context["summaries"] = queues.summaries()
        return super().changelist_view(request, context | (extra_context or {}))

    def get_changelist(self, request, **kwargs):
        return CommentList

    def get_queryset(self, request):
        long = ["html", "parent__body", "parent__html", *card.LONG_PARTS_OF_ARTICLE]
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
        labels = [] if comment.kind == Kind.PLAIN else [comment.get_kind_display()]
        labels += [f"answers {comment.parent.name}"] if comment.parent else []
        labels += [hold["detail"] for hold in comment.holds if hold.get("detail")][:3]
        labels += [f"{comment.open_reports} reports"] if comment.open_reports else []
        if holder := holder_of(comment):
            labels.append(f"in hand: {holder}")
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

    @admin.action(description="Approve", permissions=["moderate"])
    def approve(self, request, queryset):
        self._decide_each(request, queryset, "approve")

    @admin.action(description="Reject", permissions=["moderate"])
    def reject(self, request, queryset):
        self._decide_each(request, queryset, "reject", reason=self._reason(request))

    @admin.action(description="Mark as spam", permissions=["moderate"])
    def spam(self, request, queryset):
        self._decide_each(request, queryset, "spam")

    @admin.action(description="Remove", permissions=["moderate"])
    def remove(self, request, queryset):
        self._decide_each(request, queryset, "remove")

    @admin.action(description="Put back into the queue", permissions=["moderate"])
    def restore(self, request, queryset):
        self._decide_each(request, queryset, "restore")

    def _reason(self, request):
        form = BulkRejectionForm(request.POST)
        form.fields["action"].choices = self.get_action_choices(request)
        return (form.cleaned_data["reason"] if form.is_valid() else "") or RejectReason.OTHER

    def _decide_each(self, request, queryset, verb, **details):
        """Decide about each by itself, and say of how many that could not be done, and why."""
        decide, done = VERBS[verb]
        rows = list(queryset.values_list("article", "pk", "status")[: bulk.MOST + 1])
        chosen = [bulk.Chosen(article, pk, *self._shown(request, pk, status)) for article, pk, status in rows]
        account = bulk.decide(decide, chosen[: bulk.MOST], request.user, **details)
        account.left += len(chosen) - len(chosen[: bulk.MOST])
        self._add_what_left_the_list(request, rows, account)
        for level, sentence in sentences(account, done):
            self.message_user(request, sentence, level)

    def _shown(self, request, pk, status):
        """State and digest that the page showed. On another page than ours the row as it is now counts."""
        was, _, seen = request.POST.get(f"seen-{pk}", "").partition(" ")
        return (was, seen) if was in Status.values and seen else (status, None)

    def _add_what_left_the_list(self, request, rows, account):
        """What was ticked but is not in the list any more: a colleague was faster, and that stands."""
        if request.POST.get("select_across") == "1":
            return
        found = {str(pk) for _, pk, _ in rows}
        missing = {pk for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if pk not in found}
        there = list(Comment.objects.filter(pk__in=missing))
        account.decided += there
        account.gone += len(missing) - len(there)


def sentences(account: bulk.Account, done: str) -> list[tuple[int, str]]:
    """What is said of an account, at most seven messages however many comments it is about."""
    said = [(messages.SUCCESS, f"{account.done:,} {done}.")] if account.done else []
    for comments, level, words in [
        (account.changed, messages.ERROR, "changed since you saw {}. Read {} again."),
        (account.decided, messages.WARNING, "decided by somebody else meanwhile. That stands."),
        (account.final, messages.WARNING, "withdrawn by the writer or erased, and can only stay so."),
        (account.claimed, messages.WARNING, "in a colleague's hand, and left alone."),
        (account.already, messages.WARNING, f"{done} already."),
    ]:
        if comments:
            one = len(comments) == 1
            pronouns = ["it" if one else "them"] * words.count("{}")
            verb = ("has " if one else "have ") if comments is account.changed else ("was " if one else "were ")
            said.append((level, f"{_named(comments)} {verb}{words.format(*pronouns)}"))
    if account.gone:
        said.append(
            (messages.WARNING, f"{account.gone:,} of them {'is' if account.gone == 1 else 'are'} not there any more.")
        )
    if account.left:
        said.append((messages.WARNING, f"{account.left:,} or more are left: choose them again to go on."))
    return said


def _named(comments):
    names = [f"“{comment}” ({comment.get_status_display().lower()})" for comment in comments[:NAMED]]
    more = len(comments) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")
