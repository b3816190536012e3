"""Which article stands where on the front page. None stands twice, but in the ranking."""

from dataclasses import dataclass, field

from django.db.models import BigIntegerField
from django.utils import timezone

from publishing.cache import pages
from publishing.database.prepared import NOW, Parameter, Prepared, PreparedBulk

from ..lists import paging
from ..lists.most_read import most_read_of_the_week
from ..models import Article, Author, Category, FrontPage, fetching
from ..models.front.choices import PLACES
from ..models.list_counts import EVERY
from ..models.shown import author_names, card_names, headline_names, row_names

HEADLINES, OPINIONS, LATEST = 5, 3, 6
# A ranking of fewer says nothing.
RANKED, LEAST_RANKED = 5, 3
# So many are newer than the last headline at most.
NEWEST = len(PLACES) + OPINIONS + HEADLINES

_KEYS = Article.objects.published(NOW).newest_first().only("pk")
_newest = Prepared(_KEYS[:NEWEST])
# Those in other places are left out.
_featured = Prepared(_KEYS.filter(featured=True)[: len(PLACES)])
_opinions = Prepared(_KEYS.filter(category=Parameter("category", BigIntegerField()))[: len(PLACES) + OPINIONS])
_public = PreparedBulk(Article.objects.published(NOW).only("pk"))


@dataclass
class Keys:
    """The primary keys of what stands above the latest: lead and seconds, opinion, headlines."""

    places: list[int]
    opinions: list[int]
    headlines: list[int]

    @property
    def all(self) -> list[int]:
        return self.places + self.opinions + self.headlines


def keys_above() -> Keys:
    """Four queries at most."""
    front, now = FrontPage.current(), timezone.now()
    chosen = front.chosen(now)
    public = _public([key for key in chosen if key])
    places = [key if key in public else None for key in chosen]
    newest = [row.pk for row in _newest()]
    if places[0] is None:
        leading = [*(row.pk for row in _featured()), *newest]
        places[0] = next((key for key in leading if key not in places), None)
    opinions = [row.pk for row in _opinions(category=front.opinion_id)] if front.opinion_id else []
    opinions = [key for key in opinions if key not in places][:OPINIONS]
    newest = [key for key in newest if key not in places and key not in opinions]
    # Of the band, if there is nothing else.
    free = iter([*newest, *opinions])
    places = [key or next(free, None) for key in places]
    places = [key for key in places if key]
    headlines = [key for key in newest if key not in places][:HEADLINES]
    return Keys(places, [key for key in opinions if key not in places], headlines)


@dataclass
class Front:
    """What the first page shows. Whatever is empty is left out."""

    lead: Article | None = None
    seconds: list[Article] = field(default_factory=list)
    headlines: list[Article] = field(default_factory=list)
    latest: list[Article] = field(default_factory=list)
    # The band: its category, the author of its first article, articles.
    opinion: Category | None = None
    columnist: Author | None = None
    opinions: list[Article] = field(default_factory=list)
    ranking: list[Article] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of all that the page shows, by how much of it it shows."""
        faces = [*(self.lead.byline[:1] if self.lead else []), *([self.columnist] if self.columnist else [])]
        names = [name for author in faces for name in author_names(author)]
        names += card_names([*([self.lead] if self.lead else []), *self.seconds])
        names += row_names([*self.opinions, *self.latest]) + headline_names([*self.headlines, *self.ranking])
        if self.opinion:
            names.append(f"category-page:{self.opinion.pk}")
        if self.columnist:
            names.append(f"author-page:{self.columnist.pk}")
        return names

    @property
    def articles(self) -> list[Article]:
        """All of them, each once."""
        lead = [self.lead] if self.lead else []
        shown = [*lead, *self.seconds, *self.headlines, *self.opinions, *self.latest, *self.ranking]
        return list({article.pk: article for article in shown}.values())


def front_page(above: Keys, latest: list[int]) -> Front:
    """Two queries: the articles and their authors."""
    ranked = most_read_of_the_week(2 * RANKED) if latest else []
    rows = Article.cards(dict.fromkeys([*above.all, *latest, *ranked]))
    rows = {key: row for key, row in rows.items() if row.is_published}
    fetching.fetch_authors(rows.values())

    def found(keys):
        return [rows[key] for key in keys if key in rows]

    lead, *seconds = found(above.places) or [None]
    ranking, opinions = found(ranked)[:RANKED], found(above.opinions)
    return Front(
        lead=lead,
        seconds=seconds,
        headlines=found(above.headlines),
        latest=found(latest),
        opinion=opinions[0].category if opinions else None,
        columnist=next(iter(opinions[0].byline), None) if opinions else None,
        opinions=opinions,
        ranking=ranking if len(ranking) >= LEAST_RANKED else [],
    )


class FrontPaginator(paging.ListPaginator):
    """The latest articles below the others; there are fewer on the first page, which has more to show."""

    def __init__(self, above: Keys):
        self.above, self.front = above, None
        articles = Article.objects.published().newest_first().exclude(pk__in=above.all)
        super().__init__(articles, EVERY, left_out=len(above.all))

    def page(self, number):
        """The first one sets `front`, with all that it shows."""
        if self.validate_number(number) > 1:
            return super().page(number)
        self.front = front_page(self.above, self.keys(0, LATEST))
        return self._get_page(self.front.latest, 1, self)

    @property
    def num_pages(self) -> int:
        return 1 + max(0, -(-(self.count - LATEST) // self.per_page))

    def bounds(self, number):
        first = LATEST + (number - 2) * self.per_page if number > 1 else 0
        return first, first + (self.per_page if number > 1 else LATEST)


def changes_by_the_clock(request) -> None:
    """The page is valid until a choice of the editors ends."""
    pages.changes_at(request, FrontPage.current().next_end(timezone.now()))
