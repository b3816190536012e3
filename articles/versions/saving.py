"""The working version: what is typed is saved there at once, merged with what others saved meanwhile."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from publishing.text import slugs

from ..models import Article, Version, author_of, digest_of
from .anchors import moved
from .content import NAMES, fields_of, store
from .merge import Merge, merge_fields

State, Kind = Version.State, Version.Kind


@dataclass(frozen=True)
class Saved:
    """What is stored now. `is_merged` if it has more than what was sent."""

    fields: dict
    token: str
    is_merged: bool = False


@dataclass(frozen=True)
class Conflict:
    """Both changed the same. Nothing was saved but two versions of the history: one of each text.

    `merge` has both texts; to save with `token` replaces `theirs`.
    """

    merge: Merge
    theirs: Version

    @property
    def token(self) -> str:
        return self.theirs.digest


class UnknownBase(Exception):  # noqa: N818 - not an error of the program
    """Somebody saved meanwhile, and no version has the text that the fields were made from."""


# Then all that differs is a conflict.
NO_BASE = dict.fromkeys(NAMES)


def locked(key: int) -> Article:
    """The article, which other transactions do not change until this one ends. Raises Article.DoesNotExist."""
    return Article.objects.locked().get(pk=key)


def shown(article: Article) -> Version:
    """The version that a form shows: the working one, else the scheduled one, else the live one.

    One query if there is one, else three.
    """
    found = article.versions.shown().first()
    if found:
        return found
    fields = fields_of(article)
    return Version(article=article, state=State.LIVE, kind=Kind.FIRST, fields=fields, digest=digest_of(fields))


def current(article: Article) -> Version:
    """What `shown` returns, stored."""
    version = shown(article)
    return version if version.pk else record(article)


def record(article: Article, *, by=None, kind=Kind.FIRST, note="") -> Version:
    """Make what the columns hold the live version. For articles that were changed without one: imports."""
    fields = fields_of(article)
    live = article.versions.live().first()
    if live and live.fields == fields:
        return live
    article.versions.live().update(state=State.OLD)
    anchors = carried(live, fields)
    return add(article, fields, state=State.LIVE, kind=kind, by=by, note=note, base=live, anchors=anchors)


def carried(version: Version | None, fields: dict) -> dict | None:
    """The anchors of the notes on a version in the text of `fields`."""
    return version and moved(version.anchors, version.fields["body"], fields["body"])


def add(article: Article, fields: dict, **values) -> Version:
    """A new version with the next number. Call it with the article locked. Two queries."""
    last = article.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return Version.objects.create(article=article, number=last + 1, fields=fields, digest=digest_of(fields), **values)


def save_working(now: Version, fields: dict, *, by, token: str, base: dict | None = None) -> Saved | Conflict:
    """Save `fields` as the working version of a locked article, whose `current` version is `now`.

    `token` is that of the text that `fields` were made from. If it is not the current one, both are merged. `base` is
    that text; without it, a version of the history that has the token. Raises UnknownBase and changes nothing if there
    is none. Two queries at most if nobody else saved meanwhile.
    """
    article = now.article
    if now.digest == token or now.fields == fields:
        return _stored(article, now, fields, by, is_merged=False)
    merge = merge_fields(_base(article, token, base), fields, now.fields)
    if merge.conflicts:
        keep(article, now.fields, by=now.by)
        keep(article, fields, by=by)
        return Conflict(merge, now)
    if merge.fields != now.fields:
        keep(article, now.fields, by=now.by)
    return _stored(article, now, merge.fields, by, is_merged=merge.fields != fields)


def _stored(article, now: Version, fields: dict, by, *, is_merged: bool) -> Saved:
    if fields == now.fields:
        return Saved(fields, now.digest, is_merged)
    anchors = carried(now, fields)
    if now.state != State.WORKING:
        added = add(article, fields, state=State.WORKING, kind=Kind.AUTOSAVED, by=by, base=now, anchors=anchors)
        return Saved(fields, added.digest, is_merged)
    if now.kind in (Kind.SAVED, Kind.SENT_BACK):
        keep_marked(now)
    if now.by_id != (by and by.pk):
        # The text of someone else is replaced.
        keep(article, now.fields, by=now.by)
    now.fields, now.digest, now.by, now.changed_at = fields, digest_of(fields), by, timezone.now()
    now.anchors = anchors
    if now.kind != Kind.REVIEW:
        now.kind = Kind.AUTOSAVED
    now.save(update_fields=["fields", "digest", "anchors", "by", "changed_at", "kind"])
    return Saved(fields, now.digest, is_merged)


def _base(article: Article, token: str, base: dict | None) -> dict:
    if base is not None:
        return base
    version = article.versions.filter(digest=token).first() if token else None
    if version is None:
        raise UnknownBase
    return version.fields


def keep(article: Article, fields: dict, *, by, kind=Kind.CONFLICT) -> None:
    """Add these fields to the history, unless a version that cannot change has them."""
    digest = digest_of(fields)
    if not article.versions.exclude(state=State.WORKING).filter(digest=digest).exists():
        add(article, fields, state=State.OLD, kind=kind, by=by)


def keep_marked(version: Version) -> None:
    """Add to the history what the version was saved for, by whom and why, before it changes."""
    marks = {name: getattr(version, name) for name in ("kind", "by", "note", "changed_at", "base")}
    add(version.article, version.fields, state=State.OLD, **marks)


@transaction.atomic
def create(fields: dict, *, by, key=None) -> Article:
    """A new draft. Called again with the same `key`, which is of the tab, it works on the same article.

    Without a title it is called “Untitled”; a slug that is taken gets a number. A key of an article that `by` may not
    change is not used.
    """
    found = Article.objects.filter(created_in=key).first() if key else None
    if found and by and Article.objects.editable_by(by).filter(pk=found.pk).exists():
        now = current(locked(found.pk))
        typed = {name: value for name, value in fields.items() if value}
        save_working(now, now.fields | typed, by=by, token=now.digest)
        return found
    if found:
        key = None
    authors = fields["authors"] or ([author_of(by).pk] if by else [])
    title = fields["title"].strip() or "Untitled"
    fields = fields | {"authors": authors, "title": title, "slug": free_slug(fields["slug"] or slugs.slug_of(title))}
    article = Article(created_in=key)
    store(article, fields)
    add(article, fields_of(article), state=State.LIVE, kind=Kind.FIRST, by=by)
    return article


def free_slug(wanted: str) -> str:
    """`wanted`, with a number behind it if another article has it."""
    wanted = wanted or "untitled"
    taken = Article.objects.filter(slug__startswith=wanted[: slugs.LENGTH - 10]).values_list("slug", flat=True)
    return slugs.free(wanted, set(taken))
