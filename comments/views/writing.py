"""Sending a comment."""

from urllib.parse import parse_qsl

from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from articles.models import Article
from articles.views import render_article
from publishing.web import anonymous_ids

from ..forms import CommentForm
from ..models import Thread
from ..models.draft import Sender
from ..screening import bans
from ..writing import policy, submitting
from .refusals import (
    READ_ONLY_SENTENCE,
    UNREAD,
    UNREADABLE,
    SeeOther,
    banned_sentence,
    is_read_only,
    waiting_time,
    with_retry,
)

TOO_MANY_FIELDS = (
    "This came with far more fields than our form has, so nothing was stored. What belongs to the form is still here: "
    "send it once more from this page."
)


def create(request, slug):
    """Hold a reader's comment for moderation and lead to its receipt.

    Every refusal is the whole article page with the form as it was sent: 422 for what can be mended, 403 for a post
    from another site, to a closed thread or by somebody banned, 429 with Retry-After for one too soon, 503 during
    maintenance, 413 for one too big to be read. One that breaks off on its way is a plain 400.
    """
    article = get_object_or_404(Article.objects.published().for_list().select_related("thread"), slug=slug)
    try:
        form = _form_as_sent(request, article)
    except UNREADABLE:
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
    reader = anonymous_ids.key_for_write(request)
    told = request.META
    sender = Sender(
        reader, anonymous_ids.client_address(request), told.get("HTTP_USER_AGENT", ""), told.get("HTTP_REFERER", "")
    )
    try:
        comment = submitting.submit(article, form.draft, sender)
    except submitting.TooSoon as refusal:
        return _refuse(
            request, form, 429, "That was quick. Your text is still here. "
            f"Try again in {waiting_time(refusal.seconds)}.", refusal.seconds
        )  # fmt: skip
    except bans.Banned as refusal:
        return _refuse(request, form, 403, banned_sentence(refusal))
    response = SeeOther(comment.get_receipt_url())
    anonymous_ids.remember(response, reader)
    return response


def _form_as_sent(request, article):
    """The form with what was sent; of more fields than anybody reads, with those that are its own.

    Raises `BadRequest` when the connection broke off: half a text is no comment. Raises one of `UNREADABLE` for what
    is too big.
    """
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared.isdecimal() and len(request.body) < int(declared):
        raise BadRequest("The request broke off on its way.")
    try:
        return CommentForm(request.POST, article=article)
    except TooManyFieldsSent:
        if request.content_type != "application/x-www-form-urlencoded":
            raise
    own = QueryDict(mutable=True)
    for name, value in parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True):
        if name in CommentForm.base_fields:
            own[name] = value
    form = CommentForm(own, article=article)
    form.add_error(None, TOO_MANY_FIELDS)
    return form


def _refuse(request, form, status, message=None, retry_after=None):
    if message:
        form.add_error(None, message)
    return with_retry(_page_with(request, form, status), retry_after)


def _refuse_unread(request, article):
    """Megabytes are not read at all, so this one refusal has no text to give back; the browser still has it."""
    form = CommentForm(article=article)
    form.unread = UNREAD
    return _page_with(request, form, 413)


def _page_with(request, form, status):
    """The whole article with the form as it was sent. Its text is fetched now that it is needed."""
    article = get_object_or_404(Article.objects.published().for_page(), pk=form.article.pk)
    return render_article(request, article, status=status, comment_form=form)
