"""What the links of questions lead to: articles, headings and quizzes of this site. Other sites are not asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from articles.models import Article
from publishing.models import WITHDRAWN, Redirect
from publishing.paths import path_of
from publishing.text.heading_ids import PAGE_IDS

from ..models import Quiz
from .texts import Subject

# Where a question is read, against which its links are taken.
_BASE = f"{settings.SITE_URL}/quizzes/quiz/"


@dataclass(frozen=True)
class Known:
    """What readers find: headings of articles by slug and by id of the article, slugs of quizzes, moved paths."""

    articles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    by_id: Mapping[int, frozenset[str]] = field(default_factory=dict)
    quizzes: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()

    def problem(self, href: str) -> str:
        """What is wrong with where a link leads; empty when nothing is, or when it leads to another site."""
        address = _own(href)
        if address is None or path_of(address) in self.moved:
            return ""
        name, slug = _page(address)
        if not name:
            return "there is no such page"
        if name == "articles:detail":
            return self._of_heading(self.articles.get(slug), unquote(urlsplit(address).fragment))
        return "readers find no such quiz" if name == "quizzes:paper" and slug not in self.quizzes else ""

    def problem_of_reading(self, article: int, anchor: str) -> str:
        """The same for the place where the answer to a question can be read."""
        return self._of_heading(self.by_id.get(article), anchor)

    @staticmethod
    def _of_heading(headings, anchor) -> str:
        if headings is None:
            return "readers find no such article"
        known = not anchor or anchor in headings or anchor in PAGE_IDS
        return "" if known else f"the article has no heading “{anchor}”"


def _own(href: str) -> str | None:
    """The whole address if it is one of this site and not one of the same page."""
    try:
        address = urljoin(_BASE, href)
        parts = urlsplit(address)
    except ValueError:
        return None
    here = urlsplit(settings.SITE_URL)
    is_own = (parts.scheme, parts.netloc) == (here.scheme, here.netloc)
    return address if is_own and not href.startswith("#") else None


def _page(address: str) -> tuple[str, str]:
    """The name of the page and its slug; empty when no page has this address."""
    try:
        match = resolve(unquote(urlsplit(address).path))
    except Resolver404:
        return "", ""
    return match.view_name, match.kwargs.get("slug", "")


def look_up(questions: Iterable) -> Known:
    """Ask the database about everything that these questions link to. Three queries at most, none without links."""
    questions = list(questions)
    subjects = [Subject(question, list(question.choices.all())) for question in questions]
    hrefs = {href for subject in subjects for _, text in subject.texts for href in text.links}
    addresses = [address for href in hrefs if (address := _own(href))]
    slugs = {name: {slug for page, slug in map(_page, addresses) if page == name} for name in _SLUGS}
    named = {question.article_id for question in questions} - {None}
    articles = _articles(slugs["articles:detail"], named)
    quizzes = slugs["quizzes:paper"]
    paths = {path_of(address) for address in addresses}
    return Known(
        articles={slug: headings for _, slug, headings in articles},
        by_id={pk: headings for pk, _, headings in articles},
        quizzes=frozenset(_quizzes(quizzes)) if quizzes else frozenset(),
        moved=frozenset(_moved(paths)) if paths else frozenset(),
    )


_SLUGS = ("articles:detail", "quizzes:paper")


def _articles(slugs, keys) -> list[tuple[int, str, frozenset[str]]]:
    if not slugs and not keys:
        return []
    published = Article.objects.published()
    rows = (published.filter(slug__in=slugs) | published.filter(pk__in=keys)).values_list("pk", "slug", "contents")
    return [(pk, slug, frozenset(heading["id"] for heading in contents)) for pk, slug, contents in rows]


def _quizzes(slugs):
    return Quiz.objects.published().filter(slug__in=slugs).values_list("slug", flat=True)


def _moved(paths):
    return Redirect.objects.filter(old_path__in=paths).exclude(new_path=WITHDRAWN).values_list("old_path", flat=True)
