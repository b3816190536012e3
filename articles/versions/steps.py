"""What editors do with an article, each in one transaction with its entry in the log."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.log import log
from publishing.cache import pages
from publishing.text.fields import TITLE_LENGTH

from ..models import Article, News, Status, Version
from ..models.versions import SCHEDULED_CHANGES
from ..news import telling
from .content import fields_of, store
from .differences import changed_labels
from .notes import Change, tell
from .saving import Kind, State, add, carried, create, current, keep_marked, locked

NOTHING_CHANGED = _("Nothing has been changed since it was published.")


def moment(at: datetime) -> str:
    """In words, with the time zone: "Thu 24 Dec 2026, 06:00 UTC"."""
    # Translators: a moment, in the letters of Django's filter "date".
    return date_format(timezone.localtime(at), gettext("D j M Y, H:i T"))


def for_moment(at: datetime) -> str:
    """As a line of a mail."""
    return gettext("For %(moment)s") % {"moment": moment(at)}


@transaction.atomic
def save(article: Article, *, by, note: str = "") -> None:
    """Save what is worked on. Of a published article readers see it only after `publish`."""
    article = locked(article.pk)
    version = current(article)
    if article.is_published:
        if version.state == State.WORKING:
            mark(version, Kind.SAVED, by, note)
    else:
        go_live(article, Kind.SAVED, by=by, note=note, message=gettext("Saved"))


def changed_version(article: Article) -> Version:
    """What is worked on of a published article. Raises ValidationError if that is nothing."""
    version = current(article)
    if version.state != State.WORKING:
        raise ValidationError(NOTHING_CHANGED)
    return version


@transaction.atomic
def send_for_review(article: Article, *, by, note: str = "") -> None:
    """Ask an editor to publish it; of a published article, to publish its changes."""
    article = locked(article.pk)
    if article.is_published:
        mark(changed_version(article), Kind.REVIEW, by, note)
        log(by, article, gettext("Sent changes for review"))
        telling.editors(article, News.What.CHANGES_FOR_REVIEW, by=by, text=note)
    else:
        article.status = Status.REVIEW
        telling.editors(article, News.What.REVIEW, by=by, text=note)
        go_live(article, Kind.REVIEW, by=by, note=note, message=gettext("Sent for review"))


@transaction.atomic
def send_back(article: Article, *, by, note: str) -> None:
    """Return what was sent for review, with a note that says why."""
    article = locked(article.pk)
    if article.is_published:
        mark(changed_version(article), Kind.SENT_BACK, by, note)
        log(by, article, gettext("Sent changes back: %(note)s") % {"note": note})
    else:
        article.status = Status.DRAFT
        message = gettext("Sent back: %(note)s") % {"note": note}
        go_live(article, Kind.SENT_BACK, by=by, note=note, message=message)
    telling.writers(article, News.What.SENT_BACK, by=by, text=note)


@transaction.atomic
def publish(
    article: Article,
    *,
    by,
    at: datetime | None = None,
    note: str = "",
    change: Change | None = None,
    tells: bool = True,
) -> Article:
    """Publish it, at `at` or now; of a published article, its changes. The first moment of publication stays for ever.

    `change` says what the changes are, by default what was said when they were scheduled. Unless it `tells`, its
    writers get no mail.
    Raises ValidationError if what is worked on is not valid.
    """
    article = locked(article.pk)
    message = gettext("Published changes") if article.is_published else gettext("Published")
    if article.is_published:
        tell(article, current(article), change, by=by)
    article.release(at)
    if article.is_scheduled:
        message = gettext("Scheduled")
    go_live(article, Kind.PUBLISHED, by=by, note=note, message=message)
    end_notes(article)
    if tells:
        what = News.What.SCHEDULED if article.is_scheduled else News.What.PUBLISHED
        at_moment = for_moment(article.published_at) if article.is_scheduled else ""
        telling.writers(article, what, by=by, text="\n".join(filter(None, [at_moment, note])))
    return article


def end_notes(article: Article) -> None:
    """What notes on paragraphs asked for is done once the article is published."""
    if article.paragraph_notes.exists():
        article.paragraph_notes.all().delete()
        article.versions.exclude(state=State.OLD).update(anchors=None)


@transaction.atomic
def revoke_previews(article: Article, *, by, note: str = "") -> None:
    """End all preview links that were made for it."""
    article = locked(article.pk)
    Article.objects.filter(pk=article.pk).update(preview_number=F("preview_number") + 1)
    log(by, article, with_note(gettext("Revoked preview links"), note))


def clock_changes(article: Article) -> None:
    """Pages that show the article end when the clock changes it."""
    pages.invalidate(SCHEDULED_CHANGES, f"article:{article.pk}")


@transaction.atomic
def discard(article: Article, *, by, note: str = "") -> None:
    """Go back to the live version. What was worked on stays in the history."""
    article = locked(article.pk)
    version = current(article)
    if version.state != State.LIVE:
        if version.state == State.SCHEDULED:
            clock_changes(article)
        version.state, version.goes_live_at = State.OLD, None
        version.save()
        if version.anchors:
            left = current(article)
            left.anchors = carried(version, left.fields)
            left.save(update_fields=["anchors"])
        log(by, article, with_note(gettext("Discarded changes"), note))


@transaction.atomic
def unpublish(article: Article, *, by, note: str = "") -> None:
    """Make it a draft again: its address answers 410."""
    article = locked(article.pk)
    _hide(article, Status.DRAFT, by, with_note(gettext("Unpublished"), note))
    telling.writers(article, News.What.WITHDRAWN, by=by, text=note)


@transaction.atomic
def archive(article: Article, *, by, note: str = "") -> None:
    """Take it off the site: its address answers 410."""
    article = locked(article.pk)
    _hide(article, Status.ARCHIVED, by, with_note(gettext("Archived"), note))
    telling.writers(article, News.What.WITHDRAWN, by=by, text=note)


@transaction.atomic
def copy(article: Article, *, by) -> Article:
    """A new draft with what is worked on."""
    fields = current(locked(article.pk)).fields
    title = (gettext("Copy of %(title)s") % {"title": fields["title"]})[:TITLE_LENGTH]
    copied = create(fields | {"title": title, "slug": "", "series_position": None, "canonical_url": ""}, by=by)
    log(by, copied, gettext("Copied from “%(title)s”") % {"title": fields["title"]})
    return copied


@transaction.atomic
def restore(version: Version, *, by, fields: dict | None = None) -> Version:
    """Work on what an earlier version holds, or on what of it they may change: `fields`.

    What was worked on stays in the history.
    """
    article, fields = locked(version.article_id), fields or version.fields
    anchors = carried(current(article), fields)
    article.versions.working().update(state=State.OLD)
    live = article.versions.live().first()
    log(by, article, gettext("Restored version %(number)s") % {"number": version.number})
    return add(article, fields, state=State.WORKING, kind=Kind.RESTORED, by=by, base=live, anchors=anchors)


def _hide(article: Article, status: str, by, message: str) -> None:
    if article.archives_at:
        clock_changes(article)
    article.hide(status)
    article.save_and_log(by, message)


def with_note(message: str, note: str) -> str:
    return f"{message}: {note}" if note else message


def mark(version: Version, kind: str, by, note: str) -> None:
    """Say what a version was saved for, by whom and why. What was said before stays in the history."""
    waits = version.kind == Kind.REVIEW and version.state == State.WORKING
    if version.kind in (Kind.SAVED, Kind.REVIEW, Kind.SENT_BACK, Kind.PUBLISHED) and version.kind != kind and not waits:
        keep_marked(version)
    version.kind, version.by, version.note, version.changed_at = kind, by, note, timezone.now()
    version.save()
    if kind == Kind.REVIEW and version.state == State.WORKING:
        # It may be changed while it waits.
        keep_marked(version)


def go_live(article: Article, kind: str, *, by, note: str, message: str) -> None:
    """Put the working version into the columns of the locked article."""
    version, before = current(article), fields_of(article)
    if version.state != State.LIVE:
        if article.versions.scheduled().exists():
            clock_changes(article)
        article.versions.exclude(pk=version.pk).exclude(state=State.OLD).update(state=State.OLD, goes_live_at=None)
        version.state, version.goes_live_at = State.LIVE, None
    mark(version, kind, by, note)
    store(article, version.fields)
    changed = changed_labels(before, version.fields)
    if changed:
        message = gettext("%(done)s. Changed: %(fields)s") % {"done": message, "fields": ", ".join(changed)}
    log(by, article, message)
