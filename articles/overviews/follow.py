"""How readers hear of new articles."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from publishing.cache import pages
from publishing.models import Publication

from .. import metadata
from ..models import Article, Author, Category, Series, Tag
from ..models.shown import every_name
from .labels import url_of_all, with_articles

# Of each kind, those with most articles.
MOST = 24
WORDS = {Category: "A section", Author: "An author", Series: "A series", Tag: "A tag"}


def _feeds(model) -> dict:
    """The labels of a kind with the addresses of their feeds. One query."""
    kind, rows = model._meta.model_name, list(with_articles(model).order_by("-number", "pk")[: MOST + 1])
    found = [(str(row), settings.SITE_URL + reverse(f"articles:{kind}-feed", args=[row.slug])) for row in rows[:MOST]]
    found.sort(key=lambda feed: feed[0].lower())
    return {"words": WORDS[model], "feeds": found, "all_url": url_of_all(model), "has_more": len(rows) > MOST}


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
    context = {"whole": whole, "kinds": [kind for kind in kinds if kind["feeds"]]}
    description = f"How to hear of new articles in {Publication.current().name}, without an account."
    context |= metadata.for_page("Follow", reverse("articles:follow"), description)
    return render(request, "articles/overviews/follow.html", context)
