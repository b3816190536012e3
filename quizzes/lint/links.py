"""Whether links in questions work: those to articles, headings, quizzes and other pages of this site."""

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve

from articles.models import Article
from publishing.models import WITHDRAWN, Redirect
from publishing.paths import path_of
from publishing.text.heading_ids import PAGE_IDS

from ..models import Quiz
from .texts import Subject

# The URL of a page with questions; relative links are resolved against it.
_BASE = f"{settings.SITE_URL}/quizzes/quiz/"


class LinkTargets:
    """What readers can open of all that the questions link to. Three queries, fewer with fewer kinds of links."""

    def __init__(self, subjects: Iterable[Subject]):
        hrefs = {href for subject in subjects for _, text in subject.texts for href in text.links}
        urls = {url for href in hrefs if (url := _own_url(href))}
        slugs = defaultdict(set)
        for view_name, slug in map(_page, urls):
            slugs[view_name].add(slug)
        ids = {subject.question.article_id for subject in subjects} - {None}
        articles = Article.objects.published().filter(Q(slug__in=slugs["articles:detail"]) | Q(pk__in=ids))
        quizzes = Quiz.objects.published().filter(slug__in=slugs["quizzes:paper"])
        redirects = Redirect.objects.filter(old_path__in={path_of(url) for url in urls}).exclude(new_path=WITHDRAWN)
        # Ids of headings, by id and by slug of the article.
        self._headings: dict[int | str, set[str]] = {}
        for pk, slug, contents in articles.values_list("pk", "slug", "contents"):
            self._headings[pk] = self._headings[slug] = {heading["id"] for heading in contents}
        self._quizzes = set(quizzes.values_list("slug", flat=True))
        self._redirects = set(redirects.values_list("old_path", flat=True))

    def problem(self, href: str) -> str:
        """Why a link does not work; "" if it works or leads to another site."""
        url = _own_url(href)
        if url is None or path_of(url) in self._redirects:
            return ""
        view_name, slug = _page(url)
        if not view_name:
            return "there is no such page"
        if view_name == "articles:detail":
            return self.article_problem(slug, unquote(urlsplit(url).fragment))
        return "there is no such published quiz" if view_name == "quizzes:paper" and slug not in self._quizzes else ""

    def article_problem(self, article: int | str, anchor: str) -> str:
        """The same for an article, by id or slug, and one of its headings."""
        if article not in self._headings:
            return "there is no such published article"
        is_known = not anchor or anchor in self._headings[article] or anchor in PAGE_IDS
        return "" if is_known else f"the article has no heading “{anchor}”"


def _own_url(href: str) -> str | None:
    """The absolute URL if it belongs to this site, except links within the same page."""
    try:
        url = urljoin(_BASE, href)
        parts = urlsplit(url)
    except ValueError:
        return None
    site = urlsplit(settings.SITE_URL)
    is_own = (parts.scheme, parts.netloc) == (site.scheme, site.netloc)
    return url if is_own and not href.startswith("#") else None


def _page(url: str) -> tuple[str, str]:
    """The name of the view and the slug; empty when no view has this URL."""
    try:
        match = resolve(unquote(urlsplit(url).path))
    except Resolver404:
        return "", ""
    return match.view_name, match.kwargs.get("slug", "")
