"""Where each post of a source is here: the rows that were imported before, and the slugs of new ones."""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Model
from django.utils.translation import gettext

from publishing.links import routes
from publishing.paths import url_of
from publishing.text import slugs
from publishing.transfer.notes import Kind

from ...models import Article, Page, TrashedArticle
from ..records import ARTICLE, PAGE, Post

MODELS: dict[str, type[Model]] = {ARTICLE: Article, PAGE: Page}
_ADDRESSES = {ARTICLE: "articles:detail", PAGE: "pages:page"}
_SOURCE_LENGTH = 400
# How many of its posts have to be here, equal, for a source of another name to be one that was moved.
_SAME_SOURCE = 0.5


@dataclass
class Place:
    """Of one post: `source` as it is stored, its slug, and the key of its row if there is one."""

    kind: str
    source: str
    slug: str
    pk: int | None = None

    @property
    def address(self) -> str:
        return url_of(_ADDRESSES[self.kind], self.slug)

    def tell(self, post: Post) -> None:
        """Add a note if its slug is not the one that it would have alone."""
        if not self.pk and self.slug != _wanted(post):
            post.notes.add(
                Kind.ADDRESS,
                gettext("its address ends in %(slug)s, since %(post)s is taken")
                % {"slug": self.slug, "post": _wanted(post)},
            )


class Places:
    """The places of all posts of a source, found in the first pass; about 500 bytes each.

    One query for articles and one for pages; nothing is written.
    """

    def __init__(self, site: str, posts: list[Post]):
        self.of: dict[str, Place] = {}
        # Their own files and addresses are of others while they lie in the trash.
        self.trashed = set(TrashedArticle.objects.exclude(source=None).values_list("source", flat=True))
        self._taken = {kind: set(_everything(kind).values_list("slug", flat=True)) for kind in MODELS}
        self.site = _site_here(site, posts)
        stored = {kind: _stored(kind, self.site) for kind in MODELS}
        for post in posts:
            source = source_of(self.site, post.key)
            for kind in MODELS:
                if row := stored[kind].get(source):
                    # A page that became an article there stays a page here.
                    self.of.setdefault(post.key, Place(kind, source, row[1], row[0]))
        for post in posts:
            if post.key not in self.of:
                self.of[post.key] = self.new(post)

    def new(self, post: Post) -> Place:
        """A place with a slug of its own."""
        wanted, taken = _wanted(post), self._taken[post.kind]
        slug = slugs.free(wanted, taken)
        while post.kind == PAGE and routes.is_taken(slug):
            taken.add(slug)
            slug = slugs.free(wanted, taken)
        taken.add(slug)
        return Place(post.kind, source_of(self.site, post.key), slug)


def _wanted(post: Post) -> str:
    return next(filter(None, map(slugs.slug_of, (post.slug, post.name, post.title))), post.kind)


def source_of(site: str, key: str) -> str:
    """What is stored of where a post comes from: unique, also where it is too long for the column."""
    source = f"{site}/{key}"
    if len(source) <= _SOURCE_LENGTH:
        return source
    return f"{source[: _SOURCE_LENGTH - 33]} {sha256(source.encode()).hexdigest()[:32]}"


def stored_digest(post: Post) -> str:
    """Another one than the source has, if a file of it is missing: it may be there, or be fetched, the next time."""
    is_missing = any(note.is_loss and note.kind in (Kind.PICTURE, Kind.RECORDING) for note in post.notes)
    mark = "~" if is_missing else "^" if post.on_web else ""
    return f"{mark}{post.digest}"[:64]


def is_same(stored: str | None, digest: str, *, fetch: bool) -> bool:
    """Whether a source has nothing that was not stored under this `stored_digest`."""
    return stored == digest or (not fetch and stored == f"^{digest}"[:64])


def _everything(kind: str):
    return getattr(MODELS[kind], "everything", MODELS[kind].objects)


def _stored(kind: str, site: str) -> dict[str, tuple[int, str]]:
    rows = _everything(kind).filter(source__startswith=f"{site}/").values_list("source", "pk", "slug")
    return {source: (pk, slug) for source, pk, slug in rows}


def _site_here(site: str, posts: list[Post]) -> str:
    """The name under which the source is known here: its own, or an earlier one if it was moved or renamed since."""
    if Article.everything.filter(source__startswith=f"{site}/").exists() or not posts:
        return site
    keys = {post.key: post for post in posts}
    equal = Counter()
    rows = Article.everything.filter(source__isnull=False).values_list("source", "source_digest", "title")
    for source, digest, title in rows.iterator():
        # A key may have slashes as well as the name of the site.
        for place in (index for index, letter in enumerate(source) if letter == "/"):
            if post := keys.get(source[place + 1 :]):
                equal[source[:place]] += digest == post.digest or (title == post.title and bool(title))
    # Two sites may both have the post that their system comes with.
    (name, number), *_ = equal.most_common(1) or [(site, 0)]
    return name if number and number >= _SAME_SOURCE * len(posts) else site
