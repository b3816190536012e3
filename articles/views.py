"""What readers see of articles."""

from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from publishing.bases.addressed import Gone
from publishing.cache import pages
from publishing.models import Publication
from publishing.web import anonymous_ids, limits, same_origin
from publishing.web.refusals import with_retry
from publishing.web.staff import is_staff_browser

from . import covers, metadata
from .forms import HeartForm, PageForm, SearchForm
from .models import PREVIEW_SALT, PREVIEW_SECONDS, Article, Author, Category, Series, Status, Tag
from .models.counts import count_view, set_heart
from .search import search as search_articles

PAGE_SIZE = 12
HEART_RATE = "60/minute; 600/day"
# Of one network; what is above is answered and not counted.
VIEW_RATE = "120/minute; 2000/day"


def _page_of(request, articles):
    """The page of `articles` that the query string names, or 404. One query for the count, one for the rows."""
    form = PageForm(request.GET)
    number = form.number()
    paginator = Paginator(articles, PAGE_SIZE)
    if number is None or number > paginator.num_pages:
        raise Http404("No such page.")
    return paginator.page(number)


def _shows_articles(request, *names):
    """Lists change when any article changes, and when the next scheduled one goes live."""
    pages.cacheable(request, "articles", *names, until=Article.next_publication())


@require_safe
def home(request):
    published = Article.objects.published().newest_first().for_list()
    lead = Article.objects.for_list().with_bylines().leading().first()
    page = _page_of(request, published.exclude(pk=lead.pk) if lead else published)
    _shows_articles(request, "home")
    context = {"lead": lead if page.number == 1 else None, "articles": page, "page": page}
    return render(request, "articles/home.html", context | metadata.for_home(request, page))


@require_safe
def detail(request, slug):
    article = get_object_or_404(Article.objects.published().for_page(), slug=slug)
    return render_article(request, article)


def render_article(request, article, *, status=200, **context):
    """The page of one article, with whatever its comment form or preview adds. Three queries and the tags' own."""
    _shows_articles(request, f"article:{article.pk}")
    published = Article.objects.published()
    siblings = []
    if article.series_id:
        siblings = list(
            published.filter(series=article.series_id)
            .order_by("series_position", "published_at", "pk")
            .only("title", "slug", "series_position", "published_at")
        )
    position = next((index for index, sibling in enumerate(siblings) if sibling.pk == article.pk), None)
    context = {
        "article": article,
        "series_articles": siblings,
        "previous": siblings[position - 1] if position else None,
        "next": siblings[position + 1] if position is not None and position + 1 < len(siblings) else None,
        "related": list(published.for_list().related_to(article)),
        "is_preview": False,
    } | context
    return render(request, "articles/article_detail.html", context | metadata.for_article(article), status=status)


@pages.personal
@require_safe
def preview(request, token):
    """An article in any state, for everyone with the link; for seven days, and not once it is archived."""
    try:
        primary_key, shows_archived = signing.loads(token, salt=PREVIEW_SALT, max_age=PREVIEW_SECONDS)
    except (signing.BadSignature, TypeError) as error:
        raise Http404("This preview link is invalid or has expired.") from error
    article = get_object_or_404(Article.objects.for_page(), pk=primary_key)
    if article.status == Status.ARCHIVED and not shows_archived:
        raise Gone("The article was archived after this link was made.")
    response = render_article(request, article, is_preview=True)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@same_origin.same_origin
@require_POST
def heart(request, slug):
    """Give or take back this reader's heart: JSON for the script, a page for everyone else.

    The button sends what it says. The page is the same for everyone, so it may say "Heart this" to a reader who has.
    """
    article = get_object_or_404(Article.objects.published(), slug=slug)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if not request.is_same_origin:
        return render(request, "403.html", status=403)
    if wait := limits.seconds_to_wait(HEART_RATE, "heart", anonymous_ids.network(request)):
        return with_retry(render(request, "429.html", {"wait": wait}, status=429), wait)
    reader = anonymous_ids.key_for_write(request)
    hearted, hearts = set_heart(article, reader, HeartForm(request.POST).is_wanted())
    if wants_json:
        response = JsonResponse({"hearted": hearted, "hearts": hearts})
    else:
        context = {"article": article, "hearted": hearted, "hearts": hearts}
        response = render(request, "articles/heart_done.html", context)
    anonymous_ids.remember(response, reader)
    return response


@same_origin.same_origin
@require_POST
def view(request, slug):
    """The beacon of a page that was visible for a second. Answers 204 whether or not the visit counts."""
    counts = (
        not (is_staff_browser(request) or anonymous_ids.is_bot(request) or anonymous_ids.is_prefetch(request))
        and request.is_same_origin
    )
    counts = counts and not request.maintenance.is_read_only
    if counts and not limits.seconds_to_wait(VIEW_RATE, "view", anonymous_ids.network(request)):
        article = get_object_or_404(Article.objects.published().only("pk"), slug=slug)
        count_view(article, anonymous_ids.visitor_hashes(request))
    return HttpResponse(status=204)


# In read-only maintenance nothing is counted, and no reader's browser needs to hear of it.
view.handles_read_only = True


@require_safe
def card(request, slug):
    """The picture that other sites show beside a link to the article: its cover, 1200 × 630 pixels, PNG."""
    article = get_object_or_404(Article.objects.published().select_related("cover"), slug=slug)
    _shows_articles(request, f"article:{article.pk}")
    response = HttpResponse(covers.png(article.shape), content_type="image/png")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _list_page(request, thing, articles, *, name, heading, kicker, description):
    """One page of a list that has a feed. Two queries beside the thing's own."""
    page = _page_of(request, articles.for_list())
    _shows_articles(request, f"{name}:{thing.pk}")
    context = {
        "heading": heading,
        "kicker": kicker,
        "description": description,
        "articles": page,
        "page": page,
        "feed_url": reverse(f"articles:{name}-feed", args=[thing.slug]),
        "is_in_order": name == "series",
    }
    return render(request, "articles/article_list.html", context | metadata.for_list(thing, page, heading, description))


@require_safe
def category(request, slug):
    thing = get_object_or_404(Category, slug=slug)
    articles = Article.objects.published().filter(category=thing).newest_first()
    return _list_page(
        request, thing, articles, name="category", heading=thing.name, kicker="Category", description=thing.description
    )


@require_safe
def tag(request, slug):
    thing = get_object_or_404(Tag, slug=slug)
    articles = Article.objects.published().filter(tags=thing).newest_first()
    description = f"Everything we have published on {thing.name}."
    return _list_page(request, thing, articles, name="tag", heading=thing.name, kicker="Tag", description=description)


@require_safe
def series(request, slug):
    thing = get_object_or_404(Series, slug=slug)
    articles = Article.objects.published().filter(series=thing).order_by("series_position", "published_at", "pk")
    return _list_page(
        request, thing, articles, name="series", heading=thing.title, kicker="Series", description=thing.description
    )


@require_safe
def author(request, slug):
    thing = get_object_or_404(Author, slug=slug)
    page = _page_of(request, Article.objects.published().filter(authors=thing).newest_first().for_list())
    _shows_articles(request, f"author:{thing.pk}")
    context = {
        "author": thing,
        "articles": page,
        "page": page,
        "feed_url": reverse("articles:author-feed", args=[thing.slug]),
    }
    context |= metadata.for_author(thing, page)
    return render(request, "articles/author_detail.html", context)


@require_safe
def archive(request):
    """Every month in which something was published, newest first. One query."""
    months = (
        Article.objects.published()
        .annotate(month=TruncMonth("published_at"))
        .values("month")
        .annotate(number=Count("pk"))
        .order_by("-month")
        .values_list("month", "number")
    )
    years: dict[int, list] = {}
    for month, number in months:
        years.setdefault(month.year, []).append((month.date(), number))
    _shows_articles(request, "archive")
    context = {"years": list(years.items())}
    description = f"Everything that {Publication.current().name} has published, by month."
    return render(
        request,
        "articles/archive.html",
        context | metadata.for_page("Archive", reverse("articles:archive"), description),
    )


@require_safe
def archive_month(request, year, month):
    try:
        first = timezone.make_aware(timezone.datetime(year, month, 1))
    except (ValueError, OverflowError) as error:
        raise Http404("No such month.") from error
    articles = Article.objects.published().filter(published_at__year=year, published_at__month=month)
    page = _page_of(request, articles.newest_first().for_list())
    if not page.object_list:
        raise Http404("Nothing was published in this month.")
    _shows_articles(request, "archive")
    context = {"month": first.date(), "articles": page, "page": page}
    description = f"What {Publication.current().name} published in {first:%B %Y}."
    context |= metadata.for_page(f"{first:%B %Y}", reverse("articles:month", args=[year, month]), description, page)
    return render(request, "articles/archive_month.html", context)


@require_safe
def search(request):
    """Full text over title, summary and body. Two queries, none without a word."""
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    found = search_articles(Article.objects.published().for_list(), query)
    page = _page_of(request, found)
    _shows_articles(request, "search")
    description = f"Search the articles of {Publication.current().name}."
    context = {"query": query, "form": form, "articles": page, "page": page, "total": len(found)}
    return render(
        request, "articles/search.html", context | metadata.for_page("Search", reverse("articles:search"), description)
    )


@require_safe
def opensearch(request):
    """How a browser searches here from its address bar."""
    pages.cacheable(request, "opensearch")
    return render(request, "articles/opensearch.xml", content_type="application/opensearchdescription+xml")
