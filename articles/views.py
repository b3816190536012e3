"""Pages of articles and their lists, hearts and views."""

from datetime import date

from django.core import signing
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publishing.bases.addressed import Gone
from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.models import Publication
from publishing.paths import ROOT_PARAMETERS
from publishing.sponsors.slots.decision import describe
from publishing.sponsors.slots.kinds import Kind, on
from publishing.text.moments import counted, in_words, number
from publishing.web import anonymous_ids, limits
from publishing.web.refusals import with_retry
from publishing.web.same_origin import is_same_origin
from publishing.web.staff import is_staff_browser

from . import metadata
from .forms import FilterForm, HeartForm, PageForm, SearchForm
from .front import placing
from .lists import months, numbers, paging
from .lists.results import Results
from .models import (
    PREVIEW_SALT,
    PREVIEW_SECONDS,
    Article,
    Author,
    Category,
    Page,
    Series,
    fetching,
    names_of_hidden,
    related_to,
)
from .models.counts import count_view, set_heart
from .models.list_counts import month_list
from .models.shown import byline_names, card_names, listed_names, month_name, related_names, row_names
from .overviews.labels import url_of_all
from .pages.finding import pages_with
from .versions import saving
from .versions.content import labels_of, put

HEART_RATE = "60/minute; 600/day"
# Of one network; visits above it get an answer and are not counted.
VIEW_RATE = "120/minute; 2000/day"


def _page_of(request, paginator):
    """The page that the query string names, or 404."""
    number = PageForm(request.GET).number()
    if number is None or number > paginator.num_pages:
        raise Http404("No such page.")
    return paginator.page(number)


def _shows_articles(request, *names):
    """Make a page public that shows what is named, until the next scheduled article appears."""
    pages.cacheable(request, *names, until=Article.next_publication())


@on(Kind.HOME)
@in_group(Group.ARTICLES)
@pages.reads("page", *ROOT_PARAMETERS)
@require_safe
def home(request):
    """The front page; further pages list the articles that are not on it."""
    if not request.GET.keys().isdisjoint(ROOT_PARAMETERS):
        # Of another system: the middleware of old addresses knows where it is now.
        raise Http404("No such page.")
    page = _page_of(request, placing.FrontPaginator(placing.keys_above()))
    front = page.paginator.front
    shown = front.articles if front else list(page)
    names = front.names if front else card_names(page)
    _shows_articles(request, "articles", "home", "front-page", *names)
    placing.changes_by_the_clock(request)
    describe(request, entries=len(shown))
    context = {"page": page, "front": front, "articles": shown} | metadata.for_home(page)
    if front:
        return render(request, "articles/home.html", context)
    return render(request, "articles/article_list.html", context | {"heading": _("Latest articles")})


@on(Kind.ARTICLE)
@in_group(Group.ARTICLES)
@require_safe
def detail(request, slug):
    article = fetching.with_slug.first(slug=slug)
    if article is None:
        raise Http404("No such article.")
    return render_article(request, article)


def _describe_article(request, article):
    """For its slots."""
    describe(
        request,
        words=article.word_count,
        is_sensitive=article.is_sensitive,
        offsets=article.slot_offsets,
        blocks=article.blocks,
    )
    if article.category:
        describe(request, category=article.category.name, category_has_slots=article.category.has_slots)


def render_article(request, article, *, status=200, **context):
    """The page of an article, with the context of a preview or of a refused comment."""
    related, tags = related_to(article), fetching.tags(article=article.pk)
    fetching.fetch_authors([article, *related])
    authors = article.byline
    names = [f"article:{article.pk}", *byline_names(article, authors), *related_names(related)]
    names += names_of_hidden(article, related)
    # The first sentence of what is said of them.
    names += [f"author-page:{author.pk}" for author in authors]
    names += [f"tag:{tag.pk}" for tag in tags]
    names += [f"image:{article.cover_id}", f"cover:{article.cover_id}"] if article.cover_id else []
    names += [f"series:{article.series_id}"] if article.series_id else []
    _shows_articles(request, *names)
    pages.changes_at(request, article.review_due)
    _describe_article(request, article)
    siblings = fetching.in_series(series=article.series_id) if article.series_id else []
    around = [None, *siblings, None]
    position = next((index for index, sibling in enumerate(around) if sibling == article), None)
    context = {
        "article": article,
        "authors": authors,
        "tags": tags,
        "corrections": fetching.corrections(article=article.pk),
        "series_articles": siblings,
        "previous": position and around[position - 1],
        "next": position and around[position + 1],
        "related": related,
        "is_preview": False,
    } | context
    context |= metadata.for_article(article, authors, tags)
    return render(request, "articles/article_detail.html", context, status=status)


@in_group(Group.PREVIEWS)
@pages.personal
@require_safe
def preview(request, token):
    """What is worked on, for everyone with the link, as long as the article is as it was when the link was made."""
    try:
        primary_key, state, number = signing.loads(token, salt=PREVIEW_SALT, max_age=PREVIEW_SECONDS)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise Http404("This preview link is invalid or has expired.") from error
    article = get_object_or_404(Article.objects.select_related("counts", "related"), pk=primary_key)
    if number != article.preview_number:
        raise Gone(_("This preview link was revoked."))
    version = saving.shown(article)
    if article.is_published and (state != "changes" or version.state == version.State.LIVE):
        return redirect(article)
    if state != article.preview_state:
        raise Gone(_("The article is not what it was when this link was made."))
    put(article, version.fields)
    article.render(article.contents if article.published_at else ())
    response = render_article(request, article, is_preview=True, **labels_of(version))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@in_group(Group.ARTICLES)
@require_POST
def heart(request, slug):
    """Add or remove this reader's heart: JSON for the script, else a page.

    The button sends what it says, because cached pages offer "Heart this" to all readers, also to those who have.
    """
    article = get_object_or_404(Article.objects.published(), slug=slug)
    if not is_same_origin(request):
        return render(request, "403.html", status=403)
    if wait := limits.seconds_to_wait(HEART_RATE, "heart", anonymous_ids.network(request)):
        return with_retry(render(request, "429.html", {"wait": wait}, status=429), wait)
    reader = anonymous_ids.key_for_write(request)
    hearted, hearts = set_heart(article, reader, HeartForm(request.POST).is_wanted())
    if request.headers.get("Accept", "").startswith("application/json"):
        words = {"number": number(hearts), "words": counted(hearts, "heart"), "no_views": counted(0, "view")}
        response = JsonResponse({"hearted": hearted, "hearts": hearts, **words})
    else:
        context = {"article": article, "hearted": hearted, "hearts": hearts}
        response = render(request, "articles/heart_done.html", context)
    anonymous_ids.remember(response, reader)
    return response


@in_group(Group.ARTICLES)
@require_POST
def view(request, slug):
    """The beacon of a page that was visible for a second. Answers 204 whether or not the visit counts."""
    if (
        is_same_origin(request)
        and not is_staff_browser(request)
        and not anonymous_ids.is_bot(request)
        and not anonymous_ids.is_prefetch(request)
        and not request.maintenance.is_read_only_for(Group.ARTICLES)
        and not limits.seconds_to_wait(VIEW_RATE, "view", anonymous_ids.network(request))
    ):
        article = get_object_or_404(Article.objects.published().only("pk"), slug=slug)
        count_view(article, anonymous_ids.visitor_hashes(request))
    return HttpResponse(status=204)


# In read-only maintenance nothing is counted, without an error.
view.handles_read_only = view.is_silent_in_read_only = True


@on("")
@in_group(Group.ARTICLES)
@pages.reads("page")
@require_safe
def article_list(request, slug, model):
    """The articles of a category, tag, author or series."""
    listed, name = get_object_or_404(model, slug=slug), model._meta.model_name
    articles = listed.articles.published()
    articles = articles.in_series_order() if model is Series else articles.newest_first()
    page = _page_of(request, paging.pages_of(listed, articles))
    shown = row_names(page) if model is Series else card_names(page)
    _shows_articles(request, *listed_names(listed), *shown)
    describe(request, entries=len(page.object_list))
    if model is Category:
        describe(request, category=listed.name, category_has_slots=listed.has_slots)
    context = {
        "heading": listed,
        "kicker": listed.kind_name,
        "all_url": url_of_all(model),
        "is_in_order": model is Series,
        "articles": page,
        "page": page,
        "feed_url": reverse(f"articles:{name}-feed", args=[slug]),
    }
    context |= metadata.for_list(listed, page)
    template = "articles/author_detail.html" if model is Author else "articles/article_list.html"
    return render(request, template, context)


def _rendered_months():
    return render_to_string("articles/_months.html", {"months": numbers.published_in_months()})


@in_group(Group.ARTICLES)
@require_safe
def archive(request):
    """All months that have articles, newest first."""
    _shows_articles(request, "archive")
    description = _("All articles of %(name)s by month.") % {"name": Publication.current().name}
    context = {
        "months": numbers.cached("months", _rendered_months),
        **metadata.for_page(_("Archive"), reverse("articles:archive"), description),
    }
    return render(request, "articles/archive.html", context)


@in_group(Group.ARTICLES)
@pages.reads("page")
@require_safe
def archive_month(request, year, month):
    try:
        beginning, end = months.month_range(year, month)
    except ValueError as error:
        raise Http404("No such month.") from error
    articles = Article.objects.published_between(beginning, end).newest_first()
    page = _page_of(request, paging.ListPaginator(articles, month_list(year, month)))
    if not page.object_list:
        raise Http404("Nothing was published in this month.")
    _shows_articles(request, month_name(beginning), *row_names(page))
    first = date(year, month, 1)
    context = {"month": first, "articles": page, "page": page}
    words = {"name": Publication.current().name, "month": in_words(first, "month")}
    description = _("Articles of %(name)s from %(month)s.") % words
    context |= metadata.for_page(words["month"], reverse("articles:month", args=[year, month]), description, page)
    return render(request, "articles/archive_month.html", context)


@in_group(Group.SEARCH)
@pages.reads("q", "category", "tag", "year", "sort", "page")
@require_safe
def search(request):
    """Full-text search, which can be limited to a category, a tag and a year."""
    form, chosen = SearchForm(request.GET), FilterForm.read(request.GET)
    if chosen is None:
        raise Http404("No such filter.")
    text = form.cleaned_data["q"] if form.is_valid() else ""
    results = Results(text, *chosen)
    page = _page_of(request, results)
    _shows_articles(request, "search" if text else "search-form", "page-search", *row_names(page))
    pages.changes_at(request, Page.next_publication())
    context = {"query": text, "form": form, "articles": page, "page": page, "results": results}
    if page.number == 1 and not results.filters:
        context["found_pages"] = pages_with(results.hits.query)
    description = _("Search the articles of %(name)s.") % {"name": Publication.current().name}
    context |= metadata.for_page(_("Search"), reverse("articles:search"), description)
    return render(request, "articles/search.html", context)


@in_group(Group.SEARCH)
@require_safe
def opensearch(request):
    """The description with which browsers add this search to their address bar."""
    pages.cacheable(request, "opensearch")
    return render(request, "articles/opensearch.xml", content_type="application/opensearchdescription+xml")
