"""RSS 2.0, Atom and JSON Feed with the newest published articles in full, and llms.txt."""

import re

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Enclosure
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.bases.feeds import Atom, SiteFeed, absolute, text_as_html
from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.models import Publication
from publishing.paths import url_of
from publishing.templatetags.words import language_of
from publishing.text.typography import typeset

from .covers.sharing import image_of
from .lists import paging
from .models import Article, Byline, Category, Tag
from .models.sections import first_published
from .models.shown import entry_names
from .models.uploads.in_texts import recordings_in

NUMBER = 20
LLMS_NUMBER = 100
_RENDITIONS = re.compile(r' srcset="[^"]*" sizes="[^"]*"')
UNUSED = ["body", "text", "contents", "shape", "extra"]


def _newest(listed=None) -> list[Article]:
    """The newest articles, of all or of a category, tag, author or series.

    With names of category and tags as `topics`, (name, slug) of authors as `writers`, and the names of pages with these
    as `label_names`. Without an instance for each.
    """
    articles = (listed.articles if listed else Article.objects).published().newest_first()
    if listed:
        keys = paging.pages_of(listed, articles).keys(0, NUMBER)
        articles = Article.objects.filter(pk__in=keys).newest_first()
    rows = articles.select_related("category", "cover").defer(*UNUSED)[:NUMBER]
    found = {article.pk: article for article in rows}
    for article in found.values():
        article.topics, article.writers, article.label_names = [article.category.name], [], []
    tags = Tag.objects.filter(articles__in=found).order_by("name").values_list("articles", "pk", "name")
    for pk, tag, name in tags:
        found[pk].topics.append(name)
        found[pk].label_names.append(f"tag:{tag}")
    bylines = Byline.objects.filter(article__in=found).values_list("article", "author", "author__name", "author__slug")
    for pk, author, *writer in bylines:
        found[pk].writers.append(writer)
        found[pk].label_names.append(f"author:{author}")
    for pk, recordings in recordings_in({pk: article.html for pk, article in found.items()}).items():
        found[pk].recordings = recordings
    return list(found.values())


def _url(row) -> str:
    return settings.SITE_URL + row.get_absolute_url()


def _content(article) -> str:
    """Without renditions: feed readers need absolute addresses and choose none. In an element with its language."""
    html, attributes = absolute(_RENDITIONS.sub("", article.html), _url(article)), language_of(article)
    return f"<div{attributes}>{html}</div>" if attributes else html


def _recording_names(articles) -> list[str]:
    """Names of pages that name recordings."""
    return [f"recording:{recording.pk}" for article in articles for recording in article.recordings]


def _attachment(recording) -> dict:
    length = {"duration_in_seconds": recording.seconds} if recording.seconds else {}
    url = settings.SITE_URL + recording.file.url
    known = {"mime_type": recording.type, "title": recording.title, "size_in_bytes": recording.size}
    return {"url": url} | known | length


def _image(article) -> str:
    """Its picture, or its card."""
    if article.cover:
        return settings.SITE_URL + article.cover.file.url
    return image_of(article, [name for name, _ in article.writers]).url


class LatestRss(SiteFeed):
    """The newest articles of the publication."""

    address_name = "articles:rss"
    page_names = ("articles",)
    next_change = Article.next_publication

    def title(self, obj=None):
        return Publication.current().name

    def description(self, obj=None):
        return text_as_html(Publication.current().description)

    def link(self, obj=None):
        return _url(obj) if obj else settings.SITE_URL + "/"

    def feed_url(self, obj=None):
        return settings.SITE_URL + reverse(self.address_name, args=[obj.slug] if obj else [])

    def items(self, obj=None):
        newest = _newest(obj)
        self.shows(*entry_names(newest), *_recording_names(newest))
        return newest

    def item_title(self, article):
        return typeset(article.title, article.text_language)

    def item_description(self, article):
        return text_as_html(typeset(article.summary, article.text_language))

    def item_link(self, article):
        return _url(article)

    item_guid = item_link

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.modified_at

    def item_author_name(self, article):
        return ", ".join(typeset(name) for name, _ in article.writers) or None

    def item_categories(self, article):
        return article.topics

    def item_enclosures(self, article):
        """What it plays: the first one, since readers of podcasts take one a post."""
        return [
            Enclosure(settings.SITE_URL + recording.file.url, str(recording.size), recording.type)
            for recording in article.recordings[:1]
        ]

    def item_extra_kwargs(self, article):
        extra = {"content": _content(article), "image": _image(article)}
        is_other = article.text_language not in ("", settings.LANGUAGE_CODE)
        return extra | ({"item_language": article.text_language} if is_other else {})


class LatestAtom(LatestRss):
    feed_type, address_name = Atom, "articles:atom"

    def subtitle(self, obj=None):
        return Publication.current().description


class ListFeed(LatestRss):
    """The newest articles of a category, tag, author or series."""

    page_names = ()

    def __init__(self, model):
        self.model = model
        self.address_name = f"articles:{model._meta.model_name}-feed"

    def get_object(self, request, slug):
        listed, name = get_object_or_404(self.model, slug=slug), self.model._meta.model_name
        self.shows(f"{name}:{listed.pk}", f"{name}-list:{listed.pk}")
        return listed

    def title(self, obj):
        return f"{obj} · {Publication.current().name}"


@in_group(Group.FEEDS)
@require_safe
def json_feed(request):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    articles = _newest()
    names = (*entry_names(articles), *_recording_names(articles))
    pages.cacheable(request, "articles", *names, until=Article.next_publication())
    publication = Publication.current()
    items = [
        {
            "id": _url(article),
            "url": _url(article),
            "title": typeset(article.title, article.text_language),
            "summary": typeset(article.summary, article.text_language),
            "content_html": _content(article),
            "image": _image(article),
            "date_published": article.published_at.isoformat(),
            "date_modified": article.modified_at.isoformat(),
            "authors": [
                {"name": typeset(name), "url": settings.SITE_URL + url_of("articles:author", slug)}
                for name, slug in article.writers
            ],
            "tags": article.topics,
            **({"attachments": list(map(_attachment, article.recordings))} if article.recordings else {}),
            **({"language": article.text_language} if article.text_language else {}),
        }
        for article in articles
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publication.name,
        "description": publication.description,
        "home_page_url": settings.SITE_URL + "/",
        "feed_url": settings.SITE_URL + reverse("articles:json-feed"),
        "language": settings.LANGUAGE_CODE,
        "items": items,
    }
    response = JsonResponse(feed, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@in_group(Group.FEEDS)
@require_safe
def llms_txt(request):
    """Categories and newest articles in plain text for language models (https://llmstxt.org)."""
    pages.cacheable(request, "articles", "llms", "categories", until=Article.next_publication())
    publication = Publication.current()
    articles = Article.objects.published().newest_first().only("title", "slug", "summary", "published_at")[:LLMS_NUMBER]
    lines = [f"# {publication.name}", "", f"> {publication.description}", "", f"## {_('Sections')}", ""]
    sections = first_published(Article.objects, Category.objects.all()).filter(first__lte=timezone.now())
    lines += [_entry(section, section.description) for section in sections]
    lines += ["", f"## {_('Articles')}", "", *(_entry(article, article.summary) for article in articles)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _entry(row, description):
    label = str(row).replace("[", "(").replace("]", ")")
    return f"- [{label}]({_url(row)})" + (f": {description}" if description else "")
