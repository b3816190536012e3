"""What pages tell machines: description, canonical address, OpenGraph, JSON-LD."""

from django.conf import settings

from publishing.models import Publication
from publishing.text.typography import typeset

from .covers import sharing

CONTEXT = {"@context": "https://schema.org"}


def _absolute(path: str) -> str:
    return settings.SITE_URL + path


def breadcrumbs(*steps: tuple[str, str]) -> dict:
    """A schema.org BreadcrumbList of the home page and (name, path) pairs."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": _absolute(path)}
        for number, (name, path) in enumerate([(Publication.current().name, "/"), *steps], start=1)
    ]
    return {**CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def for_page(title: str, path: str, description: str, page=None) -> dict:
    """Any page; `page` is that of a list."""
    return {
        "description": description,
        "canonical": _absolute(path if page is None or page.number == 1 else f"{path}?page={page.number}"),
        "og_type": "website",
        "structured_data": [breadcrumbs((title, path))],
    }


def for_home(page) -> dict:
    name, description = Publication.current().name, Publication.current().description
    site = {**CONTEXT, "@type": "WebSite", "name": name, "url": _absolute("/"), "description": description}
    return for_page(name, "/", description, page) | {"structured_data": [site]}


def for_author(author, page) -> dict:
    path, name = author.get_absolute_url(), typeset(author.name)
    person = {**CONTEXT, "@type": "Person", "name": name, "url": _absolute(path)}
    data = for_page(name, path, f"Articles by {name}.", page)
    return data | {"og_type": "profile", "structured_data": [person, *data["structured_data"]]}


def for_article(article, authors, tags) -> dict:
    path, image = article.get_absolute_url(), sharing.image_of(article, [author.name for author in authors])
    title, description = typeset(article.title), typeset(article.seo_description or article.summary)
    data = {
        **CONTEXT,
        "@type": "Article",
        "headline": title,
        "description": description,
        "image": [image.url],
        "datePublished": article.published_at and article.published_at.isoformat(),
        "dateModified": article.modified_at.isoformat(),
        "author": [
            {"@type": "Person", "name": typeset(author.name), "url": _absolute(author.get_absolute_url())}
            for author in authors
        ],
        "publisher": {"@type": "Organization", "name": Publication.current().name, "url": _absolute("/")},
        "mainEntityOfPage": _absolute(path),
        "articleSection": article.category.name if article.category else None,
        "keywords": [tag.name for tag in tags],
        "wordCount": article.word_count,
        "timeRequired": f"PT{article.reading_minutes}M",
    }
    if article.verified_on:
        data["mainEntityOfPage"] = {
            "@type": "WebPage",
            "@id": _absolute(path),
            "lastReviewed": article.verified_on.isoformat(),
        }
    if article.applies_to:
        data["about"] = [{"@type": "Thing", "name": name.strip()} for name in article.applies_to.split(",")]
    # A draft may have no category yet.
    above = [(article.category.name, article.category.get_absolute_url())] if article.category else []
    trail = breadcrumbs(*above, (title, path))
    return {
        "meta_title": typeset(article.seo_title) or title,
        "description": description,
        "canonical": article.canonical_url or _absolute(path),
        "og_type": "article",
        "og_image": image,
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "structured_data": [data, trail],
    }
