"""What moderators do: each verb is one transaction with its log entry, and returns it; None if nothing changed.

Each locks the article's thread first, so decisions in one thread follow one another and "N in thread" stays true.
"""

from datetime import timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.cache import pages
from publishing.web.refusals import Refused

from ..mail import notify
from ..models import WITHDRAWN, BatchItem, Comment, ModerationEntry, RejectReason, Report, Status, Thread

CLAIM_TIME = timedelta(minutes=5)
Outcome = BatchItem.Outcome


class DecisionRefused(Refused):
    """A decision that was not saved. `comment` is what it is about, as it is now; `outcome` what a batch stores."""

    def __init__(self, message: str, comment: Comment, outcome: str = Outcome.DECIDED):
        super().__init__(message, 409)
        self.comment, self.outcome = comment, outcome


class AlreadyDecided(DecisionRefused):
    """Another moderator decided first, or it was withdrawn or erased, so that it can only be removed."""


class CannotUndo(DecisionRefused):
    """The comment has changed since the decision."""


# --- who may do what ---


def may_read(user) -> bool:
    """Whether this account may see the queues and the log, to decide or only to read."""
    return user.has_perm("comments.moderate_comment") or user.has_perm("comments.view_comment")


def may_decide(user) -> bool:
    return user.has_perm("comments.moderate_comment")


def may_answer(user) -> bool:
    return user.has_perm("comments.answer_comment")


def may_pin(user) -> bool:
    return may_decide(user) or may_answer(user)


def need(permission, user) -> None:
    """Answer 403 without the `permission`, one of the functions above."""
    if not permission(user):
        raise PermissionDenied


# --- the verbs ---


def undo(entry: ModerationEntry, by, *, batch=None) -> Comment:
    """Put the comment back into the state before `entry`, with its reason and its reports.

    Raises `CannotUndo` if the comment has changed since, or was withdrawn, erased or deleted.
    """
    with transaction.atomic():
        try:
            current = locked(entry.comment) if entry.comment_id else None
        except Comment.DoesNotExist:
            current = None
        is_last = current and current.entries.order_by("created_at", "pk").last() == entry
        if current and (gone := _why_nothing_is_left(current)):
            raise CannotUndo(gone, current)
        if not is_last or not entry.old_status:
            raise CannotUndo(_("The comment has changed since."), current)
        earlier = current.entries.filter(new_status=entry.old_status, created_at__lte=entry.created_at)
        earlier = earlier.exclude(pk=entry.pk).order_by("created_at", "pk").last()
        reason, note = (earlier.reason, earlier.note) if earlier else ("", "")
        if entry.old_status == Status.REJECTED:
            reason = reason or RejectReason.OTHER
        reopened = Report.objects.filter(comment=current, answered_at=entry.created_at).update(answered_at=None)
        current.open_reports += reopened
        change_state(current, entry.old_status, reason, note, by=by, undoes=entry, batch=batch)
    return current


def claim(comment: Comment, by) -> bool:
    """Claim it for five minutes, or renew the claim; False if another moderator has claimed it. One query."""
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=by) | Q(claimed_until__lte=now)
    return bool(Comment.objects.filter(free, pk=comment.pk).update(claimed_by=by, claimed_until=now + CLAIM_TIME))


def prolong(numbers: list[int], by) -> None:
    mine = Comment.objects.filter(pk__in=numbers, claimed_by=by)
    mine.update(claimed_until=timezone.now() + CLAIM_TIME)


def release(numbers: list[int], by) -> None:
    Comment.objects.filter(pk__in=numbers, claimed_by=by).update(claimed_by=None, claimed_until=None)


def pin(comment: Comment) -> None:
    """Raises ValueError for a reply, and for a comment that is not visible or was erased."""
    if not comment.may_be_pinned:
        raise ValueError(_("Only a published top-level comment can be pinned."))
    Thread.objects.filter(article=comment.article_id).update(pinned=comment)
    pages.invalidate(f"thread:{comment.article_id}")


def unpin(comment: Comment) -> None:
    Thread.objects.filter(article=comment.article_id, pinned=comment).update(pinned=None)
    pages.invalidate(f"thread:{comment.article_id}")


def answer(parent: Comment, body: str, by, name: str) -> Comment:
    with transaction.atomic():
        comment = Comment(
            article_id=parent.article_id, parent=parent, name=name, body=body, is_editorial=True,
            status=Status.APPROVED, decided_at=timezone.now(), is_visible=True,
        )  # fmt: skip
        insert(comment, by=by)
    return comment


def locked(comment):
    """The comment as it is now, with its thread locked until the transaction ends. Two queries."""
    article = Comment.objects.filter(pk=comment.pk).values("article")
    list(Thread.objects.select_for_update().filter(article__in=article).values_list("pk"))
    answers = Comment.objects.filter(parent=OuterRef("pk"))
    return Comment.objects.select_related("parent").annotate(has_answers=Exists(answers)).get(pk=comment.pk)


def _decide(comment, by, status, reason="", note="", *, seen=None, was=None, over_claim=True, batch=None):
    """Give `comment`, and its row, the new state; returns the log entry, or None if nothing changed.

    `seen` is the digest of the text that the moderator was shown and `was` its state then: a difference raises
    `DecisionRefused` or `AlreadyDecided`. An erased or withdrawn comment can only be removed, anything else raises
    `AlreadyDecided`. Without `over_claim`, a colleague's claim raises `DecisionRefused`.
    """
    with transaction.atomic():
        current = locked(comment)
        if status not in (current.status, Status.REMOVED) and (gone := _why_nothing_is_left(current)):
            raise AlreadyDecided(gone, current, Outcome.FINAL)
        if seen is not None and seen != current.digest:
            raise DecisionRefused(_("This comment has changed since it was shown."), current, Outcome.CHANGED)
        if was is not None and was != current.status:
            raise AlreadyDecided(_("This comment was decided meanwhile."), current)
        if not over_claim and is_claimed_by_other(current, by):
            raise DecisionRefused(_("This comment is claimed by a colleague."), current, Outcome.CLAIMED)
        is_kept = status == Status.APPROVED and current.open_reports > 0
        is_change = current.status != status or is_kept
        entry = change_state(current, status, reason, note, by=by, batch=batch) if is_change else None
    for field in Comment._meta.concrete_fields:
        setattr(comment, field.attname, getattr(current, field.attname))
    return entry


# Publish it. Of an approved one: keep it, and resolve its reports.
approve = partial(_decide, status=Status.APPROVED)
# Do not publish it. The writer sees that it was rejected, without a reason.
mark_spam = partial(_decide, status=Status.SPAM)
# Take it off the page together with its replies. The writer sees that it was removed.
remove = partial(_decide, status=Status.REMOVED)
# Let it wait again, at its old position in the queue.
restore = partial(_decide, status=Status.PENDING)


def reject(comment: Comment, by, reason: str = RejectReason.OTHER, note: str = "", **shown):
    """Do not publish it. The writer sees the `RejectReason` and the `note`."""
    return _decide(comment, by, Status.REJECTED, reason, note, **shown)


def is_withdrawn(comment: Comment) -> bool:
    return comment.status == Status.REMOVED and comment.entries.filter(rule=WITHDRAWN).exists()


def _why_nothing_is_left(comment):
    """Why it can only be removed; empty for all others."""
    if comment.erased_at:
        return _("The name and text were erased.")
    return _("The writer withdrew it.") if is_withdrawn(comment) else ""


def is_claimed(comment: Comment) -> bool:
    return bool(comment.claimed_by_id and comment.claimed_until and comment.claimed_until > timezone.now())


def is_claimed_by_other(comment: Comment, user) -> bool:
    return is_claimed(comment) and comment.claimed_by_id != getattr(user, "pk", None)


def change_state(
    current: Comment, status, reason="", note="", *, by=None, rule="", undoes=None, batch=None
) -> ModerationEntry:
    """Store the new state, the visibility of its replies, the number in thread, and the log entry, which is returned.

    Call it with the thread locked. Three queries for a comment without reports, replies or notifications.
    """
    old_status, was_visible = current.status, current.is_visible
    now = timezone.now()
    current.status, current.reason, current.note = status, reason, note
    current.decided_at = None if status == Status.PENDING else now
    current.is_visible = status == Status.APPROVED and (current.parent is None or current.parent.is_visible)
    current.claimed_by = current.claimed_until = None
    if current.open_reports and not undoes:
        Report.objects.filter(comment=current, answered_at=None).update(answered_at=now)
        current.open_reports = 0
    current.save(
        update_fields=[
            "status", "reason", "note", "decided_at", "is_visible", "claimed_by", "claimed_until", "open_reports",
        ]
    )  # fmt: skip
    entry = record(current, old_status, now, by=by, rule=rule, undoes=undoes, batch=batch)
    change = current.is_visible - was_visible
    # Waiting comments can have replies, too: when they were restored to the queue, or imported.
    change += _follow(current) if change and getattr(current, "has_answers", True) else 0
    Thread.count(current.article_id, change)
    if change > 0:
        Thread.invalidate(current.article_id)
    elif change:
        Thread.withdraw(current.article_id)
    if current.is_visible and not was_visible:
        notify.about_reply(current)
    if status == Status.PENDING:
        notify.schedule_digest()
    return entry


def insert(comment, *, by=None, rule=""):
    """Insert a decided comment (or an imported waiting one), with its count and log entry. Five queries at most.

    Counting locks the thread, so the parent is read again afterwards.
    """
    approved = comment.is_visible
    Thread.count(comment.article_id, int(approved))
    if comment.parent:
        comment.parent = Comment.objects.get(pk=comment.parent_id)
        comment.is_visible = approved and comment.parent.is_visible
        Thread.count(comment.article_id, comment.is_visible - approved)
    comment.save()
    record(comment, "", comment.decided_at or comment.created_at, by=by, rule=rule)
    if comment.is_visible:
        Thread.invalidate(comment.article_id)
        notify.about_reply(comment)


def record(comment: Comment, old_status: str, moment, *, by=None, rule="", undoes=None, batch=None) -> ModerationEntry:
    return ModerationEntry.objects.create(
        comment=comment, comment_number=comment.pk, article_id=comment.article_id, reader=comment.reader,
        moderator=by, rule=rule, old_status=old_status, new_status=comment.status, reason=comment.reason,
        note=comment.note, digest=comment.digest, undoes=undoes, batch=batch,
        created_at=moment,
    )  # fmt: skip


def _follow(comment) -> int:
    """Show or hide the replies below `comment`; returns how many more are visible now."""
    below = Comment.objects.below(comment)
    if not comment.is_visible:
        return -below.filter(is_visible=True).update(is_visible=False)
    return below.filter(is_visible=False).that_should_be_visible().update(is_visible=True)
