"""What is said under the articles, for programs: Atom feeds of the newest comments, and a thread as JSON."""

from django.conf import settings
from django.db.models import Subquery
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Article
from publishing.bases.feeds import Atom, SiteFeed
from publishing.cache import pages
from publishing.models import Publication

from .forms import PageForm
from .models import Comment, Thread

NUMBER = 40
JSON_PAGE = 100


class NewestComments(SiteFeed):
    """The newest comments of the whole publication, as they appeared. One query."""

    feed_type = Atom
    page_names = ("comments",)

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def title(self, article=None):
        return f"Comments · {Publication.current().name}"

    def subtitle(self, article=None):
        return Publication.current().comments_sentence

    def link(self, article=None):
        return settings.SITE_URL + "/"

    def feed_url(self, article=None):
        return settings.SITE_URL + reverse("comments:feed")

    def items(self, article=None):
        published = Article.objects.published().values("pk")
        return _readable(Comment.objects.decided("approved").filter(article__in=published))

    def item_title(self, comment):
        return f"{comment.name} on {comment.article.title}"

    def item_description(self, comment):
        return None

    def item_link(self, comment):
        return settings.SITE_URL + comment.get_absolute_url()

    def item_guid(self, comment):
        return self.item_link(comment)

    def item_author_name(self, comment):
        return comment.name

    def item_pubdate(self, comment):
        return comment.created_at

    def item_updateddate(self, comment):
        return comment.decided_at

    def item_extra_kwargs(self, comment):
        return {"content": comment.html}


class ThreadFeed(NewestComments):
    """The newest comments under one article. Two queries."""

    def get_object(self, request, slug):
        article = get_object_or_404(Article.objects.published().for_list(), slug=slug)
        pages.cacheable(request, f"article:{article.pk}")
        return article

    def title(self, article):
        return f"Comments on {article.title} · {Publication.current().name}"

    def link(self, article):
        return settings.SITE_URL + article.get_absolute_url()

    def feed_url(self, article):
        return settings.SITE_URL + reverse("comments:thread-feed", args=[article.slug])

    def items(self, article):
        return _readable(Comment.objects.filter(article=article).order_by("-created_at", "-pk"))


def _readable(comments):
    """The first of `comments` that readers see and that still say something."""
    shown = comments.visible().filter(erased_at=None).select_related("article")
    fields = ("name", "html", "created_at", "decided_at", "article__title", "article__slug")
    return shown.only(*fields)[:NUMBER]


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
    thread = {
        "article": settings.SITE_URL + article.get_absolute_url(),
        "comment_count": Thread.of(article).comment_count,
        "comments": [_as_dict(comment) for comment in shown],
        "next": f"{address}?after={shown[-1].pk}" if len(rows) > JSON_PAGE else None,
    }
    response = JsonResponse(thread, json_dumps_params={"ensure_ascii": False})
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
