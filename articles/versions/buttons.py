"""Which steps an account may take with an article, and what a step needs."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from ..models import Article, Status, Version


@dataclass(frozen=True)
class Step:
    """A button. `label` says what happens; the first of a list is the primary one."""

    name: str
    label: str


def may_publish(user) -> bool:
    return user.has_perm("articles.publish_article")


def steps_for(article: Article, version: Version | None, user) -> list[Step]:
    """The steps that the account may take, the primary one first. `version` is what its form shows."""
    is_changed = version is not None and version.state == Version.State.WORKING
    save = Step("save", "Save draft")
    if article.is_published:
        changes = [Step("publish", "Publish changes"), Step("schedule", "Schedule changes")]
        if not may_publish(user):
            changes = [Step("review", "Send changes for review")]
        discard = [Step("discard", "Discard changes")]
        sent = version is not None and version.kind == Version.Kind.REVIEW
        send_back = [Step("send_back", "Send back")] if sent and may_publish(user) else []
        hide = [Step("unpublish", "Unpublish"), Step("archive", "Archive")] if may_publish(user) else []
        # A press of the button may bring the first change.
        return [*changes, save, *send_back, *(discard if is_changed else []), *hide, Step("copy", "Copy")]
    others = [Step("copy", "Copy")] if article.pk else []
    if not may_publish(user):
        review = Step("review", "Send for review")
        return [save, *others] if article.status == Status.REVIEW else [review, save, *others]
    first = [Step("publish", "Publish now"), save]
    first.append(Step("schedule", "Change the time" if article.is_scheduled else "Schedule"))
    if article.is_scheduled:
        first.append(Step("unpublish", "Do not publish"))
    elif article.status == Status.REVIEW:
        first.append(Step("send_back", "Send back"))
    elif article.status == Status.DRAFT:
        first.append(Step("review", "Send for review"))
    if article.pk and article.status != Status.ARCHIVED:
        first.append(Step("archive", "Archive"))
    return [*first, *others]


def problem(step: str, steps: list[Step], at: datetime | None, note: str, category) -> tuple[str | None, str] | None:
    """The field (None: no field) and the sentence that says why the step cannot be taken; None if it can."""
    if step not in {one.name for one in steps}:
        return None, "You cannot do this with the article as it is now. Look at its state and choose again."
    if step in ("publish", "schedule") and category is None:
        return "category", "Choose a category before you publish."
    if step == "schedule" and (at is None or at <= timezone.now()):
        return "at", "Choose a time in the future."
    if step == "send_back" and not note:
        return "note", "Say what should change."
    return None


def permitted(fields: dict, article: Article, version: Version | None, user) -> dict:
    """`fields` without what the account may not change: authors keep their own byline, and do not feature."""
    if may_publish(user):
        return fields
    before = version.fields if version else {"featured": False, "authors": []}
    author = getattr(user, "author", None)
    is_own = author is not None and author.pk in fields["authors"]
    return fields | {"featured": before["featured"], "authors": fields["authors"] if is_own else before["authors"]}
