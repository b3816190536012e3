"""How readers hear of new articles."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.models import Publication

from .. import metadata
from ..models import Article, Author, Category, Series, Tag
from ..models.shown import every_name
from .labels import url_of_all, with_articles

# Of each kind, those with most articles.
MOST = 24
WORDS = {Category: _("A section"), Author: _("An author"), Series: _("A series"), Tag: _("A tag")}


def _feeds(model) -> dict:
    """The labels of a kind with the addresses of their feeds. One query."""
    kind, rows = model._meta.model_name, list(with_articles(model).order_by("-number", "pk")[: MOST + 1])
    found = [(str(row), settings.SITE_URL + reverse(f"articles:{kind}-feed", args=[row.slug])) for row in rows[:MOST]]
    found.sort(key=lambda feed: feed[0].lower())
    return {"words": WORDS[model], "feeds": found, "all_url": url_of_all(model), "has_more": len(rows) > MOST}


@in_group(Group.ARTICLES)
@require_safe
def follow(request):
    """What feeds are, and the addresses of all; four queries."""
    kinds = [_feeds(model) for model in WORDS]
    names = (every_name(model._meta.model_name) for model in WORDS)
    pages.cacheable(request, *names, until=Article.next_publication())
    whole = [
        ("RSS", settings.SITE_URL + reverse("articles:rss")),
        ("Atom", settings.SITE_URL + reverse("articles:atom")),
        ("JSON Feed", settings.SITE_URL + reverse("articles:json-feed")),
    ]
    others = [
        (_("Corrections"), settings.SITE_URL + reverse("articles:corrections-feed")),
        (_("All comments"), settings.SITE_URL + reverse("comments:feed")),
        (_("New quizzes"), settings.SITE_URL + reverse("quizzes:feed")),
    ]
    context = {"whole": whole, "kinds": [kind for kind in kinds if kind["feeds"]], "others": others}
    description = gettext("How to hear of new articles in %(name)s, without an account.")
    description %= {"name": Publication.current().name}
    context |= metadata.for_page(gettext("Follow"), reverse("articles:follow"), description)
    return render(request, "articles/overviews/follow.html", context)
