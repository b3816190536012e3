"""Which cached pages a change of an article concerns, by the names with which views call `pages.cacheable`."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from publishing.bases.shown import differs
from publishing.cache import pages

from .. import search
from .list_counts import add, label_lists

MOST_LINKS = 100

# `text_language` is that of the title.
_LINK = ("title", "slug", "text_language")
_OUTLINE = (*_LINK, "contents", "published_at")
_FACTS = ("category_id", "cover_id", "published_at")
_ROW = (*_LINK, "category_id", "published_at", "summary", "reading_minutes", "code_minutes")
_ENTRY = (*_LINK, *_FACTS, "cover_letters", "summary", "html", "modified_at")
_SEO = ("seo_title", "seo_description", "canonical_url")
_CHECK = ("applies_to", "verified_on")
LABELS = ("category_id", "series_id")
_MEASURES = ("word_count", "reading_minutes", "code_minutes")
_PAGE = (*_ENTRY, *_SEO, *_CHECK, *_MEASURES, "contents", "slot_offsets", "series_id", "is_sensitive")

ARTICLE = {
    # Its page, what lists show of it: the title alone, without a picture, with one; its entry in feeds, what is drawn.
    "article:{}": _PAGE,
    "headline:{}": (*_LINK, "category_id", "published_at"),
    "row:{}": _ROW,
    "card:{}": (*_ROW, "cover_id", "cover_letters"),
    "entry:{}": _ENTRY,
    "picture:{}": (*_LINK, "category_id", "cover_id", "cover_letters"),
    # Pages that link to it: those of its thread, quizzes.
    "link:{}": (*_LINK, "published_at", "canonical_url"),
    # Which articles there are, in which order; which one leads the home page; what the search finds.
    "articles": ("published_at",),
    "home": ("featured",),
    "search": ("title", "summary", "html", "published_at", *LABELS),
    "llms": (*_LINK, "summary"),
    # The dates in the sitemap of lists and front pages.
    "dates:articles": ("changed_on",),
    # Values: outlines of all articles, lengths of all lists.
    "outlines": _OUTLINE,
    "lists": ("published_at", "category_id", "series_id"),
}


def relabelled(pairs) -> list[int]:
    """The keys of those with another category or series, of stored rows as they were and as they are."""
    return [after.pk for before, after in pairs if before and after and differs(before, after, *LABELS)]


def list_names(before, after) -> set[str]:
    """The names of the lists that have an article, as far as they change; None is an article that is not public."""
    rows, names = [row for row in (before, after) if row is not None], set()
    if differs(before, after, "published_at", "category_id"):
        names |= {f"category-list:{row.category_id}" for row in rows}
    if len(rows) == 1 or differs(before, after, "category_id"):
        names.add(every_name("category"))
    if any(row.series_id for row in rows) and (len(rows) == 1 or differs(before, after, "series_id")):
        names.add(every_name("series"))
    if differs(before, after, *_LINK, "published_at", "series_id", "series_position"):
        names |= {f"series:{row.series_id}" for row in rows if row.series_id}
    if differs(before, after, "published_at"):
        names |= {f"tag-list:{tag.pk}" for tag in rows[0].tags.all()}
        names |= {f"author-list:{byline.author_id}" for byline in rows[0].bylines.all()}
        if len(rows) == 1:
            names |= {every_name("tag") for _ in rows[0].tags.all()}
            names |= {every_name("author") for _ in rows[0].bylines.all()}
        names |= {"corrections" for _ in rows[0].corrections.all()}
        months = {month_name(row.published_at) for row in rows}
        names |= months
        if len(months) > 1 or len(rows) == 1:
            names.add("archive")
    return names


def every_name(kind: str) -> str:
    """The name of pages that list all labels of a kind with the numbers of their articles."""
    return f"every:{kind}"


def month_name(moment) -> str:
    return f"month:{timezone.localtime(moment):%Y%m}"


def labels(article) -> tuple[set[int], list[int]]:
    """The keys of its tags, and of its authors in order. Two queries, none for an article that is not stored."""
    if article.pk is None:
        return set(), []
    tags = set(article.tags.order_by().values_list("pk", flat=True))
    return tags, list(article.bylines.values_list("author", flat=True))


@contextmanager
def labels_changing(article):
    """Count and invalidate what shows the tags or authors of `article` if they are others afterwards."""
    with transaction.atomic():
        type(article).objects.lock(article.pk)
        tags, authors = labels(article)
        yield
        new_tags, new_authors = labels(article)
        if article.is_released:
            add(label_lists(new_tags, new_authors), label_lists(tags, authors))
        if (tags, authors) != (new_tags, new_authors):
            search.labels.changed([article.pk])
    if not article.is_on_pages or (tags, authors) == (new_tags, new_authors):
        return
    names = {f"article:{article.pk}", f"entry:{article.pk}", "dates:articles", "lists", "sitemap"}
    names |= {f"tag-list:{pk}" for pk in tags ^ new_tags}
    names |= {f"author-list:{pk}" for pk in {*authors} ^ {*new_authors}}
    names |= {every_name("tag")} if tags != new_tags else set()
    names |= {every_name("author")} if {*authors} != {*new_authors} else set()
    if authors != new_authors:
        names |= {f"{name}:{article.pk}" for name in ("byline", "row", "card")}
    pages.invalidate(*sorted(names))


def tag_changes(articles, tag, *, is_added: bool) -> None:
    """Count and invalidate what shows that many articles got a tag or lost it. In the transaction that does it."""
    lists = label_lists([tag.pk], []) * sum(article.is_released for article in articles)
    add(lists, []) if is_added else add([], lists)
    search.labels.changed(article.pk for article in articles)
    shown = [article.pk for article in articles if article.is_on_pages]
    if shown:
        names = {f"{name}:{key}" for key in shown for name in ("article", "entry")}
        pages.invalidate(
            *sorted(names | {"dates:articles", "lists", "sitemap", f"tag-list:{tag.pk}", every_name("tag")})
        )


def card_names(articles) -> list[str]:
    """The names of a page that shows cards of `articles`."""
    cards = [f"card:{article.pk}" for article in articles]
    return cards + [f"cover:{article.cover_id}" for article in articles if article.cover_id] + _authors_of(articles)


def related_names(articles) -> list[str]:
    """The names of a page that shows pictures and titles of `articles`."""
    covers = [f"cover:{article.cover_id}" for article in articles if article.cover_id]
    return [f"{name}:{article.pk}" for article in articles for name in ("headline", "picture")] + covers


def headline_names(articles) -> list[str]:
    """The names of a page that shows titles and authors of `articles`."""
    return [f"{name}:{article.pk}" for article in articles for name in ("headline", "byline")] + _authors_of(articles)


def link_names(keys) -> list[str]:
    """The names of a page that links to the articles with these keys, or will once they are published.

    One for all articles if there are many: proxies limit the length of the headers.
    """
    return [f"link:{key}" for key in sorted(keys)] if len(keys) <= MOST_LINKS else ["outlines"]


def row_names(articles) -> list[str]:
    """The names of a page that lists `articles` without pictures."""
    return [f"row:{article.pk}" for article in articles] + _authors_of(articles)


def _authors_of(articles) -> list[str]:
    """The names of the authors that cards and rows show. No query after `fetch_authors`."""
    return sorted({f"author-name:{author.pk}" for article in articles for author in article.byline})


def byline_names(article, authors) -> list[str]:
    """The names of a page that shows the `authors` of `article`."""
    return [f"byline:{article.pk}", *(name for author in authors for name in author_names(author))]


def author_names(author) -> list[str]:
    """The names of a page that shows an author, with the face."""
    return [f"author:{author.pk}", f"face:{author.pk}"] + [f"cover:{author.picture_id}"] * bool(author.picture_id)


def listed_names(listed) -> list[str]:
    """The names of the page of a category, tag, author or series, without those of its articles."""
    kind = listed._meta.model_name
    names = [f"{name}:{listed.pk}" for name in (kind, f"{kind}-list", f"{kind}-page")]
    return names + (author_names(listed) if kind == "author" else [])


def entry_names(articles) -> list[str]:
    """The names of a feed with the text of `articles`, which have `label_names`."""
    names = [name for article in articles for name in (f"entry:{article.pk}", *article.label_names)]
    return names + [f"file:{article.cover_id}" for article in articles if article.cover_id]
