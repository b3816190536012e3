"""Atom feeds of the newest comments, on all articles or on one."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article
from publishing.bases.feeds import Atom, SiteFeed
from publishing.models import Publication
from publishing.text.typography import typeset

from .models import Comment

NUMBER = 40


class NewestComments(SiteFeed):
    """The newest comments on all articles; of `ThreadFeed`, on one."""

    feed_type = Atom
    # The comments on an article that is published again appear with it.
    page_names = ("comments", "articles")
    next_change = Article.next_publication
    item_description = None

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def title(self, article):
        words = _("Comments on %(title)s") % {"title": typeset(article.title)} if article else _("Comments")
        return f"{words} · {Publication.current().name}"

    def subtitle(self, article):
        return Publication.current().comments_sentence

    def link(self, article):
        return settings.SITE_URL + (article.get_absolute_url() if article else "/")

    def feed_url(self, article):
        path = reverse("comments:thread-feed", args=[article.slug]) if article else reverse("comments:feed")
        return settings.SITE_URL + path

    def items(self, article):
        if article:
            comments = Comment.objects.filter(article=article).order_by("-created_at", "-pk")
        else:
            comments = Comment.objects.decided("approved").on_published_articles()
        shown = comments.visible().filter(erased_at=None).select_related("article")
        fields = ("name", "html", "created_at", "decided_at", "article__title", "article__slug")
        comments = list(shown.only(*fields)[:NUMBER])
        self.shows(*(f"link:{comment.article_id}" for comment in comments))
        return comments

    def item_title(self, comment):
        return _("%(name)s on %(title)s") % {"name": comment.name, "title": typeset(comment.article.title)}

    def item_link(self, comment):
        return settings.SITE_URL + comment.get_absolute_url()

    def item_author_name(self, comment):
        return comment.name

    def item_pubdate(self, comment):
        return comment.created_at

    def item_updateddate(self, comment):
        return comment.decided_at

    def item_extra_kwargs(self, comment):
        return {"content": comment.html}


class ThreadFeed(NewestComments):
    page_names = ()

    def get_object(self, request, slug):
        article = get_object_or_404(Article.objects.published().for_list(), slug=slug)
        self.shows(f"link:{article.pk}", f"thread:{article.pk}")
        return article
