"""Changes that the clock makes: by a task at their moment, or by the first request after it."""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django_tasks import task

from publishing.bases.log import log
from publishing.cache import pages
from publishing.text import languages

from ..models import Article, News, Version
from ..models.versions import SCHEDULED_CHANGES, is_change_due
from ..news import telling
from . import notes
from .saving import Kind, State, current, locked
from .steps import NOTHING_CHANGED, archive, clock_changes, end_notes, for_moment, go_live, mark, moment, with_note

logger = logging.getLogger(__name__)


@transaction.atomic
def schedule_changes(
    article: Article, *, by, at: datetime, note: str = "", change: notes.Change | None = None
) -> Version:
    """Publish what is worked on at `at`. It replaces a change that was scheduled before.

    Raises ValidationError if there is nothing to publish, or `at` has passed.
    """
    article = locked(article.pk)
    version = current(article)
    if version.state == State.LIVE:
        raise ValidationError(NOTHING_CHANGED)
    if at <= timezone.now():
        raise ValidationError(_("Choose a time in the future."))
    article.versions.scheduled().exclude(pk=version.pk).update(state=State.OLD, goes_live_at=None)
    version.state, version.goes_live_at = State.SCHEDULED, at
    notes.keep(version, change)
    mark(version, Kind.SAVED, by, note)
    log(by, article, _("Scheduled changes for %(moment)s") % {"moment": moment(at)})
    text = "\n".join(filter(None, [for_moment(at), note]))
    telling.writers(article, News.What.SCHEDULED, by=by, text=text)
    clock_changes(article)
    make_due_changes.using(run_after=at).enqueue()
    return version


@transaction.atomic
def archive_later(article: Article, *, by, at: datetime, note: str = "") -> None:
    """Archive it at `at`, by the clock."""
    article = locked(article.pk)
    Article.objects.filter(pk=article.pk).update(archives_at=at)
    log(by, article, with_note(_("Archives on %(moment)s") % {"moment": moment(at)}, note))
    clock_changes(article)
    make_due_changes.using(run_after=at).enqueue()


@transaction.atomic
def keep(article: Article, *, by, note: str = "") -> None:
    """Do not archive it by the clock."""
    article = locked(article.pk)
    Article.objects.filter(pk=article.pk).update(archives_at=None)
    log(by, article, with_note(_("Is not archived by date any more"), note))
    clock_changes(article)


class DueChanges(MiddlewareMixin):
    """Middleware: makes the changes that are due before a page is rendered. No query if there is none.

    The clock has changed the site and the request only shows it, so readers see it in time without a worker.
    """

    def process_request(self, request):
        if is_change_due(timezone.now()):
            try:
                make_changes()
            except DatabaseFailure as error:
                logger.warning("Scheduled changes have to wait: %s", error)


@task()
def make_due_changes() -> int:
    """`make_changes`, at the moment of a change."""
    return make_changes()


def make_changes() -> int:
    """Publish the changes and archive the articles that are due; returns how many."""
    now = timezone.now()
    due = Version.objects.scheduled().filter(goes_live_at__lte=now).order_by("goes_live_at", "pk")
    ended = Article.objects.filter(archives_at__lte=now).order_by("archives_at", "pk").values_list("pk", flat=True)
    # What is written down of it is for editors.
    with languages.of_the_desk():
        made = sum(_publish(version.article_id, now) for version in due.only("article_id"))
        made += sum(_archive(key, now) for key in ended)
    pages.invalidate(SCHEDULED_CHANGES)
    return made


def _publish(key: int, now: datetime) -> bool:
    """Publish the change of an article that is due. If it is not valid any more, it is worked on again."""
    try:
        with transaction.atomic():
            article = locked(key)
            version = article.versions.scheduled().filter(goes_live_at__lte=now).first()
            if version is None:
                return False
            working = article.versions.working().first()
            if working:
                # It goes on from what is live now.
                article.versions.filter(pk=working.pk).update(state=State.OLD)
            if article.is_published:
                notes.tell(article, version, None, by=version.by)
            go_live(
                article, Kind.PUBLISHED, by=version.by, note=version.note, message=_("Published changes by the clock")
            )
            if working:
                article.versions.filter(pk=working.pk).update(state=State.WORKING, base=version)
            else:
                end_notes(article)
            return True
    except ValidationError as error:
        logger.warning("The change of article %s that was scheduled is not valid: %s", key, error)
        _give_back(key, error)
        return False


@transaction.atomic
def _give_back(key: int, error: ValidationError) -> None:
    article = locked(key)
    version, has_working = article.versions.scheduled().first(), article.versions.working().exists()
    if version:
        version.state, version.goes_live_at = State.OLD if has_working else State.WORKING, None
        version.note = (_("Not published: %(reason)s") % {"reason": " ".join(error.messages)})[:300]
        version.save()
        log(version.by, article, version.note)
        telling.one(article, version.by, News.What.NOT_PUBLISHED, text=version.note)
        clock_changes(article)


@transaction.atomic
def _archive(key: int, now: datetime) -> bool:
    article = locked(key)
    if not article.archives_at or article.archives_at > now:
        return False
    archive(article, by=None)
    return True
