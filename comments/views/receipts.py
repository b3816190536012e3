"""The status page of a comment, and the pages on which its writer edits, withdraws or erases it.

Everyone with the signed link may read. Changing something takes the cookie of the browser that wrote the comment.
"""

from django.core import signing
from django.forms import Form, model_to_dict
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from publishing.bases.addressed import Gone
from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.web import anonymous_ids, limits
from publishing.web.refusals import UNREAD, UNREADABLE, Refused, SeeOther, waiting_time, with_retry

from ..forms import RevisionForm, SureForm, check_write
from ..models import RECEIPT_SALT, Comment, Status
from ..privacy import erasure
from ..reading import writer_status
from ..writing import submitting

EDIT_RATES = "10/10 minutes; 50/day"

NOT_YOURS = _("You can only change a comment in the browser in which you wrote it, and not after clearing its cookies.")
NOT_ERASABLE = _("The name and text are already erased.")


def _comment_of(token) -> Comment:
    """The comment of a receipt. Raises Http404 for an invalid one, Gone once the comment is deleted. One query."""
    try:
        primary_key = signing.Signer(salt=RECEIPT_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise Http404("Invalid status page link.") from error
    comment = Comment.objects.select_related("article", "notify").filter(pk=primary_key).first()
    if comment is None:
        raise Gone(gettext("This comment was deleted."))
    return comment


def _is_writer(request, comment) -> bool:
    return bool(comment.reader) and anonymous_ids.known_key(request) == comment.reader


@in_group(Group.COMMENTS)
@pages.personal
@require_safe
def receipt(request, token):
    comment = _comment_of(token)
    usual_wait = writer_status.usual_wait() if comment.status == Status.PENDING else ""
    return _render(request, comment, "receipt", usual_wait=usual_wait)


def _render(request, comment, name, *, status=200, **context):
    context |= {
        "comment": comment,
        "article": comment.article,
        "writer_status": writer_status.statuses([comment])[0],
        "is_writer": _is_writer(request, comment),
        "receipt_url": comment.get_receipt_url(),
    }
    return render(request, f"comments/comment_{name}.html", context, status=status)


def _change(request, comment, name, form_class, closed, save):
    """GET the form, or why the comment cannot be changed. POST: `save` what the form says, and lead to the receipt.

    `closed` says why it cannot be changed. Refusals give the text back: 422 for an invalid form; 403 for another
    browser, another site and the banned; 409 once it is too late; 413, 429 and 503.
    """
    is_writer = _is_writer(request, comment)
    if request.method != "POST":
        problem = closed if is_writer else NOT_YOURS
        form = None if problem else form_class(initial=model_to_dict(comment, ["name", "kind", "body"]))
        status = 403 if not is_writer else 409 if problem else 200
        return _render(request, comment, name, status=status, problem=problem, form=form)
    try:
        form = form_class(request.POST)
    except UNREADABLE:
        return _render(request, comment, name, status=413, problem=UNREAD)
    try:
        check_write(request)
        if not is_writer:
            raise Refused(NOT_YOURS)
        if closed:
            raise Refused(closed, 409)
        if not form.is_valid():
            return _render(request, comment, name, form=form, status=422)
        save(form)
    except Refused as refusal:
        # A form without a text has nothing to give back, so it is only shown if a second try can succeed.
        is_shown = "body" in form.fields or (is_writer and refusal.status != 409)
        form = form if is_shown else None
        response = _render(request, comment, name, form=form, status=refusal.status, problem=str(refusal))
        return with_retry(response, refusal.seconds)
    return SeeOther(f"{comment.get_receipt_url()}#main")


def _closed(comment) -> str:
    return "" if comment.status == Status.PENDING else str(submitting.NotWaiting())


def _of_the_writer(view):
    view = pages.personal(require_http_methods(["GET", "HEAD", "POST"])(view))
    # In read-only maintenance the text goes back into its form instead of into a general page.
    view.handles_read_only = True
    return view


@in_group(Group.COMMENTS)
@_of_the_writer
def edit(request, token):
    """Change a comment while it waits; it is screened again."""
    comment = _comment_of(token)

    def save(form):
        if seconds := limits.seconds_to_wait(EDIT_RATES, "comment-change", anonymous_ids.network(request)):
            sentence = gettext("Too many changes. Try again in %(time)s.") % {"time": waiting_time(seconds)}
            raise Refused(sentence, 429, seconds)
        submitting.revise(comment, form.draft, anonymous_ids.client_address(request))

    return _change(request, comment, "edit", RevisionForm, _closed(comment), save)


edit.takes = RevisionForm


@in_group(Group.COMMENTS)
@_of_the_writer
def withdraw(request, token):
    """Withdraw a comment while it waits."""
    comment = _comment_of(token)
    return _change(request, comment, "withdraw", Form, _closed(comment), lambda form: submitting.withdraw(comment))


@in_group(Group.COMMENTS)
@_of_the_writer
def erase(request, token):
    """Delete the name and the text of one comment, in whatever state."""
    comment = _comment_of(token)
    closed = NOT_ERASABLE if comment.erased_at else ""
    return _change(request, comment, "erase", SureForm, closed, lambda form: erasure.erase([comment]))
