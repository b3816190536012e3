"""The writer's own view of a comment: how it stands, and what can still be done about it.

Whoever holds the signed link may read. To change something, it takes the cookie of the browser that wrote it as well.
"""

from django.core import signing
from django.forms import Form
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from publishing.bases.addressed import Gone
from publishing.cache import pages
from publishing.web import anonymous_ids, limits, same_origin
from publishing.web.refusals import (
    FOREIGN,
    UNREAD,
    UNREADABLE,
    Refused,
    SeeOther,
    waiting_time,
    with_retry,
)

from ..forms import READ_ONLY_SENTENCE, RevisionForm, SureForm
from ..models import RECEIPT_SALT, Comment, Status
from ..privacy import erasure
from ..reading import writer_status
from ..writing import submitting

EDIT_RATES = "10/10 minutes; 50/day"

NOT_YOURS = "You can only change a comment in the browser in which you wrote it, and not after clearing its cookies."
NOT_ERASABLE = "The name and text are already erased."


def _comment_of(token) -> Comment:
    """The comment that a receipt is about; Http404 for what is no receipt, Gone once it is deleted. One query."""
    try:
        primary_key = signing.Signer(salt=RECEIPT_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise Http404("Invalid status page link.") from error
    comment = Comment.objects.select_related("article", "notify").filter(pk=primary_key).first()
    if comment is None:
        raise Gone("This comment was deleted.")
    return comment


def _is_writer(request, comment) -> bool:
    return bool(comment.reader) and anonymous_ids.known_key(request) == comment.reader


@pages.personal
@require_safe
def receipt(request, token):
    """What became of one comment, for whoever holds its receipt. Three queries at most."""
    return _render(request, _comment_of(token), "comments/comment_receipt.html")


def _render(request, comment, template, *, status=200, refusal: Refused | None = None, **context):
    if refusal:
        status, context["problem"] = refusal.status, str(refusal)
    context |= {
        "comment": comment,
        "article": comment.article,
        "standing": writer_status.statuses([comment])[0],
        "is_writer": _is_writer(request, comment),
        "receipt_url": comment.get_receipt_url(),
    }
    if comment.status == Status.PENDING and template == "comments/comment_receipt.html":
        wait = writer_status.median_wait()
        context["usual_wait"] = writer_status.in_words(wait) if wait is not None else ""
    return with_retry(render(request, template, context, status=status), refusal and refusal.seconds)


def _check(request, comment, closed: str) -> None:
    """Raise `Refused` for a post that cannot change the comment; `closed` says why nobody can."""
    if not request.is_same_origin:
        raise Refused(FOREIGN)
    if request.maintenance.is_read_only:
        problem = f"{READ_ONLY_SENTENCE} Nothing was changed. Try again after the maintenance."
        raise Refused(problem, 503, request.maintenance.retry_after)
    if not _is_writer(request, comment):
        raise Refused(NOT_YOURS)
    if closed:
        raise Refused(closed, 409)


def _count_change(request) -> None:
    """Raise `Refused` when the network has used up its rate of changes."""
    if seconds := limits.seconds_to_wait(EDIT_RATES, "comment-change", anonymous_ids.network(request)):
        problem = f"Too many changes. Your text is below. Try again in {waiting_time(seconds)}."
        raise Refused(problem, 429, seconds)


def _closed(comment) -> str:
    """Why its text cannot be changed any more; empty while it waits."""
    return "" if comment.status == Status.PENDING else str(submitting.NotWaiting())


def _ask(request, comment, template, closed, form):
    """The page with the button; 403 or 409 where it would do nothing. The button is there with a form only."""
    is_writer = _is_writer(request, comment)
    problem = closed if is_writer else NOT_YOURS
    status = 403 if not is_writer else 409 if problem else 200
    return _render(request, comment, template, status=status, problem=problem, form=None if problem else form)


@same_origin.same_origin
@pages.personal
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, token):
    """Change a comment while it waits. GET: the form. POST: store, screen again, and lead to the receipt.

    Every refusal is the form as it was sent: 422 for what can be mended, 403 for a post from another site or another
    browser or by somebody banned, 409 once a moderator has decided, 429 and 503 with Retry-After, 413 for what is too
    big to be read.
    """
    comment, template = _comment_of(token), "comments/comment_edit.html"
    closed = _closed(comment)
    if request.method != "POST":
        now = {"name": comment.name, "kind": comment.kind, "body": comment.body}
        return _ask(request, comment, template, closed, RevisionForm(initial=now))
    try:
        form = RevisionForm(request.POST)
    except UNREADABLE:
        return _render(request, comment, template, status=413, problem=UNREAD)
    try:
        _check(request, comment, closed)
        if not form.is_valid():
            return _render(request, comment, template, form=form, status=422)
        _count_change(request)
        submitting.revise(comment, form.draft, anonymous_ids.client_address(request))
    except Refused as refusal:
        return _render(request, comment, template, form=form, refusal=refusal)
    return _receipt_of(comment)


def _receipt_of(comment):
    return SeeOther(f"{comment.get_receipt_url()}#main")


@same_origin.same_origin
@pages.personal
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, token):
    """Take a waiting comment back. GET asks, POST does it. 403, 409 and 503 as for an edit."""
    comment, template = _comment_of(token), "comments/comment_withdraw.html"
    closed = _closed(comment)
    if request.method != "POST":
        return _ask(request, comment, template, closed, Form())
    try:
        _check(request, comment, closed)
        submitting.withdraw(comment)
    except Refused as refusal:
        is_possible = _is_writer(request, comment) and not closed and refusal.status != 409
        return _render(request, comment, template, form=Form() if is_possible else None, refusal=refusal)
    return _receipt_of(comment)


@same_origin.same_origin
@pages.personal
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request, token):
    """Destroy the name and the text of one comment, in whatever state. GET asks, POST with a tick does it.

    422 without the tick; 403, 409 and 503 as for an edit.
    """
    comment, template = _comment_of(token), "comments/comment_erase.html"
    closed = NOT_ERASABLE if comment.erased_at else ""
    if request.method != "POST":
        return _ask(request, comment, template, closed, SureForm())
    form = SureForm(request.POST)
    try:
        _check(request, comment, closed)
    except Refused as refusal:
        return _render(request, comment, template, form=form, refusal=refusal)
    if not form.is_valid():
        return _render(request, comment, template, form=form, status=422)
    erasure.erase(Comment.objects.filter(pk=comment.pk))
    return _receipt_of(comment)


# In read-only maintenance the text goes back into its form instead of into a general page.
for view in (edit, withdraw, erase):
    view.handles_read_only = True
edit.takes = RevisionForm
