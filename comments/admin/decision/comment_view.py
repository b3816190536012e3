"""One comment at a time, with everything that a decision about it needs, and the forms of its buttons."""

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
from django.utils.http import urlencode
from django.utils.text import Truncator

from articles.models import Article
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
from comments.screening import checks
from publishing.bases.admin import find_row, row_or_404
from publishing.text.validators import validate_one_line, validate_storable

from ..base import holder_of, name_of, sentences, who_decided
from . import differences

OPENING_LENGTH = 320
# Of a writer's decisions, newest first: how many are counted, and how many shown with what was said.
WRITER_COUNTED, WRITER_SHOWN, WRITER_WAITING = 200, 5, 10
EXCERPT_LENGTH = 110
RECORD_SHOWN = 50
RECORDED = [
    "created_at", "old_status", "new_status", "reason", "note", "rule", "undoes", "moderator__username",
    "moderator__first_name", "moderator__last_name",
]  # fmt: skip
REVISIONS_SHOWN = 5
# How long the address of the next card tells of the decision before.
NOTICE_TIME = timedelta(hours=1)


class DecisionForm(forms.Form):
    """One decision about one comment, as the moderator was shown it: the digest of its text, and its state."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    was = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)
    over_claim = forms.BooleanField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Note",
        validators=[validate_storable, validate_one_line],
        max_length=NOTE_LENGTH,
        required=False,
        help_text="Optional. The writer sees it with the reason.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data=None, *, verb=""):
        super().__init__(data, auto_id="decide-%s")
        self.verb = verb

    def clean(self):
        if self.verb == "reject" and self.data.get("_reject") not in RejectReason.values:
            self.add_error("note", "Choose a reason.")

    @property
    def details(self) -> dict:
        """What the verb is given beside the comment and the moderator."""
        shown = {name: self.cleaned_data[name] for name in ("seen", "was", "over_claim")}
        if self.verb == "reject":
            shown |= {"reason": self.data["_reject"], "note": self.cleaned_data["note"]}
        return shown

    @property
    def shown_is_missing(self) -> bool:
        """Whether the form does not say what was on the page that it came from."""
        return self.has_error("seen") or self.has_error("was")


class AheadForm(forms.Form):
    """Which cards the page of a script has: their numbers, the one shown first, and the moment of the last one in the
    order of their queue."""

    ahead = forms.CharField(required=False, validators=[RegexValidator(r"\A[0-9]{1,18}(,[0-9]{1,18}){0,11}\Z")])
    moment = forms.DateTimeField(required=False)

    @property
    def numbers(self) -> list[int]:
        return [int(number) for number in self.cleaned_data["ahead"].split(",") if number]

    @property
    def place(self) -> tuple | None:
        moment = self.cleaned_data["moment"]
        return (moment, self.numbers[-1]) if moment and self.numbers else None


class AnswerForm(forms.Form):
    """A reply in the publication's name."""

    name = NameField(label="Name")
    body = BodyField(label="Reply", widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="answer-%s", **kwargs)


# --- the page ---


def is_ahead(request) -> bool:
    """Whether the script asks, which puts what it gets into the page that it has."""
    return request.method == "POST" and "ahead" in request.POST


def _but(model, *names):
    """The fields of a `model` that is joined, but for `names`: each column costs time, of the server's too."""
    return [field.name for field in model._meta.concrete_fields if field.name not in names]


NOT_SHOWN = [f"article__{name}" for name in _but(Article, "id", "title", "slug", "summary")]
NOT_SHOWN += [f"parent__{name}" for name in _but(Comment, "id", "name", "body", "status")]


def with_all_shown(rows):
    """The comments with what a card shows of other rows. The beginning of a conversation is a query of its own."""
    rows = rows.select_related("article", "parent").defer(*NOT_SHOWN)
    return rows.annotate(opening=Left("article__text", 3 * OPENING_LENGTH))


def render_page(request, name, context, status=200):
    """A page of the desk. For the script without the context processors, of which the card alone needs none."""
    if not is_ahead(request):
        return render(request, name, context, status=status)
    parts = {"csrf_token": get_token(request), "messages": get_messages(request)}
    return HttpResponse(render_to_string(name, context | parts), status=status)


def find_bare(number) -> Comment:
    """The comment with its place in the queues alone. One query; Http404 if there is none."""
    return row_or_404(Comment.objects.only("status", "is_suspect", "created_at", "decided_at", "claimed_until"), number)


def find(number) -> Comment:
    """The comment with all that its card shows of other rows. One query; Http404 if there is none."""
    return row_or_404(with_all_shown(Comment.objects.all()), number)


def show(request, comment, queue=None, kind="", *, status=200, **more):
    """The card. At most eight queries more than its frame, whatever the length of queue, thread and record."""
    record = _record(comment)
    colleague = holder_of(comment) if decisions.is_claimed_by_other(comment, request.user) else ""
    context = frame(request, queue, kind) | {
        "title": f"{queue.label if queue else comment.get_status_display()}: {comment.get_kind_display().lower()} "
        f"by {comment.name or 'an erased name'}",
        "comment": comment,
        "passage": comment.article.summary or Truncator(comment.opening or "").chars(OPENING_LENGTH),
        "pieces": _marked(comment, "body"),
        "name_pieces": _marked(comment, "name"),
        "reasons_held": [hold["detail"] for hold in comment.holds if hold.get("detail")],
        "writer": _writer(comment),
        "reports": _reports(comment) if _was_public(comment, record) else [],
        "edits": _edits(comment),
        "record": record,
        "colleague": colleague,
        "is_mine": bool(holder_of(comment)) and not colleague,
        "is_pinned": _is_pinned(comment),
        "is_withdrawn": decisions.is_withdrawn(comment),
        "may_be_pinned": comment.may_be_pinned,
        "ban_links": _ban_links(request.user, comment, queue.name if queue else "", kind),
        "reject_reasons": list(enumerate(RejectReason, 1)),
        "address": queues.card_url(comment.pk, queue, kind),
        "moment": getattr(comment, queue.moment) if queue else None,
        "form": DecisionForm(),
        "answer": AnswerForm(initial={"name": name_of(request.user)}),
    }
    return render_page(request, "admin/comments/comment/card.html", context | more, status)


def frame(request, queue, kind):
    """What every page of the desk shows around its card: the queues, the last decision, who may do what."""
    user = request.user
    return {
        **({} if is_ahead(request) else admin.site.each_context(request)),
        "is_ahead": is_ahead(request),
        "desk_base": f"admin/comments/comment/{'desk_ahead' if is_ahead(request) else 'desk_base'}.html",
        "opts": Comment._meta,
        "is_nav_sidebar_enabled": False,
        # The script knows the other queues from the page.
        "summaries": queues.summaries(*[queue.name] if queue and is_ahead(request) else []),
        "desk_queue": queue,
        "desk_kind": kind,
        "queue_query": queues.query_of(queue, kind),
        "kinds": CommentKind.choices,
        "last": _last_decision(request),
        "last_batch": _last_batch(request),
        "may_decide": decisions.may_decide(user),
        "may_answer": decisions.may_answer(user),
        "may_pin": decisions.may_pin(user),
        "Status": Status,
    }


def empty(queue, kind):
    """What a page shows instead of a card where a queue has none that is free. Two queries."""
    found = queues.summaries(*queues.WAITING)
    return {
        "title": f"{queue.label} comments",
        "address": queues.desk_url(queue, kind),
        "has_claimed": queue.walk(kind).exists(),
        "following": queues.next_with_something(found, queue),
    }


def _was_public(comment, record):
    """Whether readers can have reported it: not one that has waited from the beginning."""
    return comment.status != Status.PENDING or len(record) != 1


def _last_decision(request):
    """What this moderator decided on the card before, as long as it can be taken back."""
    return _latest(request, "decided", ModerationEntry.objects.select_related("comment"))


def _last_batch(request):
    """The same of a decision about many: what its notice says, and what can be undone."""
    batch = _latest(request, "batch", Batch.objects.select_related("ban"))
    return batch and {"batch": batch, "said": [sentence for _, sentence in sentences(batch, bulk.progress(batch))]}


def _latest(request, name, rows):
    since = timezone.now() - NOTICE_TIME
    return find_row(rows.filter(moderator=request.user.pk, created_at__gt=since, undone_by=None), request.GET.get(name))


def _marked(comment, field):
    """The original text in pieces, those that screening found marked."""
    return checks.highlight(getattr(comment, field), comment.holds, field)


def _reports(comment):
    """How many readers gave which reason, and how many of them wait for an answer."""
    waiting = Count("pk", filter=Q(answered_at=None))
    answered = Count("pk", filter=Q(answered_at__isnull=False))
    rows = comment.reports.order_by("reason").values("reason").annotate(open=waiting, answered=answered)
    return [{"label": ReportReason(row["reason"]).label} | row for row in rows]


def _edits(comment):
    if not comment.edited_at:
        return []
    revisions = list(comment.revisions.order_by("-created_at", "-pk")[:REVISIONS_SHOWN])
    return differences.edits(comment, revisions[::-1])


def _record(comment):
    entries = list(
        comment.entries.select_related("moderator").only(*RECORDED).order_by("-created_at", "-pk")[:RECORD_SHOWN]
    )
    for entry in entries:
        entry.who = who_decided(entry)
    return entries


def _is_pinned(comment):
    return comment.is_visible and Thread.objects.filter(pinned=comment).exists()


def _writer(comment):
    """What became of the writer's other comments, as far as the browser's key tells who that is. Two queries."""
    if not comment.reader:
        return None
    others = ModerationEntry.objects.by_reader(comment.reader).exclude(comment_number=comment.pk)
    latest = others.order_by("-created_at", "-pk").annotate(said=Left("comment__body", EXCERPT_LENGTH + 1))
    fields = "comment_number", "new_status", "comment_id", "reason", "said"
    seen = list(latest.values_list(*fields, named=True)[:WRITER_COUNTED])
    # The first one of each is the one that stands.
    latest = {entry.comment_number: entry.new_status for entry in reversed(seen)}
    counts = Counter(latest.values())
    waiting = Comment.objects.by_reader(comment.reader).filter(status=Status.PENDING).exclude(pk=comment.pk)
    return {
        "counts": [(status.label, counts[status]) for status in Status if counts[status]],
        "decisions": [_past(entry) for entry in seen[:WRITER_SHOWN]],
        "counted": WRITER_COUNTED if len(seen) == WRITER_COUNTED else 0,
        "waiting": len(waiting.values_list("pk")[:WRITER_WAITING]),
        "most": WRITER_WAITING,
    }


def _past(entry):
    """One decision about another comment of the same writer, in words."""
    reason = RejectReason(entry.reason).label if entry.reason else ""
    said = Truncator(entry.said or "").chars(EXCERPT_LENGTH)
    return {"number": entry.comment_id, "state": Status(entry.new_status).label, "said": said, "reason": reason}


def _ban_links(user, comment: Comment, queue: str = "", only: str = "") -> list[tuple[str, str]]:
    """Where the writer of `comment` can be banned, by what is known of them: pairs of label and address. `queue` and
    the kind of comment `only` say where it goes on afterwards."""
    if not decisions.may_decide(user):
        return []
    known = {"reader": comment.reader, "email": comment.notify_id, "network": comment.network}
    labels = {Ban.Kind.READER: "this browser", Ban.Kind.EMAIL: "this e-mail address", Ban.Kind.NETWORK: "this network"}
    add, place = reverse("admin:comments_ban_add"), {"queue": queue, "only": only}
    place = urlencode({name: value for name, value in place.items() if value})
    return [
        (label, f"{add}?comment={comment.pk}&kind={kind}{'&' if place else ''}{place}")
        for kind, label in labels.items()
        if known[kind]
    ]
