"""The thread under an article, page by page, and the address of one comment."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from publishing.web import same_origin

from ..forms import CommentForm, PageForm
from ..models import Comment
from ..reading import thread_pages
from . import writing
from .refusals import is_read_only, public_or_gone


@same_origin.same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request, slug):
    """GET a page of the thread, POST a comment to it. Four queries at most for a page, however deep.

    An address that no page of ours links to is 404. One that has become another page's leads there: the first page is
    the article's own, and where nothing comes after any more, it goes on from the start.
    """
    if request.method == "POST":
        return writing.create(request, slug)
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
        raise Http404("This comment takes no answers.")
    parent.article = article
    form = CommentForm(article=article, read_only=is_read_only(request), parent=parent)
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
    return redirect(thread_pages.place_of(public_or_gone(visible.select_related("article__thread"), pk)))
