"""Sending a comment."""

from math import ceil

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404

from articles.models import Article
from articles.views import render_article
from publishing import readers

from .. import bans, policy, submitting
from ..drafts import Sender
from ..forms import CommentForm
from ..models import Thread

READ_ONLY_SENTENCE = "Comments are read-only during maintenance."


def is_read_only(request) -> bool:
    """Whether maintenance keeps readers from writing just now."""
    return getattr(getattr(request, "maintenance", None), "state", "") == "read-only"


def in_words(seconds: int) -> str:
    """A wait as a person says it, rounded up: "1 second", "12 seconds", "3 minutes", "5 hours"."""
    for unit, length in (("second", 1), ("minute", 60), ("hour", 3600)):
        number = ceil(seconds / length)
        if number < 60 or unit == "hour":
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def create(request, slug):
    """Hold a reader's comment for moderation and lead to its receipt.

    Every refusal is the whole article page with the form as it was sent: 422 for what can be mended, 403 for a post
    from another site, to a closed thread or by somebody banned, 429 with Retry-After for one too soon, 503 during
    maintenance, 413 for one too big to be read. One that breaks off on its way is a plain 400.
    """
    article = get_object_or_404(Article.objects.published().for_list().select_related("thread"), slug=slug)
    try:
        form = _form_as_sent(request, article)
    except RequestDataTooBig:
        return _refuse_unread(request, article)
    if not request.is_same_origin:
        return _refuse(
            request, form, 403, "This did not come from our own page, so nothing was stored. Your text is still here: "
            "read it through and send it from this page."
        )  # fmt: skip
    if is_read_only(request):
        return _refuse(
            request, form, 503, f"{READ_ONLY_SENTENCE} Nothing was stored. Your text is still here: send it once more "
            "when the work is over.", request.maintenance.retry_after
        )  # fmt: skip
    if not policy.is_open(article, Thread.of(article)):
        return _refuse(request, form, 403, "Comments under this article are closed. Nothing was stored.")
    if not form.is_valid():
        return _refuse(request, form, 422)
    reader = readers.key_for_write(request)
    told = request.META
    sender = Sender(
        reader, readers.client_address(request), told.get("HTTP_USER_AGENT", ""), told.get("HTTP_REFERER", "")
    )
    try:
        comment = submitting.submit(article, form.draft, sender)
    except submitting.TooSoon as refusal:
        return _refuse(
            request, form, 429, f"That was quick. Your text is still here. Try again in {in_words(refusal.seconds)}.",
            refusal.seconds,
        )  # fmt: skip
    except bans.Banned as refusal:
        return _refuse(request, form, 403, banned_sentence(refusal.until))
    response = HttpResponseRedirect(comment.get_receipt_url(), status=303)
    readers.remember(response, reader)
    return response


def _form_as_sent(request, article):
    """The form with what was sent. Raises `BadRequest` when the connection broke off: half a text is no comment."""
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared.isdecimal() and len(request.body) < int(declared):
        raise BadRequest("The request broke off on its way.")
    return CommentForm(request.POST, article=article)


def banned_sentence(until) -> str:
    """What somebody who is banned is told."""
    end = f" until {until:%-d %B %Y}" if until else ""
    return f"You cannot comment here{end}. Nothing was stored; your text is still here."


def _refuse(request, form, status, message=None, retry_after=None):
    if message:
        form.add_error(None, message)
    response = _page_with(request, form, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refuse_unread(request, article):
    """Megabytes are not read at all, so this one refusal has no text to give back; the browser still has it."""
    form = CommentForm(article=article)
    form.unread = "This was far too long to be read. Go back one page: your browser has kept your text there."
    return _page_with(request, form, 413)


def _page_with(request, form, status):
    """The whole article with the form as it was sent. Its text is fetched now that it is needed."""
    article = get_object_or_404(Article.objects.published().for_page(), pk=form.article.pk)
    return render_article(request, article, status=status, comment_form=form)
