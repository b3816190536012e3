"""What pages tell machines: description, canonical address, OpenGraph, JSON-LD."""

from django.conf import settings
from django.utils.translation import gettext as _

from publishing.identity import face
from publishing.models import Publication
from publishing.text import languages
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


def for_page(title: str, path: str, description: str, page=None, card=None) -> dict:
    """Any page; `page` is that of a list. Without a `card` of its own, it is shared with that of the publication."""
    return {
        "og_image": sharing.image(path, card) if card else sharing.image("/", sharing.of_publication()),
        "description": description,
        "canonical": _absolute(path if page is None or page.number == 1 else f"{path}?page={page.number}"),
        "og_type": "website",
        "og_locale": languages.locale_of(settings.LANGUAGE_CODE),
        "structured_data": [breadcrumbs((title, path))],
    }


def for_home(page) -> dict:
    name, description = Publication.current().name, Publication.current().description
    site = {**CONTEXT, "@type": "WebSite", "name": name, "url": _absolute("/"), "description": description}
    site["inLanguage"] = settings.LANGUAGE_CODE
    return for_page(name, "/", description, page) | {"structured_data": [site]}


def for_list(listed, page) -> dict:
    """Of a category, tag, author or series."""
    path, name, is_author = listed.get_absolute_url(), typeset(str(listed)), listed._meta.model_name == "author"
    description = _("Articles by %(name)s.") % {"name": name} if is_author else listed.description
    data = for_page(name, path, description, page, sharing.of_list(listed, page.paginator.count))
    if not is_author:
        return data
    person = {**CONTEXT, "@type": "Person", "name": name, "url": _absolute(path)}
    return data | {"og_type": "profile", "structured_data": [person, *data["structured_data"]]}


def _publisher() -> dict:
    data = {"@type": "Organization", "name": Publication.current().name, "url": _absolute("/")}
    for logo in face.current().logos[:1]:
        data["logo"] = {
            "@type": "ImageObject", "url": _absolute(logo.address), "width": logo.width, "height": logo.height,
        }  # fmt: skip
    return data


def for_article(article, authors, tags) -> dict:
    path, image = article.get_absolute_url(), sharing.image_of(article, [author.name for author in authors])
    language = article.text_language
    title, description = (
        typeset(text, language) for text in (article.title, article.seo_description or article.summary)
    )
    data = {
        **CONTEXT,
        "@type": "Article",
        "headline": title,
        "description": description,
        "image": [_absolute(article.cover.file.url) if article.cover else image.url],
        "datePublished": article.published_at and article.published_at.isoformat(),
        "dateModified": article.modified_at.isoformat(timespec="seconds"),
        "author": [
            {"@type": "Person", "name": typeset(author.name), "url": _absolute(author.get_absolute_url())}
            for author in authors
        ],
        "publisher": _publisher(),
        "mainEntityOfPage": _absolute(path),
        "articleSection": article.category.name if article.category else None,
        "keywords": [tag.name for tag in tags],
        "inLanguage": language or settings.LANGUAGE_CODE,
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
        "meta_title": typeset(article.seo_title, language) or title,
        "description": description,
        "canonical": article.canonical_url or _absolute(path),
        "og_type": "article",
        "og_locale": languages.locale_of(language),
        "og_image": image,
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        # OpenGraph wants the addresses of profiles.
        "author_urls": [_absolute(author.get_absolute_url()) for author in authors],
        "structured_data": [{name: value for name, value in data.items() if value}, trail],
    }
