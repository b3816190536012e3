"""What editors do with an article, each in one transaction with its entry in the log."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing.bases.log import log
from publishing.text.fields import TITLE_LENGTH

from ..models import Article, Status, Version
from .content import fields_of, store
from .differences import changed_labels
from .saving import Kind, State, add, create, current, locked


@dataclass(frozen=True)
class Result:
    """The article with this key is shown next, with a message."""

    key: int
    message: str


def take(step: str, article: Article, *, by, at: datetime | None = None, note: str = "") -> Result:
    """Take the step of a button (`buttons.steps_for`). Raises ValidationError, and KeyError for an unknown one."""
    if step == "copy":
        return Result(copy(article, by=by).pk, "This is the copy.")
    if step == "schedule":
        message = "The changes appear on {}." if article.is_published else "Scheduled: it appears on {}."
        function = schedule_changes if article.is_published else publish
        function(article, by=by, at=at, note=note)
        return Result(article.pk, message.format(moment(at)))
    function, message = _STEPS[step]
    function(article, by=by, note=note)
    return Result(article.pk, message)


def moment(at: datetime) -> str:
    """In words, with the time zone: "Thu 24 Dec 2026, 06:00 UTC"."""
    return f"{timezone.localtime(at):%a %-d %b %Y, %H:%M %Z}"


@transaction.atomic
def save(article: Article, *, by, note: str = "") -> None:
    """Save what is worked on. Of a published article readers see it only after `publish`."""
    article = locked(article.pk)
    version = current(article)
    if article.is_published:
        _mark(version, Kind.SAVED, by, note)
    else:
        _go_live(article, Kind.SAVED, by=by, note=note, message="Saved")


@transaction.atomic
def send_for_review(article: Article, *, by, note: str = "") -> None:
    """Ask an editor to publish it; of a published article, to publish its changes."""
    article = locked(article.pk)
    if article.is_published:
        _mark(current(article), Kind.REVIEW, by, note)
        log(by, article, "Sent changes for review")
    else:
        article.status = Status.REVIEW
        _go_live(article, Kind.REVIEW, by=by, note=note, message="Sent for review")


@transaction.atomic
def send_back(article: Article, *, by, note: str) -> None:
    """Return what was sent for review, with a note that says why."""
    article = locked(article.pk)
    if article.is_published:
        _mark(current(article), Kind.SENT_BACK, by, note)
        log(by, article, f"Sent changes back: {note}")
    else:
        article.status = Status.DRAFT
        _go_live(article, Kind.SENT_BACK, by=by, note=note, message=f"Sent back: {note}")


@transaction.atomic
def publish(article: Article, *, by, at: datetime | None = None, note: str = "") -> Article:
    """Publish it, at `at` or now; of a published article, its changes. The first moment of publication stays for ever.

    Raises ValidationError if what is worked on is not valid.
    """
    article = locked(article.pk)
    message = "Published changes" if article.is_published else "Published"
    article.release(at)
    if article.is_scheduled:
        message = "Scheduled"
    _go_live(article, Kind.PUBLISHED, by=by, note=note, message=message)
    return article


@transaction.atomic
def schedule_changes(article: Article, *, by, at: datetime, note: str = "") -> Version:
    """Publish what is worked on at `at`. It replaces a change that was scheduled before.

    Raises ValidationError if there is nothing to publish, or `at` has passed.
    """
    article = locked(article.pk)
    working = article.versions.working().first()
    if working is None:
        raise ValidationError("Nothing has been changed since it was published.")
    if at <= timezone.now():
        raise ValidationError("Choose a time in the future.")
    article.versions.filter(state=State.SCHEDULED).update(state=State.OLD, goes_live_at=None)
    working.state, working.goes_live_at = State.SCHEDULED, at
    _mark(working, Kind.SAVED, by, note)
    log(by, article, f"Scheduled changes for {moment(at)}")
    return working


@transaction.atomic
def discard(article: Article, *, by, note: str = "") -> None:
    """Go back to the live version. What was worked on stays in the history."""
    article = locked(article.pk)
    if article.versions.working().update(state=State.OLD):
        log(by, article, _with("Discarded changes", note))


@transaction.atomic
def unpublish(article: Article, *, by, note: str = "") -> None:
    """Make it a draft again: its address answers 410."""
    article = locked(article.pk)
    article.hide(Status.DRAFT)
    article.save_and_log(by, _with("Unpublished", note))


@transaction.atomic
def archive(article: Article, *, by, note: str = "") -> None:
    """Take it off the site: its address answers 410."""
    article = locked(article.pk)
    article.hide(Status.ARCHIVED)
    article.save_and_log(by, _with("Archived", note))


@transaction.atomic
def copy(article: Article, *, by) -> Article:
    """A new draft with what is worked on."""
    fields = current(locked(article.pk)).fields
    title = f"Copy of {fields['title']}"[:TITLE_LENGTH]
    copied = create(fields | {"title": title, "slug": "", "series_position": None, "canonical_url": ""}, by=by)
    log(by, copied, f"Copied from “{fields['title']}”")
    return copied


@transaction.atomic
def restore(version: Version, *, by) -> Version:
    """Work on what an earlier version holds. What was worked on stays in the history."""
    article = locked(version.article_id)
    article.versions.working().update(state=State.OLD)
    live = article.versions.live().first()
    return add(article, version.fields, state=State.WORKING, kind=Kind.RESTORED, by=by, base=live)


_STEPS = {
    "save": (save, "Saved."),
    "review": (send_for_review, "Sent for review."),
    "send_back": (send_back, "Sent back."),
    "publish": (publish, "Published."),
    "discard": (discard, "Discarded. The text is in the history."),
    "unpublish": (unpublish, "Unpublished. It is a draft again."),
    "archive": (archive, "Archived. It is no longer on the site."),
}


def _with(message: str, note: str) -> str:
    return f"{message}: {note}" if note else message


def _mark(version: Version, kind: str, by, note: str) -> None:
    version.kind, version.by, version.note, version.changed_at = kind, by, note, timezone.now()
    version.save()


def _go_live(article: Article, kind: str, *, by, note: str, message: str) -> None:
    """Put the working version into the columns of the locked article."""
    version, before = current(article), fields_of(article)
    if version.state == State.WORKING:
        article.versions.live().update(state=State.OLD)
        version.state = State.LIVE
    _mark(version, kind, by, note)
    store(article, version.fields)
    changed = changed_labels(before, version.fields)
    log(by, article, f"{message}. Changed: {', '.join(changed)}" if changed else message)
