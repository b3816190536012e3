"""The pages that a search finds beside articles."""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from publishing.cache import values

from ..models import Page
from ..search.query import Query
from ..search.words import indexed

MOST = 5
# Characters of a text that are looked through.
READ = 20_000


class FoundPage(NamedTuple):
    title: str
    url: str
    summary: str
    published_at: datetime
    # Its words, between spaces.
    words: str
    text_language: str = ""


def _all() -> list[FoundPage]:
    rows = Page.objects.released().only("title", "slug", "summary", "text", "text_language", "published_at")
    return [
        FoundPage(
            str(row), row.get_absolute_url(), row.summary, row.published_at,
            f" {indexed(f'{row.title} {row.summary} {row.text[:READ]}').lower()} ", row.text_language,
        )
        for row in rows
    ]  # fmt: skip


_pages = values.CachedValue(_all, default=list, names=("page-search",))


def pages_with(query: Query) -> list[FoundPage]:
    """The published pages that have all words of a query, or words that begin so; those with one in the title first.

    At most `MOST`. They are cached: no query while none has changed.
    """
    wanted, excluded = ([" ".join(term.indexed).lower() for term in terms] for terms in (query.wanted, query.excluded))
    # A plural finds the singular.
    wanted = [words.removesuffix("s") if len(words) > 3 else words for words in wanted]
    now = timezone.now()
    found = [
        page
        for page in _pages.get()
        if wanted and page.published_at <= now
        if all(f" {words}" in page.words for words in wanted)
        if not any(f" {words} " in page.words for words in excluded)
    ]
    titles = {page.url: f" {indexed(page.title).lower()} " for page in found}
    return sorted(found, key=lambda page: not any(f" {words}" in titles[page.url] for words in wanted))[:MOST]
