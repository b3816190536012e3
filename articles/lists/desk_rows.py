"""Articles as lists of the admin show them: their state in words, who writes them, who last worked on them."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from ..models import Article, Byline, Version
from ..versions.buttons import state_in_words
from ..versions.steps import moment

State = Version.State


def desk_rows(keys) -> dict[int, Article]:
    """The articles with these keys and what a list says of each, without their texts. Three queries.

    `by_state` are the versions in use of each, without their fields.
    """
    bylines = Byline.objects.select_related("author").only("article", "position", "author__name")
    versions = Version.objects.exclude(state=State.OLD).select_related("by")
    versions = versions.only("article", "state", "kind", "changed_at", "goes_live_at", "note", "by__username",
                             "by__first_name", "by__last_name")  # fmt: skip
    rows = Article.objects.select_related("category").prefetch_related(
        Prefetch("bylines", bylines), Prefetch("versions", versions, to_attr="current_versions")
    )
    found = rows.only("title", "status", "published_at", "archives_at", "worked_on_at", "verified_on",
                      "category__name", "category__review_months").in_bulk(keys)  # fmt: skip
    for article in found.values():
        article.by_state = {version.state: version for version in article.current_versions}
        article.author_names = ", ".join(byline.author.name for byline in article.bylines.all())
        article.state_in_words = state_in_words(article, article.current_versions)
        article.last_work = last_work_on(article, article.by_state)
    return found


def last_work_on(article: Article, versions: dict) -> str:
    """When and by whom."""
    working = versions.get(State.WORKING)
    latest = working or versions.get(State.LIVE)
    at = moment(working.changed_at if working else article.worked_on_at)
    if not latest or not latest.by:
        return at
    return _("%(moment)s by %(name)s") % {"moment": at, "name": latest.by.get_full_name() or latest.by.get_username()}
