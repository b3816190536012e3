"""Sending a comment, the writer's receipt, and the address of one comment."""

from math import ceil

from django.core import signing
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.views import render_article
from publishing import origin, pages, readers

from . import moderation
from .forms import CommentForm
from .models import RECEIPT_SALT, Comment

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


@origin.same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def create(request, slug):
    """Hold a reader's comment for moderation and lead to its receipt.

    Every refusal is the whole article page with the form as it was sent: 422 for what can be mended, 403 for a post
    from another site, 429 with Retry-After for one too soon, 503 during maintenance, 413 for one too big to be read.
    A browser that comes back to this address without a post is led to the form.
    """
    article = get_object_or_404(Article.objects.published().for_page(), slug=slug)
    if request.method != "POST":
        return redirect(article.get_absolute_url() + "#join")
    try:
        form = CommentForm(request.POST, article=article)
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
    if not form.is_valid():
        return _refuse(request, form, 422)
    reader = readers.key_for_write(request)
    try:
        comment = moderation.submit(
            article, form.cleaned_data["name"], form.cleaned_data["body"], reader, readers.network(request)
        )
    except moderation.TooSoon as refusal:
        return _refuse(
            request, form, 429, f"That was quick. Your text is still here. Try again in {in_words(refusal.seconds)}.",
            refusal.seconds,
        )  # fmt: skip
    response = HttpResponseRedirect(comment.get_receipt_url(), status=303)
    readers.remember(response, reader)
    return response


# In read-only maintenance the text goes back into its form instead of into a general page.
create.handles_read_only = True


def _refuse(request, form, status, message=None, retry_after=None):
    if message:
        form.add_error(None, message)
    response = render_article(request, form.article, status=status, comment_form=form)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refuse_unread(request, article):
    """Megabytes are not read at all, so this one refusal has no text to give back; the browser still has it."""
    form = CommentForm(article=article)
    form.unread = "This was far too long to be read. Go back one page: your browser has kept your text there."
    return render_article(request, article, status=413, comment_form=form)


@pages.personal
@require_safe
def receipt(request, token):
    """What became of one comment, for whoever holds its receipt. Two queries."""
    try:
        primary_key = signing.loads(token, salt=RECEIPT_SALT)
    except signing.BadSignature as error:
        raise Http404("This is not a receipt of ours.") from error
    comment = get_object_or_404(Comment.objects.select_related("article"), pk=primary_key)
    context = {"comment": comment, "article": comment.article}
    return render(request, "comments/comment_receipt.html", context)


@require_safe
def permalink(request, pk):
    """Lead to the comment's place on its article's page. One query."""
    comment = get_object_or_404(
        Comment.objects.approved().select_related("article").filter(article__in=Article.objects.published()), pk=pk
    )
    return redirect(f"{comment.article.get_absolute_url()}#{comment.anchor}")
