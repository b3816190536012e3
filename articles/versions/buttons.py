"""The buttons of an article: which an account has, what each needs, and what it does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from ..models import Article, Status, Version
from . import clock, steps, verifying
from .notes import Change


@dataclass(frozen=True)
class Step:
    """A button. `label` says what happens; the first of a list is the primary one."""

    name: str
    label: str

    @property
    def needs_time(self) -> bool:
        return self.name in ("schedule", "archive_later")


REVOKE = Step("revoke", _("End preview links"))
State = Version.State
# Steps of a published article that need what readers do not see yet.
_OF_CHANGES = {
    "review": [State.WORKING],
    "send_back": [State.WORKING],
    "schedule": [State.WORKING, State.SCHEDULED],
}


def may_publish(user) -> bool:
    return user.has_perm("articles.publish_article")


def steps_for(article: Article, version: Version | None, user) -> list[Step]:
    """The steps that the account may take, the primary one first. `version` is what its form shows."""
    is_changed = version is not None and version.state != State.LIVE
    save = Step("save", gettext("Save draft"))
    if article.is_published:
        is_planned = version is not None and version.state == State.SCHEDULED
        discard = (
            [Step("discard", gettext("Cancel the change") if is_planned else gettext("Discard changes"))]
            if is_changed
            else []
        )
        if not may_publish(user):
            review = Step("review", gettext("Send changes for review"))
            return [review, save, *([] if is_planned else discard), Step("copy", gettext("Copy"))]
        # A press of the button may bring the first change.
        changes = [Step("publish", gettext("Publish changes")), Step("schedule", gettext("Schedule changes"))]
        if is_planned:
            changes = [Step("publish", gettext("Publish changes now")), Step("schedule", gettext("Change the time"))]
        sent = version is not None and version.kind == Version.Kind.REVIEW and version.state == State.WORKING
        send_back = [Step("send_back", gettext("Send back"))] if sent else []
        later = (
            Step("keep", gettext("Do not archive it"))
            if article.archives_at
            else Step("archive_later", gettext("Archive later"))
        )
        hide = [Step("unpublish", gettext("Unpublish")), Step("archive", pgettext("verb", "Archive")), later, REVOKE]
        if article.category and article.category.review_months:
            hide.insert(0, Step("still_true", gettext("Still true today")))
        return [*changes, save, *send_back, *discard, *hide, Step("copy", gettext("Copy"))]
    others = [Step("copy", gettext("Copy"))] if article.pk else []
    if not may_publish(user):
        review = Step("review", gettext("Send for review"))
        return [save, *others] if article.status == Status.REVIEW else [review, save, *others]
    first = [Step("publish", gettext("Publish now")), save]
    first.append(Step("schedule", gettext("Change the time") if article.is_scheduled else gettext("Schedule")))
    if article.is_scheduled:
        first.append(Step("unpublish", gettext("Do not publish")))
    elif article.status == Status.REVIEW:
        first.append(Step("send_back", gettext("Send back")))
    elif article.status == Status.DRAFT:
        first.append(Step("review", gettext("Send for review")))
    if article.pk and article.status != Status.ARCHIVED:
        first.append(Step("archive", pgettext("verb", "Archive")))
    return [*first, *others, *([REVOKE] if article.pk else [])]


def state_in_words(article: Article, versions: Iterable[Version]) -> str:
    """What readers see of the article and what is to come, with the moment. `versions` are those in use."""
    in_use = {version.state: version for version in versions}
    working, scheduled, live = (in_use.get(state) for state in (State.WORKING, State.SCHEDULED, State.LIVE))
    if article.pk is None:
        return gettext("New draft")
    if article.is_scheduled:
        return gettext("Scheduled %(moment)s") % {"moment": steps.moment(article.published_at)}
    if article.is_published:
        parts = [gettext("Published %(moment)s") % {"moment": steps.moment(article.published_at)}]
        if scheduled:
            parts.append(gettext("changes scheduled %(moment)s") % {"moment": steps.moment(scheduled.goes_live_at)})
        if working:
            kinds = {
                Version.Kind.REVIEW: gettext("changes in review"),
                Version.Kind.SENT_BACK: gettext("changes sent back"),
            }
            parts.append(kinds.get(working.kind) or gettext("changes unpublished"))
        if article.archives_at:
            parts.append(gettext("until %(moment)s") % {"moment": steps.moment(article.archives_at)})
        return ", ".join(parts)
    latest = working or live
    is_sent_back = article.status == Status.DRAFT and latest and latest.kind == Version.Kind.SENT_BACK
    return gettext("Draft, sent back") if is_sent_back else article.get_status_display()


def problem(step: str, offered: list[Step], at: datetime | None, note: str, category) -> tuple[str | None, str] | None:
    """The field (None: no field) and the sentence that says why the step cannot be taken; None if it can."""
    if step not in {one.name for one in offered}:
        return None, gettext("You cannot do this with the article as it is now. Look at its state and choose again.")
    if step in ("publish", "schedule") and category is None:
        return "category", gettext("Choose a category before you publish.")
    if Step(step, "").needs_time and (at is None or at <= timezone.now()):
        return "at", gettext("Choose a time in the future.")
    if step == "send_back" and not note:
        return "note", gettext("Say what should change.")
    return None


def problem_without_change(step: str, version: Version) -> str:
    """The sentence that says why a step cannot be taken with this version of a published article; "" if it can."""
    return "" if version.state in _OF_CHANGES.get(step, State.values) else steps.NOTHING_CHANGED


def permitted(fields: dict, article: Article, version: Version | None, user) -> dict:
    """`fields` without what the account may not change: authors keep their own byline, and do not feature."""
    if may_publish(user):
        return fields
    before = version.fields if version else {"featured": False, "authors": []}
    author = getattr(user, "author", None)
    is_own = author is not None and author.pk in fields["authors"]
    return fields | {"featured": before["featured"], "authors": fields["authors"] if is_own else before["authors"]}


_STEPS = {
    "save": (steps.save, _("Saved.")),
    "review": (steps.send_for_review, _("Sent for review.")),
    "send_back": (steps.send_back, _("Sent back.")),
    "publish": (steps.publish, _("Published.")),
    "discard": (steps.discard, _("Discarded. The text is in the history.")),
    "unpublish": (steps.unpublish, _("Unpublished. It is a draft again.")),
    "archive": (steps.archive, _("Archived. It is no longer on the site.")),
    "still_true": (verifying.still_true, _("Readers see that it was checked today.")),
    "keep": (clock.keep, _("It stays on the site.")),
    "revoke": (steps.revoke_previews, _("All preview links that were made before have ended.")),
}


@dataclass(frozen=True)
class Result:
    """The article with this key is shown next, with a message."""

    key: int
    message: str


def take(
    step: str, article: Article, *, by, at: datetime | None = None, note: str = "", change: Change | None = None
) -> Result:
    """Take the step of a button (`steps_for`). Raises ValidationError, and KeyError for an unknown one."""
    if step == "copy":
        return Result(steps.copy(article, by=by).pk, gettext("This is the copy."))
    if step == "schedule":
        message = (
            gettext("The changes appear on %(moment)s.")
            if article.is_published
            else gettext("Scheduled: it appears on %(moment)s.")
        )
        function = clock.schedule_changes if article.is_published else steps.publish
        function(article, by=by, at=at, note=note, change=change)
        return Result(article.pk, message % {"moment": steps.moment(at)})
    if step == "archive_later":
        clock.archive_later(article, by=by, at=at, note=note)
        return Result(article.pk, gettext("It leaves the site on %(moment)s.") % {"moment": steps.moment(at)})
    function, message = _STEPS[step]
    more = {"change": change} if step == "publish" else {}
    function(article, by=by, note=note, **more)
    return Result(article.pk, message)
