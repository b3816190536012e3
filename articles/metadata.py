"""What a page says about itself to machines: description, canonical address, OpenGraph, JSON-LD."""

from django.conf import settings
from django.urls import reverse

from publishing.models import Publication


def _absolute(path: str) -> str:
    return settings.SITE_URL + path


def _publisher() -> dict:
    return {"@type": "Organization", "name": Publication.current().name, "url": _absolute("/")}


def breadcrumbs(*steps: tuple[str, str]) -> dict:
    """A schema.org BreadcrumbList from (name, path) pairs, the home page first."""
    trail = [(Publication.current().name, "/"), *steps]
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": _absolute(path)}
        for number, (name, path) in enumerate(trail, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _page_address(path: str, page) -> str:
    return _absolute(path if page is None or page.number == 1 else f"{path}?page={page.number}")


def for_page(title: str, path: str, description: str, page=None) -> dict:
    return {
        "description": description,
        "canonical": _page_address(path, page),
        "og_type": "website",
        "structured_data": [breadcrumbs((title, path))],
    }


def for_home(request, page) -> dict:
    publication = Publication.current()
    site = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": publication.name,
        "url": _absolute("/"),
        "description": publication.description,
    }
    return {
        "description": publication.description,
        "canonical": _page_address("/", page),
        "og_type": "website",
        "structured_data": [site],
    }


def for_list(thing, page, title: str, description: str) -> dict:
    path = thing.get_absolute_url()
    return for_page(title, path, description, page)


def for_author(author, page) -> dict:
    path = author.get_absolute_url()
    person = {"@context": "https://schema.org", "@type": "Person", "name": author.name, "url": _absolute(path)}
    return {
        "description": f"Articles by {author.name}.",
        "canonical": _page_address(path, page),
        "og_type": "profile",
        "structured_data": [person, breadcrumbs((author.name, path))],
    }


def share_image(article) -> str:
    """The absolute address of the picture that stands for the article elsewhere."""
    path = article.cover.file.url if article.cover else reverse("articles:card", args=[article.slug])
    return _absolute(path)


def for_article(article) -> dict:
    """Description, canonical address and JSON-LD `Article` with its way from the home page. No query of its own."""
    path = article.get_absolute_url()
    description = article.seo_description or article.summary
    image = share_image(article)
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": article.title,
        "description": description,
        "image": [image],
        "datePublished": article.published_at and article.published_at.isoformat(),
        "dateModified": article.modified_at.isoformat(),
        "author": [
            {"@type": "Person", "name": author.name, "url": _absolute(author.get_absolute_url())}
            for author in article.byline
        ],
        "publisher": _publisher(),
        "mainEntityOfPage": _absolute(path),
        "articleSection": article.category.name,
        "keywords": [tag.name for tag in article.tags.all()],
        "wordCount": article.word_count,
        "timeRequired": f"PT{article.reading_minutes}M",
    }
    trail = breadcrumbs((article.category.name, article.category.get_absolute_url()), (article.title, path))
    return {
        "meta_title": article.seo_title or article.title,
        "description": description,
        "canonical": article.canonical_url or _absolute(path),
        "og_type": "article",
        "og_image": image,
        "structured_data": [data, trail],
    }
