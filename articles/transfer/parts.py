"""The tables of articles in an export, and what is computed of their rows after an import."""

from collections.abc import Iterator

from django.db import models, transaction

from publishing.text import markdown
from publishing.transfer.export.tables import ACCOUNTS, COMPUTED, LOGS, PASSING, READERS, Part, Table, register

from .. import search
from ..links.table import Links
from ..lists.recounting import recount
from ..models import (
    Article,
    ArticleCounts,
    Author,
    BulkChange,
    BulkPart,
    Byline,
    Category,
    Correction,
    DailyViews,
    FrontPage,
    Heart,
    Image,
    Link,
    LinkCard,
    ListCount,
    MailChoice,
    Menu,
    MenuEntry,
    MergedLabel,
    News,
    Page,
    ParagraphNote,
    Presence,
    Recording,
    RelatedArticles,
    Series,
    Tag,
    TrashedArticle,
    Version,
    View,
)
from ..models.article import RENDERED_FIELDS
from ..models.cards.link_card import State
from ..models.cards.link_card import fetch_card as fetch
from ..querysets import TRASHED
from . import checks, pictures
from .content import readable

# Articles of one transaction, which are rendered before it begins.
BATCH = 25
# Computed from the text; ids of headings (`contents`) are not, they stay if a heading is renamed.
_RENDERED = frozenset(RENDERED_FIELDS) - {"contents"} | {"shape"}


def _author(row: Author) -> None:
    row.biography_html = markdown.render_fragment(row.biography)


def _correction(row: Correction) -> None:
    row.note_html = markdown.render_line(row.note)


def _page(row: Page) -> None:
    checks.contents(row.contents)
    row.render()


# --- after all rows are stored --------------------------------------------------------------------


def _complete() -> Iterator[int]:
    """Render the articles, and what follows from their texts; count lists; fetch cards that were never fetched."""
    for keys in _batches(Article.everything.all()):
        _complete_articles(list(Article.everything.filter(pk__in=keys).order_by("pk")))
        yield len(keys)
    for keys in _batches(Page.objects.all()):
        links = [
            Page.pictures.through(page_id=page.pk, image_id=picture.pk)
            for page in Page.objects.filter(pk__in=keys).order_by("pk")
            for picture in page.render()
        ]
        Page.pictures.through.objects.bulk_create(links)
        yield len(keys)
    recount(repair=True)
    for key in LinkCard.objects.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True):
        fetch.enqueue(key)
    yield 0


def _batches(rows: models.QuerySet) -> Iterator[list[int]]:
    last = 0
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = keys[-1]
        yield keys


def _complete_articles(articles: list[Article]) -> None:
    rendered = []
    for article in articles:
        known = article.contents if article.published_at else ()
        rendered.append((article, *article.render(known, Links(article, has_stored=True))))
    with transaction.atomic():
        urls = [address.url for *_, addresses in rendered for address in addresses]
        cards = {card.url: card.pk for card in LinkCard.objects.of(urls)}
        shown, linked = Article.pictures.through, Article.link_cards.through
        pictures_of, cards_of = [], []
        for article, pictures_in, addresses in rendered:
            # As it is stored, without what a change by a person does besides.
            article.save_base(raw=True, force_update=True, update_fields=RENDERED_FIELDS)
            pictures_of += [shown(article_id=article.pk, image_id=picture.pk) for picture in pictures_in]
            keys = dict.fromkeys(cards[address.url] for address in addresses if address.url in cards)
            cards_of += [linked(article_id=article.pk, linkcard_id=key) for key in keys]
        shown.objects.bulk_create(pictures_of)
        linked.objects.bulk_create(cards_of)
        search.index(*(article for article in articles if article.status != TRASHED))


def _clear() -> None:
    search.clear()
    with transaction.atomic():
        ListCount.objects.all().delete()
    recount(repair=True)


register(
    Part(
        place=20,
        tables=(
            # With up to four files each.
            Table(Image, files=pictures.of_image, prepare=pictures.check_row, batch=20),
            # Each may be large.
            Table(Recording, files=pictures.of_recording, batch=1),
            Table(Category),
            Table(Tag),
            Table(Author, frozenset({"biography_html"}), prepare=_author),
            Table(Series),
            Table(MergedLabel, prepare=checks.merged_label, outgoing=checks.without_account),
            Table(LinkCard, files=pictures.of_card, prepare=checks.card),
            Table(
                Article,
                _RENDERED | {"created_in"},
                prepare=checks.article,
                also=frozenset({TRASHED}),
            ),
            Table(Article.tags.through),
            Table(Byline),
            Table(Version, prepare=checks.version),
            Table(ParagraphNote),
            Table(Correction, frozenset({"note_html"}), prepare=_correction),
            Table(ArticleCounts),
            Table(DailyViews),
            Table(Link, prepare=checks.link),
            Table(RelatedArticles, prepare=checks.related),
            Table(TrashedArticle),
            Table(Page, frozenset({"html", "text"}), prepare=_page),
            Table(FrontPage, is_replaced=True),
            Table(Menu, is_replaced=True),
            Table(MenuEntry, prepare=checks.menu_entry, is_replaced=True),
        ),
        left={
            Heart: READERS,
            View: READERS,
            Presence: PASSING,
            News: ACCOUNTS,
            MailChoice: ACCOUNTS,
            BulkChange: LOGS,
            BulkPart: LOGS,
            ListCount: COMPUTED,
            Article.pictures.through: COMPUTED,
            Article.link_cards.through: COMPUTED,
            Page.pictures.through: COMPUTED,
        },
        complete=_complete,
        clear=_clear,
        readable=readable,
    )
)
