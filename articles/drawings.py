"""What is drawn: covers as SVG, and cards for sharing as PNG. Each address has a digest, so that it never changes."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from publishing.cache import pages
from publishing.drawing.serving import IMMUTABLE, card_response
from publishing.groups import Group, in_group

from . import covers
from .covers import sharing
from .lists import paging
from .models import Article, fetching
from .models.shown import headline_names, listed_names


@in_group(Group.ARTICLES)
@require_safe
def cover(request, slug, digest, shape):
    """The drawn cover of an article without a picture. An outdated address redirects to the current one."""
    article = get_object_or_404(Article.objects.published().for_cover(), slug=slug)
    drawn = covers.of(article)
    if drawn is None:
        raise Http404("No cover is drawn.")
    if digest != drawn.digest:
        return redirect(request.resolver_match.view_name, slug, drawn.digest)
    pages.cacheable(request, f"picture:{article.pk}")
    response = HttpResponse(drawn.svg(shape), content_type="image/svg+xml")
    response.headers["Cache-Control"] = IMMUTABLE
    return response


@in_group(Group.ARTICLES)
@require_safe
def article_card(request, slug, digest=None):
    article = get_object_or_404(Article.objects.published().for_cover(), slug=slug)
    fetching.fetch_authors([article])
    card = sharing.of_article(article, [author.name for author in article.byline])
    names = [f"picture:{article.pk}", *headline_names([article])]
    names += [f"file:{article.cover_id}"] if article.cover_id else []
    return card_response(request, card, digest, *names)


@in_group(Group.ARTICLES)
@require_safe
def list_card(request, slug, digest, model):
    """Of a category, tag, author or series."""
    listed = get_object_or_404(model, slug=slug)
    number = paging.pages_of(listed, listed.articles.published()).count
    return card_response(request, sharing.of_list(listed, number), digest, *listed_names(listed))


@in_group(Group.ARTICLES)
@require_safe
def home_card(request, digest):
    return card_response(request, sharing.of_publication(), digest, "home")
