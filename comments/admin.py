"""The moderators' queue: what waits, decided one by one or many at once."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timesince import timesince

from publishing.desk import DeskAdmin, TabularInline
from publishing.text import validate_storable

from . import moderation
from .models import NOTE_LENGTH, Comment, ModerationEntry, RejectReason, Status

EXCERPT_LENGTH = 240
STALE_MESSAGE = "The text has changed since you were shown it, so nothing was decided. Read it again below."

# What the buttons and the actions do, and what is said of one comment afterwards.
VERBS = {
    "approve": (moderation.approve, "approved"),
    "reject": (moderation.reject, "rejected"),
    "spam": (moderation.mark_spam, "marked as spam"),
    "remove": (moderation.remove, "removed"),
    "restore": (moderation.restore, "put back into the queue"),
}
RESULTS = {
    "approve": Status.APPROVED,
    "reject": Status.REJECTED,
    "spam": Status.SPAM,
    "remove": Status.REMOVED,
    "restore": Status.PENDING,
}


class DecisionForm(forms.ModelForm):
    """One decision about one comment, as the moderator was shown it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    rejection_reason = forms.ChoiceField(
        label="Reason",
        choices=[("", "Choose one to reject it"), *RejectReason.choices],
        required=False,
        help_text="Its writer reads this on the receipt.",
    )
    rejection_note = forms.CharField(
        label="Note",
        validators=[validate_storable],
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.TextInput({"size": 80}),
        help_text="Optional, for a rejection. Its writer reads this too.",
    )

    class Meta:
        model = Comment
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.digest

    def clean(self):
        cleaned = super().clean()
        chosen = [verb for verb in VERBS if f"_{verb}" in self.data]
        if len(chosen) != 1:
            raise ValidationError("Choose what to do with this comment.")
        self.verb = chosen[0]
        if self.verb == "reject" and not cleaned.get("rejection_reason"):
            self.add_error("rejection_reason", "Choose a reason.")
        if cleaned.get("seen") != self.instance.digest:
            # What is drawn now is the new text, which the next press of a button may be about.
            self.data = self.data.copy()
            self.data["seen"] = self.instance.digest
            raise ValidationError(STALE_MESSAGE, code="stale")
        return cleaned

    @property
    def is_stale(self) -> bool:
        return self.is_bound and self.has_error("__all__", code="stale")


class BulkRejectionForm(ActionForm):
    """Beside the list of actions: why, should they be rejections."""

    reason = forms.ChoiceField(
        label="Reason to reject:", choices=RejectReason.choices, initial=RejectReason.OTHER, required=False
    )


class StatusFilter(admin.SimpleListFilter):
    template = "admin/filter_row.html"
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*((value, label) for value, label in Status.choices if value != Status.PENDING), ("all", "All")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": Status.PENDING.label}, *others]

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset.awaiting_moderation()
            case "all":
                return queryset
            case status:
                return queryset.filter(status=status)


def may_read(user) -> bool:
    """Whether the queue is open to this account: to decide, or only to read what waits and what was decided."""
    return user.has_perm("comments.moderate_comment") or user.has_perm("comments.view_comment")


class EntryInline(TabularInline):
    model = ModerationEntry
    fields = readonly_fields = ["created_at", "moderator", "reason", "note", "short_digest"]
    ordering = ["created_at", "pk"]
    verbose_name_plural = "what happened to it"
    can_delete = False
    extra = max_num = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("moderator")

    def has_view_permission(self, request, obj=None):
        return may_read(request.user)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="text seen")
    def short_digest(self, entry):
        return entry.digest[:12]


@admin.register(Comment)
class CommentAdmin(DeskAdmin):
    form = DecisionForm
    action_form = BulkRejectionForm
    inlines = [EntryInline]
    change_form_template = "comments/comment_decision.html"
    list_display = ["excerpt", "name", "article", "state", "received"]
    list_display_links = ["excerpt"]
    list_has_sidebar = False
    show_facets = admin.ShowFacets.NEVER
    list_filter = [StatusFilter]
    list_select_related = ["article"]
    list_per_page = 50
    ordering = ["created_at", "pk"]
    search_fields = ["name", "body", "article__title"]
    show_full_result_count = False
    view_on_site = False
    readonly_fields = ["article", "name", "body", "as_shown", "state", "created_at"]
    fieldsets = [
        (None, {"fields": ["article", "name", "body", "as_shown", "state", "created_at"]}),
        ("Decision", {"fields": ["rejection_reason", "rejection_note", "seen"]}),
    ]
    actions = ["approve", "reject", "spam", "remove", "restore"]

    # --- who may do what: one permission to decide, and one to read along ---

    def has_moderate_permission(self, request):
        return request.user.has_perm("comments.moderate_comment")

    def has_view_permission(self, request, obj=None):
        return may_read(request.user)

    def has_change_permission(self, request, obj=None):
        return self.has_moderate_permission(request)

    def has_module_permission(self, request):
        return may_read(request.user)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # --- columns ---

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Moderation queue"} | (extra_context or {}))

    def get_list_display(self, request):
        """Where everything waits, no column says so."""
        is_mixed = StatusFilter.parameter_name in request.GET
        return [name for name in self.list_display if is_mixed or name != "state"]

    @admin.display(description="comment")
    def excerpt(self, comment):
        """The beginning of the text, with the digest of all of it, so that the actions know what was shown."""
        text = Truncator(" ".join(comment.body.split())).chars(EXCERPT_LENGTH)
        seen = format_html('<input type="hidden" name="seen-{}" value="{}">', comment.pk, comment.digest)
        return format_html("<bdi>{}</bdi>{}", text, seen)

    @admin.display(ordering="status")
    def state(self, comment):
        reason = f": {comment.get_reason_display()}" if comment.reason else ""
        return f"{comment.get_status_display()}{reason}"

    @admin.display(ordering="created_at")
    def received(self, comment):
        return f"{timesince(comment.created_at, depth=1)} ago"

    @admin.display(description="as readers see it")
    def as_shown(self, comment):
        return comment.safe_html

    # --- one decision ---

    def get_fieldsets(self, request, obj=None):
        shown, decision = self.fieldsets
        return [shown, decision] if self.has_moderate_permission(request) else [shown]

    def get_object(self, request, object_id, from_field=None):
        """When a decision comes in, nobody else decides about the same comment until it is taken."""
        comment = super().get_object(request, object_id, from_field)
        if comment and request.method == "POST":
            comment = Comment.objects.select_for_update().get(pk=comment.pk)
        return comment

    def save_model(self, request, obj, form, change):
        verb, _ = VERBS[form.verb]
        details = {}
        if form.verb == "reject":
            details = {"reason": form.cleaned_data["rejection_reason"], "note": form.cleaned_data["rejection_note"]}
        verb(obj, request.user, seen=form.cleaned_data["seen"], **details)

    def construct_change_message(self, request, form, formsets, add=False):
        return VERBS[form.verb][1].capitalize()

    def response_change(self, request, obj):
        self.message_user(request, f"“{obj}”: {obj.get_status_display().lower()}.", messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def render_change_form(self, request, context, *args, **kwargs):
        may_decide, now = self.has_moderate_permission(request), context["original"].status
        context["verbs"] = [verb for verb, status in RESULTS.items() if may_decide and status != now]
        response = super().render_change_form(request, context, *args, **kwargs)
        if context["adminform"].form.is_stale:
            response.status_code = 409
        return response

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
        """Decide about each by itself, and say of each one that could not be decided why."""
        decide, done = VERBS[verb]
        number = 0
        comments = list(queryset.order_by("created_at", "pk"))
        self._name_those_decided_meanwhile(request, comments)
        for comment in comments:
            # The digest is only ever compared; without one (another page than ours) the row as it is now counts.
            seen = request.POST.get(f"seen-{comment.pk}") or None
            try:
                changed = decide(comment, request.user, seen=seen, **details)
            except moderation.StaleDecision:
                self.message_user(request, f"“{comment}” has changed since you saw it. Read it again.", messages.ERROR)
            except Comment.DoesNotExist:
                self.message_user(request, f"“{comment}” does not exist any more.", messages.WARNING)
            else:
                number += changed
                if not changed:
                    self.message_user(request, f"“{comment}” was {done} already.", messages.WARNING)
        if number:
            self.message_user(request, f"{number} {done}.", messages.SUCCESS)

    def _name_those_decided_meanwhile(self, request, comments):
        """What was chosen on the page but is not in its list any more: a colleague was faster, and that stands."""
        found = {str(comment.pk) for comment in comments}
        missing = [pk for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if pk not in found]
        if missing and request.POST.get("select_across") != "1":
            for comment in Comment.objects.filter(pk__in=missing):
                state = comment.get_status_display().lower()
                self.message_user(
                    request, f"“{comment}” was decided meanwhile: {state}. That stands.", messages.WARNING
                )
