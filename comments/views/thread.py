"""The thread under an article: its pages, the form under it, and the address of one comment."""

from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.db.models import Subquery
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.views import render_article
from publishing.cache import pages
from publishing.web import anonymous_ids, same_origin
from publishing.web.refusals import UNREAD, UNREADABLE, Refused, SeeOther, with_retry

from ..forms import READ_ONLY_SENTENCE, CommentForm, PageForm
from ..models import Comment, CommentSettings, Thread
from ..models.draft import Sender
from ..reading import thread_pages
from ..writing import submitting

JSON_PAGE = 100
TOO_MANY_FIELDS = (
    "The form had too many fields, so nothing was saved. Your text is below: submit it again from this page."
)


@same_origin.same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request, slug):
    """GET a page of the thread, POST a comment to it. Four queries at most for a page, however deep.

    An address that no page of ours links to is 404. One that has become another page's leads there: the first page is
    the article's own, and where nothing comes after any more, it goes on from the start.
    """
    if request.method == "POST":
        return _create(request, slug)
    article = get_object_or_404(Article.objects.published().for_list().select_related("thread"), slug=slug)
    form = PageForm(request.GET)
    if not form.is_valid():
        raise Http404("No such page of a thread.")
    if number := form.number("under"):
        return _conversation(request, article, number, form.number("after"), form.number("before"))
    if number := form.number("reply"):
        return _reply(request, article, number)
    return _page(request, article, form)


# In read-only maintenance the text goes back into its form instead of into a general page.
thread.handles_read_only = True
# The labels of the page that comes when there is no database to make another one from.
thread.takes = CommentForm


def _page(request, article, form):
    newest_first, keys = form.cleaned_data["sort"] == "newest", {key: form.number(key) for key in ("after", "before")}
    if not newest_first and not any(keys.values()):
        return redirect(article.get_absolute_url() + "#join")
    page = thread_pages.page(article, newest_first=newest_first, **keys)
    if any(keys.values()) and not page.conversations:
        return redirect(thread_pages.thread_url(article, newest_first))
    return render(request, "comments/thread.html", _context(article, thread_page=page))


def _conversation(request, article, number, after, before):
    root = get_object_or_404(Comment.objects.roots(article), pk=number)
    root.article = article
    conversation = thread_pages.conversation_page(root, after, before)
    if not conversation.replies:
        return redirect(root)
    return render(request, "comments/thread_conversation.html", _context(article, conversation=conversation))


def _reply(request, article, number):
    parent = get_object_or_404(Comment.objects.in_thread(article), pk=number)
    if not parent.may_be_answered:
        raise Http404("You cannot reply to this comment.")
    parent.article = article
    form = CommentForm(article=article, read_only=request.maintenance.is_read_only, parent=parent)
    return render(request, "comments/thread_reply.html", _context(article, parent=parent, comment_form=form))


def _context(article, **context):
    """Search engines find the comments with the article, under its address."""
    return {
        "article": article,
        "canonical": article.canonical_url or settings.SITE_URL + article.get_absolute_url(),
    } | context


@require_safe
def permalink(request, pk):
    """Lead to the comment's place on its article's page; 410 once it was taken off it. Four queries at most."""
    visible = Comment.objects.visible().filter(article__in=Article.objects.published())
    return redirect(thread_pages.place_of(thread_pages.public_or_gone(visible.select_related("article__thread"), pk)))


def permalinks(article) -> list[str]:
    """The addresses of all comments under `article` that readers ever saw. One query."""
    keys = Comment.objects.filter(article=article).ever_public().values_list("pk", flat=True)
    return [Comment(pk=key).get_absolute_url() for key in keys]


# --- the thread for programs ---


@require_safe
def thread_json(request, slug):
    """The visible comments under an article, 100 a page, in the order of reading; `next` leads on. Two queries.

    Nothing in it tells who wrote a comment but the name that stands beside it.
    """
    article = get_object_or_404(Article.objects.published().for_list().select_related("thread"), slug=slug)
    form = PageForm(request.GET)
    if not form.is_valid() or not set(filter(form.cleaned_data.get, form.cleaned_data)) <= {"after"}:
        raise Http404("No such page of a thread.")
    comments = Comment.objects.in_thread(article)
    if after := form.number("after"):
        comments = comments.filter(path__gt=Subquery(Comment.objects.filter(article=article, pk=after).values("path")))
    fields = ("parent", "depth", "kind", "name", "html", "created_at", "is_editorial", "erased_at")
    rows = list(comments.only(*fields)[: JSON_PAGE + 1])
    shown = rows[:JSON_PAGE]
    address = settings.SITE_URL + reverse("comments:thread-json", args=[article.slug])
    pages.cacheable(request, f"article:{article.pk}")
    data = {
        "article": settings.SITE_URL + article.get_absolute_url(),
        "comment_count": Thread.of(article).comment_count,
        "comments": [_as_dict(comment) for comment in shown],
        "next": f"{address}?after={shown[-1].pk}" if len(rows) > JSON_PAGE else None,
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _as_dict(comment):
    return {
        "id": comment.pk,
        "parent": comment.parent_id,
        "depth": comment.depth,
        "kind": comment.kind,
        "name": comment.name,
        "html": comment.html,
        "created_at": comment.created_at.isoformat(),
        "is_editorial": comment.is_editorial,
        "is_erased": comment.erased_at is not None,
        "url": settings.SITE_URL + comment.get_absolute_url(),
    }


# --- sending a comment ---


def _create(request, slug):
    """Hold a reader's comment for moderation and lead to its receipt.

    Every refusal is the whole article page with the form as it was sent: 422 for what can be mended, 403 for a post
    from another site, to a closed thread or by somebody banned, 429 with Retry-After for one too soon, 503 during
    maintenance, 413 for one too big to be read. One that breaks off on its way is a plain 400.
    """
    article = get_object_or_404(Article.objects.published().for_list().select_related("thread"), slug=slug)
    try:
        form = _form_as_sent(request, article)
    except UNREADABLE:
        # Megabytes are not read at all, so this one refusal has no text to give back; the browser still has it.
        form = CommentForm(article=article)
        form.unread = UNREAD
        return _page_with(request, form, 413)
    if not request.is_same_origin:
        return _refuse(
            request, form, 403, "The form came from another site, so nothing was saved. Your text is below: "
            "check it and submit it from this page."
        )  # fmt: skip
    if request.maintenance.is_read_only:
        return _refuse(
            request, form, 503, f"{READ_ONLY_SENTENCE} Nothing was saved. Your text is below: submit it again "
            "after the maintenance.", request.maintenance.retry_after
        )  # fmt: skip
    if not CommentSettings.current().is_open(article, Thread.of(article)):
        return _refuse(request, form, 403, "Comments on this article are closed. Nothing was saved.")
    if not form.is_valid():
        return _refuse(request, form, 422)
    reader = anonymous_ids.key_for_write(request)
    told = request.META
    sender = Sender(
        reader, anonymous_ids.client_address(request), told.get("HTTP_USER_AGENT", ""), told.get("HTTP_REFERER", "")
    )
    try:
        comment = submitting.submit(article, form.draft, sender)
    except Refused as refusal:
        return _refuse(request, form, refusal.status, str(refusal), refusal.seconds)
    response = SeeOther(f"{comment.get_receipt_url()}#main")
    anonymous_ids.remember(response, reader)
    return response


def _form_as_sent(request, article):
    """The form with what was sent; of more fields than anybody reads, with those that are its own.

    Raises `BadRequest` when the connection broke off: half a text is no comment. Raises one of `UNREADABLE` for what
    is too big.
    """
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared.isdecimal() and len(request.body) < int(declared):
        raise BadRequest("The request was interrupted.")
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


def _page_with(request, form, status):
    """The whole article with the form as it was sent. Its text is fetched now that it is needed."""
    article = get_object_or_404(Article.objects.published().for_page(), pk=form.article.pk)
    return render_article(request, article, status=status, comment_form=form)
