"""The thread under an article: its pages, the form under it, and the address of one comment."""

from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.db.models import SlugField, Subquery
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.views import render_article
from publishing.cache import pages
from publishing.database.prepared import NOW, Parameter, Prepared
from publishing.groups import Group, in_group
from publishing.web import anonymous_ids
from publishing.web.refusals import UNREAD, UNREADABLE, Refused, SeeOther, with_retry

from ..forms import CommentForm, PageForm, check_write
from ..models import Comment, CommentSettings, Thread
from ..models.draft import Sender
from ..reading import thread_pages
from ..writing import submitting

_with_slug = Prepared(
    Article.objects.published(NOW).for_list().select_related("thread").filter(slug=Parameter("slug", SlugField()))
)

# A page of the article, for a refused comment, reads the rest.
_to_comment_on = Prepared(
    Article.objects.published(NOW)
    .select_related("thread")
    .only("slug", "published_at", "thread")
    .filter(slug=Parameter("slug", SlugField()))
)

JSON_PAGE = 100
TOO_MANY_FIELDS = _("The form had too many fields. Submit it again from this page.")


@in_group(Group.COMMENTS)
@pages.reads(*PageForm.base_fields)
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request, slug):
    """GET a page of the thread, POST a comment to it. Five queries at most for a page, however deep.

    The first page redirects to the article, and a page on which nothing is left to the first one. What no page of ours
    links to is 404.
    """
    if request.method == "POST":
        return _create(request, slug)
    article = _article(slug)
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
# Labels the fields on the page for a lost database.
thread.takes = CommentForm


def _article(slug) -> Article:
    article = _with_slug.first(slug=slug)
    if article is None:
        raise Http404("No such article.")
    return article


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
    form = CommentForm(article=article, parent=parent)
    return render(request, "comments/thread_reply.html", _context(article, parent=parent, comment_form=form))


def _context(article, **context):
    # Search engines find the comments with the article, under its address.
    canonical = article.canonical_url or settings.SITE_URL + article.get_absolute_url()
    return {"article": article, "canonical": canonical} | context


@in_group(Group.COMMENTS)
@require_safe
def permalink(request, pk):
    """Redirect to the comment on the page that shows it; 410 once it is hidden. Five queries at most."""
    visible = Comment.objects.visible().on_published_articles()
    return redirect(thread_pages.place_of(thread_pages.public_or_gone(visible.select_related("article__thread"), pk)))


def permalinks(article) -> list[str]:
    """The permalinks of all comments on `article` that were ever public. One query."""
    keys = Comment.objects.filter(article=article).ever_public().values_list("pk", flat=True)
    return [Comment(pk=key).get_absolute_url() for key in keys]


# --- the thread for programs ---


@in_group(Group.COMMENTS)
@pages.reads(*PageForm.base_fields)
@require_safe
def thread_json(request, slug):
    """The visible comments on an article, 100 a page, in the order of the thread; `next` is the next page."""
    article = _article(slug)
    form = PageForm(request.GET)
    if not form.is_valid() or not set(filter(form.cleaned_data.get, form.cleaned_data)) <= {"after"}:
        raise Http404("No such page of a thread.")
    comments = Comment.objects.in_thread(article)
    if after := form.number("after"):
        comments = comments.filter(path__gt=Subquery(Comment.objects.filter(article=article, pk=after).values("path")))
    fields = ("parent", "depth", "kind", "name", "html", "created_at", "is_editorial", "erased_at")
    rows = list(comments.only(*fields)[: JSON_PAGE + 1])
    shown = rows[:JSON_PAGE]
    url = settings.SITE_URL + reverse("comments:thread-json", args=[article.slug])
    pages.cacheable(request, f"link:{article.pk}", f"thread:{article.pk}")
    data = {
        "article": settings.SITE_URL + article.get_absolute_url(),
        "comment_count": Thread.for_article(article).comment_count,
        "comments": [_as_dict(comment) for comment in shown],
        "next": f"{url}?after={shown[-1].pk}" if len(rows) > JSON_PAGE else None,
    }
    headers = {"Access-Control-Allow-Origin": "*", "X-Robots-Tag": "noindex"}
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False}, headers=headers)


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
    """Send a reader's comment and lead to its receipt.

    Every refusal is the whole article page with the form as it was sent: 422 for an invalid form; 403 for another
    site, a closed thread and the banned; 413, 429 and 503. A connection that breaks off gets a plain 400.
    """
    article = _to_comment_on.first(slug=slug)
    if article is None:
        raise Http404("No such article.")
    try:
        form = _form_as_sent(request, article)
    except UNREADABLE:
        # Megabytes are not read at all, so only this refusal has no text to give back; the browser still has it.
        form = CommentForm(article=article)
        form.unread = UNREAD
        return _page_with(request, form, 413)
    reader = anonymous_ids.key_for_write(request)
    headers = (request.META.get(name, "") for name in ("HTTP_USER_AGENT", "HTTP_REFERER"))
    sender = Sender(reader, anonymous_ids.client_address(request), *headers)
    try:
        check_write(request)
        if not CommentSettings.current().is_open(article, Thread.for_article(article)):
            raise Refused(gettext("Comments on this article are closed."))
        if not form.is_valid():
            return _page_with(request, form, 422)
        comment = submitting.submit(article, form.draft, sender)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return with_retry(_page_with(request, form, refusal.status), refusal.seconds)
    response = SeeOther(f"{comment.get_receipt_url()}#main")
    anonymous_ids.remember(response, reader)
    return response


def _form_as_sent(request, article):
    """The form with what was sent; if there are too many fields, with its own.

    Raises `BadRequest` for half a text, from a connection that broke off, and one of `UNREADABLE` for too much.
    """
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared.isdecimal() and len(request.body) < int(declared):
        raise BadRequest("The request was interrupted.")
    try:
        return CommentForm(request.POST, article=article)
    except TooManyFieldsSent:
        if request.content_type != "application/x-www-form-urlencoded":
            raise
    pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    own = QueryDict(mutable=True)
    own.update({name: value for name, value in pairs if name in CommentForm.base_fields})
    form = CommentForm(own, article=article)
    form.add_error(None, TOO_MANY_FIELDS)
    return form


def _page_with(request, form, status):
    """The whole article, whose text is fetched only now, with the form as it was sent."""
    article = get_object_or_404(Article.objects.published().for_page(), pk=form.article.pk)
    return render_article(request, article, status=status, comment_form=form)
