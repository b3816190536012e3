"""Where pictures are used: in articles, in versions that are not live yet, in what other apps register with `finder`.

Earlier versions do not count: a restored one says what a deleted picture showed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ..links.incoming import word_for
from ..models import Article, Author, Image, Version
from ..models.uploads.in_texts import keys_in
from ..querysets import TRASHED

# So many are listed of one picture.
MOST = 100


@dataclass(frozen=True)
class Use:
    """One place that shows a picture: "Cover of", its title, "published", its page in the admin."""

    how: str
    title: str
    state: str
    url: str


# Each yields the uses of the pictures with these keys, or of all pictures, as (key, use) pairs.
Finder = Callable[[set[str] | None], Iterable[tuple[str, Use]]]
_FINDERS: list[Finder] = []


def finder(function: Finder) -> Finder:
    """Decorate what finds the uses in another app. It reads all its texts at once."""
    _FINDERS.append(function)
    return function


def _elsewhere(keys: set[str] | None) -> Iterator[tuple[str, Use]]:
    for function in _FINDERS:
        yield from function(keys)


def uses(image: Image) -> list[Use]:
    """Where a picture is used, at most `MOST` articles of each kind. Two queries, and those of the finders."""
    found = []
    for how, named in ((_("Cover of"), {"cover": image}), (_("In the text of"), {"pictures": image})):
        rows = Article.everything.filter(**named).order_by("-pk").only("title", "status", "published_at")[:MOST]
        found += [Use(how, row.title, _state(row), _change_url(row)) for row in rows]
    return found + [use for _key, use in _elsewhere({image.key})]


@finder
def _unpublished(keys: set[str] | None) -> Iterator[tuple[str, Use]]:
    """Working versions and scheduled changes whose text or cover is a picture. Two queries, which read all of them."""
    rows = Version.objects.filter(state__in=[Version.State.WORKING, Version.State.SCHEDULED])
    versions = list(rows.values_list("article", "state", "fields__title", "fields__body", "fields__cover"))
    covers = {row[4] for row in versions} - {None}
    key_of = dict(Image.objects.filter(pk__in=covers).values_list("pk", "key")) if covers else {}
    states = {Version.State.WORKING: _("working version"), Version.State.SCHEDULED: _("scheduled change")}
    for article, state, title, body, cover in versions:
        found = keys_in(body or "") | ({key_of[cover]} if cover in key_of else set())
        url = reverse("admin:articles_article_change", args=[article])
        use = Use(_("In a version of"), title or "", states[state], url)
        yield from ((key, use) for key in (found if keys is None else found & keys))


@finder
def _faces(keys: set[str] | None) -> Iterator[tuple[str, Use]]:
    """Authors with a picture. One query."""
    rows = Author.objects.exclude(picture=None) if keys is None else Author.objects.filter(picture__key__in=keys)
    for pk, name, key in rows.order_by("name").values_list("pk", "name", "picture__key"):
        yield key, Use(_("Picture of"), name, _("author"), reverse("admin:articles_author_change", args=[pk]))


def _state(article: Article) -> str:
    if article.status == TRASHED:
        return _("in the trash")
    return word_for("scheduled" if article.is_scheduled else article.status)


def _change_url(article: Article) -> str:
    if article.status == TRASHED:
        return reverse("admin:articles_article_trash")
    return reverse("admin:articles_article_change", args=[article.pk])


def counts(images: list[Image]) -> dict[int, int]:
    """In how many places each picture is used. Two queries, and those of the finders."""
    numbers, keys = Counter(), {image.key: image.pk for image in images}
    for rows, name in ((Article.everything, "cover"), (Article.pictures.through.objects, "image")):
        found = rows.filter(**{f"{name}__in": images}).order_by().values_list(name)
        numbers.update(dict(found.annotate(Count("pk"))))
    numbers.update(keys[key] for key, _use in _elsewhere(set(keys)))
    return numbers


def unused(images):
    """Those of a queryset that nothing shows."""
    elsewhere = {key for key, _use in _elsewhere(None)}
    links, covers = Article.pictures.through.objects.values("image"), Article.everything.exclude(cover=None)
    return images.exclude(Q(pk__in=links) | Q(pk__in=covers.values("cover")) | Q(key__in=elsewhere))
