"""Whether links in questions work: those to articles, headings, quizzes and other pages of this site."""

from collections.abc import Iterable
from urllib.parse import unquote

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from publishing.links.targets import internal, targets
from publishing.text.heading_ids import PAGE_IDS

from .texts import Subject

# The address of a page with questions; relative links are resolved against it.
_BASE = "/quizzes/quiz/"


class LinkTargets:
    """What readers can open of all that the questions link to: the queries of `targets`, and one for their articles."""

    def __init__(self, subjects: Iterable[Subject]):
        hrefs = {href for subject in subjects for _where, text in subject.texts for href in text.links}
        places = {href: internal(href, _BASE) for href in hrefs if not href.startswith("#")}
        self._places = {href: parts for href, parts in places.items() if parts}
        self._targets = targets((parts.path for parts in self._places.values()), columns={"article": ["contents"]})
        ids = {subject.question.article_id for subject in subjects} - {None}
        articles = Article.objects.published().filter(pk__in=ids) if ids else Article.objects.none()
        self._contents = dict(articles.values_list("pk", "contents"))

    def problem(self, href: str) -> str:
        """Why a link does not work; "" if it works or leads to another site."""
        if href not in self._places:
            return ""
        parts = self._places[href]
        target = self._targets[parts.path]
        if not target.is_public(timezone.now()):
            return _("there is no such page, or readers do not see it")
        return _anchor_problem(target.row["contents"], unquote(parts.fragment)) if target.kind == "article" else ""

    def article_problem(self, article: int, anchor: str) -> str:
        """The same for an article, by id, and one of its headings."""
        if article not in self._contents:
            return _("there is no such published article")
        return _anchor_problem(self._contents[article], anchor)


def _anchor_problem(contents: list[dict], anchor: str) -> str:
    is_known = not anchor or anchor in PAGE_IDS or any(heading["id"] == anchor for heading in contents)
    return "" if is_known else _("the article has no heading “%(heading)s”") % {"heading": anchor}
