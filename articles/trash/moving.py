"""Into the trash, out of it again, and for ever. Each logged, in a transaction of its own."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from django.contrib.admin.models import DELETION
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.bases.log import log
from publishing.cache import pages
from publishing.web import redirects

from .. import search
from ..links.incoming import word_for
from ..models import Article, Status, TrashedArticle, Version, digest_of, update_related
from ..models.versions import SCHEDULED_CHANGES
from ..querysets import TRASHED
from ..versions.saving import free_slug, record

KEPT_DAYS = 30
# The name of cached values that depend on whether anything lies in the trash.
TRASH = "trash"
State = Version.State


@transaction.atomic
def trash(article: Article, *, by) -> TrashedArticle:
    """Move an article to the trash: its public addresses answer 410, as if it were deleted.

    Others may take its slug, its place in the series and the file that it was imported from. A change that was
    scheduled waits as the working version. Raises Article.DoesNotExist if it lies there already.
    """
    article = Article.objects.locked().get(pk=article.pk)
    redirects.withdraw(*article.public_addresses())
    kept = {name: getattr(article, name) for name in ("status", "slug", "series_position", "source")}
    row = TrashedArticle.objects.create(article=article, by=by, **kept)
    _stop_scheduled(article)
    was_released = article.is_released
    Article.everything.filter(pk=article.pk).update(status=TRASHED)
    _set(article, slug=f"trashed-{uuid4().hex}", series_position=None, source=None, created_in=None)
    search.remove(article.pk)
    if was_released:
        article.status = TRASHED
        update_related(article)
    pages.invalidate(TRASH, SCHEDULED_CHANGES)
    log(by, article, _("Moved to the trash"))
    return row


@transaction.atomic
def restore(row: TrashedArticle, *, by, as_draft: bool = False) -> list[str]:
    """Restore an article as it was, or as a draft. Returns a sentence for each thing that another one has taken since.

    Raises TrashedArticle.DoesNotExist if it was restored or deleted meanwhile.
    """
    article = Article.everything.locked().filter(pk=row.pk).first()
    row = TrashedArticle.objects.get(pk=row.pk)
    row.article = article
    was_released = row.status == Status.PUBLISHED
    status = Status.DRAFT if as_draft and was_released else row.status_again
    if was_released and not row.was_public and status != Status.PUBLISHED:
        article.published_at = None
    position = row.series_position if _is_free(article, series_position=row.series_position) else None
    values = {"slug": free_slug(row.slug), "series_position": position}
    _set(article, **values, source=row.source if _is_free(article, source=row.source) else None)
    row.delete()
    article.status = status
    article.save()
    if article.is_released:
        redirects.reopen(*article.public_addresses())
    _follow(article, row, values, by)
    pages.invalidate(TRASH, SCHEDULED_CHANGES)
    log(by, article, _("Restored from the trash: %(state)s") % {"state": word_for(article.status)})
    return list(_taken(article, row))


@transaction.atomic
def delete(row: TrashedArticle, *, by) -> None:
    """Delete an article for ever, with its comments and versions."""
    article = Article.everything.get(pk=row.pk)
    log(by, article, _("Deleted for ever"), DELETION)
    article.delete()
    pages.invalidate(TRASH)


def outdated(days: int = KEPT_DAYS) -> models.QuerySet:
    """What has lain there for as many days, the oldest first."""
    return TrashedArticle.objects.filter(at__lte=timezone.now() - timedelta(days=days)).order_by("at", "pk")


def days_left(row: TrashedArticle) -> int:
    return max(0, KEPT_DAYS - (timezone.now() - row.at).days)


def _set(article: Article, **values) -> None:
    """Set columns of an article that readers do not see: nothing on a page changes, and no address redirects."""
    models.QuerySet(Article).filter(pk=article.pk).update(**values)
    for name, value in values.items():
        setattr(article, name, value)


def _stop_scheduled(article: Article) -> None:
    has_working = article.versions.working().exists()
    state = State.OLD if has_working else State.WORKING
    article.versions.scheduled().update(state=state, goes_live_at=None)


def _is_free(article: Article, **value) -> bool:
    """Whether no other article has this value, in the series of the article if it is a place there."""
    if "series_position" in value:
        value["series"] = article.series_id
    return None not in value.values() and not Article.objects.filter(**value).exists()


def _follow(article: Article, row: TrashedArticle, values: dict, by) -> None:
    """Versions have what the article has now instead of what was taken."""
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    if not changed:
        return
    record(article, by=by, kind=Version.Kind.RESTORED, note=_("Restored from the trash"))
    for version in article.versions.working():
        same = {name: value for name, value in changed.items() if version.fields[name] == getattr(row, name)}
        version.fields = version.fields | same
        version.digest = digest_of(version.fields)
        version.save(update_fields=["fields", "digest"])


def _taken(article: Article, row: TrashedArticle) -> Iterable[str]:
    if article.slug != row.slug:
        text = _("Another article has its address now, so that it has the address “%(slug)s”.")
        yield text % {"slug": article.slug}
    if article.series_position != row.series_position:
        yield _("Its place in the series is taken, so that it has none.")
