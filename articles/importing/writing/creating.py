"""Stores new articles, several at once: at a fifth of the statements of one after the other."""

from dataclasses import dataclass

from django.utils import timezone

from publishing.bases.addressed import update_redirects

from ... import search
from ...links.table import Links
from ...models import Article, ArticleCounts, Byline, Status, Version, digest_of
from ...models.cards.link_card import set_cards
from ...versions import content
from ..records import Post


@dataclass
class New:
    """An article that is not stored yet: its post, its columns, and the fields of its first version."""

    post: Post
    article: Article
    fields: dict
    status: str

    def __post_init__(self):
        """Raises ValidationError for what no article can be. No query, those for pictures and links aside."""
        article, fields = self.article, self.fields
        for name in (*content.TEXTS, *content.OTHERS):
            setattr(article, name, fields[name])
        for name in content.KEYS:
            setattr(article, f"{name}_id", fields[name])
        # The constraints of the table do the rest.
        article.clean_fields(exclude=[*content.KEYS, "status"])
        self._links = Links(article, has_stored=False)
        self._pictures, self._addresses = article.render((), self._links)
        article.imported_digest = digest_of(fields)

    def store_relations(self) -> None:
        """What cannot be stored for several at once. No query for a text without links, pictures and addresses."""
        if self._pictures:
            self.article.pictures.set(self._pictures)
        self._links.store()
        if self._addresses:
            set_cards(self.article, self._addresses)


def store(several: list[New], note: str) -> None:
    """Insert them with all that belongs to them, then publish those that are to be. Call it in a transaction.

    What is related to them is not computed: see `relate`. Raises IntegrityError if an address was taken meanwhile, or
    a place in a series.
    """
    articles = [new.article for new in several]
    for article in articles:
        article.status = Status.DRAFT
    Article.everything.bulk_create(articles)
    pairs = [(new.article.pk, new.fields) for new in several]
    Article.tags.through.objects.bulk_create(
        Article.tags.through(article_id=pk, tag_id=tag) for pk, fields in pairs for tag in fields["tags"]
    )
    Byline.objects.bulk_create(
        Byline(article_id=pk, author_id=author, position=position)
        for pk, fields in pairs
        for position, author in enumerate(fields["authors"])
    )
    ArticleCounts.objects.bulk_create(ArticleCounts(article_id=pk) for pk, _ in pairs)
    Version.objects.bulk_create(
        Version(
            article=new.article, number=1, state=Version.State.LIVE, kind=Version.Kind.FIRST, note=note,
            fields=new.fields, digest=new.article.imported_digest,
        )
        for new in several
    )  # fmt: skip
    for new in several:
        new.store_relations()
    for new in several:
        new.article.status = new.status
    search.index(*articles)
    for status in {new.status for new in several} - {Status.DRAFT}:
        keys = [new.article.pk for new in several if new.status == status]
        # Counts them, and invalidates what lists them.
        Article.objects.filter(pk__in=keys).update(status=status)
    update_redirects((None, article) for article in articles)


def moved_at(post: Post, article: Article):
    """When readers were last told of a change: not the time of the import."""
    return post.updated_at or article.published_at or timezone.now()
