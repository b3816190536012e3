"""The review page of one comment, and the forms of its buttons."""

from collections import Counter
from datetime import timedelta

from django import forms
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.validators import RegexValidator
from django.db.models import Count, Q
from django.db.models.functions import Left
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.forms import BodyField, NameField
from comments.models import (
    NOTE_LENGTH,
    Ban,
    Batch,
    Comment,
    CommentKind,
    ModerationEntry,
    RejectReason,
    ReportReason,
    Status,
    Thread,
)
from comments.moderation import bulk, decisions, queues
from comments.moderation.decisions import may_answer, may_decide, may_pin
from comments.screening import checks
from publishing.bases.admin import find_row, row_or_404
from publishing.text.validators import validate_one_line, validate_storable

from ..base import holder_of, name_of, results, who_decided
from . import differences
from .thanks import correction_url

OPENING_LENGTH = 320
# Of a writer's decisions, newest first: how many are counted and shown, and how many waiting ones are counted.
WRITER_COUNTED, WRITER_SHOWN, WRITER_WAITING = 200, 5, 10
EXCERPT_LENGTH = 110
RECORD_SHOWN = 50
RECORDED = [
    "created_at", "old_status", "new_status", "reason", "note", "rule", "undoes", "moderator__username",
    "moderator__first_name", "moderator__last_name",
]  # fmt: skip
REVISIONS_SHOWN = 5
# How long the next page shows the decision before.
NOTICE_TIME = timedelta(hours=1)
TITLES = {
    CommentKind.PLAIN: _("%(queue)s: comment by %(name)s"),
    CommentKind.QUESTION: _("%(queue)s: question by %(name)s"),
    CommentKind.CORRECTION: _("%(queue)s: correction by %(name)s"),
    CommentKind.TIP: _("%(queue)s: tip by %(name)s"),
}
EMPTY = "admin/comments/comment/review_empty.html"


class DecisionForm(forms.Form):
    """With the digest of the text and the state that the moderator was shown."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    was = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)
    over_claim = forms.BooleanField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        validators=[validate_storable, validate_one_line],
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("Optional. The writer sees it with the reason."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data=None, *, verb=""):
        super().__init__(data)
        self.verb = verb

    def clean(self):
        if self.verb == "reject" and self.data.get("_reject") not in RejectReason.values:
            self.add_error("note", gettext("Choose a reason."))

    @property
    def details(self) -> dict:
        shown = {name: self.cleaned_data[name] for name in ("seen", "was", "over_claim")}
        if self.verb == "reject":
            shown |= {"reason": self.data["_reject"], "note": self.cleaned_data["note"]}
        return shown


class PreloadedForm(forms.Form):
    """The comments that the script has: their numbers, the one on the screen first, and the moment of the last one."""

    ahead = forms.CharField(required=False, validators=[RegexValidator(r"\A[0-9]{1,18}(,[0-9]{1,18}){0,11}\Z")])
    moment = forms.DateTimeField(required=False)

    @property
    def numbers(self) -> list[int]:
        return [int(number) for number in self.cleaned_data["ahead"].split(",") if number]

    @property
    def position(self) -> tuple | None:
        moment = self.cleaned_data["moment"]
        return (moment, self.numbers[-1]) if moment and self.numbers else None


class ReplyForm(forms.Form):
    name = NameField(label=_("Name"))
    body = BodyField(label=_("Reply"), widget=forms.Textarea({"rows": 5}))


# --- the page ---


def is_preload(request) -> bool:
    """Whether the script asks, which puts the answer into the page that it has."""
    return request.method == "POST" and "ahead" in request.POST


# The columns that the page needs: the long ones of an article cost the server's time, too.
COLUMNS = [field.name for field in Comment._meta.concrete_fields]
COLUMNS += ["article__title", "article__slug", "article__summary", "article__status", "article__published_at"]
COLUMNS += ["parent__name", "parent__body", "parent__status"]


def with_related(rows):
    rows = rows.select_related("article", "parent").only(*COLUMNS)
    return rows.annotate(opening=Left("article__text", 3 * OPENING_LENGTH))


def render_page(request, name, context, status=200):
    """For the script without the context processors, whose queries its part of the page does not need."""
    if not is_preload(request):
        return render(request, name, context, status=status)
    parts = {"csrf_token": get_token(request), "messages": get_messages(request)}
    return HttpResponse(render_to_string(name, context | parts), status=status)


def find_bare(number) -> Comment:
    return row_or_404(Comment.objects.only("status", "is_suspect", "created_at", "decided_at", "claimed_until"), number)


def find(number) -> Comment:
    return row_or_404(with_related(Comment.objects.all()), number)


def show(request, comment, place, *, status=200, **more):
    record, queue = _record(comment), place.queue
    revisions = comment.revisions.order_by("-created_at", "-pk")[:REVISIONS_SHOWN]
    colleague = holder_of(comment) if decisions.is_claimed_by_other(comment, request.user) else ""
    context = frame(request, place) | {
        "title": TITLES[comment.kind]
        % {
            "queue": queue.label if queue else comment.get_status_display(),
            "name": comment.name or gettext("an erased name"),
        },
        "comment": comment,
        "passage": comment.article.summary or Truncator(comment.opening or "").chars(OPENING_LENGTH),
        "pieces": checks.highlight(comment.body, comment.holds, "body"),
        "name_pieces": checks.highlight(comment.name, comment.holds, "name"),
        "reasons_held": comment.hold_reasons,
        "writer": _writer(comment),
        "reports": _reports(comment, record),
        "edits": differences.edits(comment, revisions) if comment.edited_at else [],
        "record": record,
        "colleague": colleague,
        "is_mine": decisions.is_claimed(comment) and not colleague,
        "is_pinned": comment.is_visible and Thread.objects.filter(pinned=comment).exists(),
        "is_withdrawn": decisions.is_withdrawn(comment),
        "may_be_pinned": comment.may_be_pinned,
        "correction_url": correction_url(comment, request.user),
        "ban_links": _ban_links(comment, place),
        "address": place.comment_url(comment.pk),
        "moment": getattr(comment, queue.moment) if queue else None,
        "form": DecisionForm(),
        "reply": ReplyForm(initial={"name": name_of(request.user)}),
    }
    return render_page(request, "admin/comments/comment/review.html", context | more, status)


def frame(request, place):
    user, batch = request.user, _latest(request, "batch", Batch.objects.select_related("ban"))
    preload = is_preload(request)
    return {
        **({} if preload else admin.site.each_context(request)),
        "is_preload": preload,
        "base_template": f"admin/comments/comment/review_{'part' if preload else 'base'}.html",
        "opts": Comment._meta,
        "is_nav_sidebar_enabled": False,
        # The script knows the other queues from the page.
        "summaries": queues.summaries(*[place.name] if place.queue and preload else []),
        "place": place,
        "kinds": CommentKind.choices,
        "reject_reasons": list(enumerate(RejectReason, 1)),
        "last": _latest(request, "decided", ModerationEntry.objects.select_related("comment")),
        "last_batch": batch,
        "last_results": [text for _, text in results(batch, bulk.progress(batch))] if batch else [],
        "may_decide": may_decide(user),
        "may_answer": may_answer(user),
        "may_pin": may_pin(user),
    }


def empty(place):
    waiting = queues.summaries(*queues.WAITING)
    return {
        "title": place.queue.title,
        "address": place.queue_url(),
        "has_claimed": place.rows().exists(),
        "following": next((other for other in waiting if other.number and other.queue is not place.queue), None),
    }


def _latest(request, name, rows):
    since = timezone.now() - NOTICE_TIME
    return find_row(rows.filter(moderator=request.user.pk, created_at__gt=since, undone_by=None), request.GET.get(name))


def _reports(comment, record):
    """How many readers gave which reason, and how many of them are open. Never for one that was always waiting."""
    if comment.status == Status.PENDING and len(record) == 1:
        return []
    counts = {"open": Count("pk", filter=Q(answered_at=None)), "answered": Count("answered_at")}
    rows = comment.reports.order_by("reason").values("reason").annotate(**counts)
    return [{"label": ReportReason(row["reason"]).label} | row for row in rows]


def _record(comment):
    entries = list(
        comment.entries.select_related("moderator").only(*RECORDED).order_by("-created_at", "-pk")[:RECORD_SHOWN]
    )
    for entry in entries:
        entry.who = who_decided(entry)
    return entries


def _writer(comment):
    """The history of the same browser's other comments; None if its key is not known. Two queries."""
    if not comment.reader:
        return None
    others = ModerationEntry.objects.by_reader(comment.reader).exclude(comment_number=comment.pk)
    latest = others.order_by("-created_at", "-pk").annotate(excerpt=Left("comment__body", EXCERPT_LENGTH + 1))
    fields = "comment_number", "new_status", "comment_id", "reason", "excerpt"
    seen = list(latest.values_list(*fields, named=True)[:WRITER_COUNTED])
    # The newest decision about each comment counts.
    latest = {entry.comment_number: entry.new_status for entry in reversed(seen)}
    counts = Counter(latest.values())
    waiting = Comment.objects.by_reader(comment.reader).filter(status=Status.PENDING).exclude(pk=comment.pk)
    return {
        "counts": [(status.inside, counts[status]) for status in Status if counts[status]],
        "decisions": [
            {
                "number": entry.comment_id,
                "state": Status(entry.new_status).label,
                "excerpt": Truncator(entry.excerpt or "").chars(EXCERPT_LENGTH),
                "reason": RejectReason(entry.reason).label if entry.reason else "",
            }
            for entry in seen[:WRITER_SHOWN]
        ],
        "counted": WRITER_COUNTED if len(seen) == WRITER_COUNTED else 0,
        "waiting": len(waiting.values_list("pk")[:WRITER_WAITING]),
        "most": WRITER_WAITING,
    }


def _ban_links(comment, place) -> list[tuple[str, str]]:
    """Label and address of each ban that is possible for the writer; `place` is where to continue afterwards."""
    known = [
        (Ban.Kind.READER, comment.reader, _("Ban this browser")),
        (Ban.Kind.EMAIL, comment.notify_id, _("Ban this e-mail address")),
        (Ban.Kind.NETWORK, comment.network, _("Ban this network")),
    ]
    add = reverse("admin:comments_ban_add")
    return [
        (label, add + queues.query_of(comment=comment.pk, kind=kind, queue=place.name, only=place.kind))
        for kind, value, label in known
        if value
    ]
