"""What writers do: send a comment, change or withdraw it while it waits. Each verb is one transaction."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from publishing.text import lookalikes
from publishing.text.mailboxes import mailbox_of
from publishing.web.refusals import Refused, waiting_time

from ..mail import notify
from ..models import WITHDRAWN, Comment, CommentSettings, Policy, RejectReason, Revision, Status, Thread
from ..models.draft import Draft, Sender
from ..moderation import decisions
from ..screening import bans, checks
from . import trust

# For one network, as (number, time). A person who thinks before writing does not meet these.
SUBMIT_RATES = [(1, timedelta(seconds=15)), (5, timedelta(minutes=10)), (30, timedelta(days=1))]


class TooSoon(Refused):
    """The network has used up its rate."""


class NotWaiting(Refused):
    """A moderator has decided about the comment, so its writer cannot change it any more."""

    def __init__(self):
        super().__init__("A moderator has already decided about this comment, so you cannot change it.", 409)


def submit(article, draft: Draft, sender: Sender) -> Comment:
    """Store what a reader wrote, held unless the thread's policy trusts its writer; returns it, or the equal one that
    they sent in the last 24 hours.

    Raises `TooSoon` when the network sent too much lately, which a repetition is never; `bans.Banned` for somebody
    who is. Comments are stored one after another, so that limits are exact in every process. Eight queries at most
    for a reader without an e-mail address.
    """
    verdict = checks.ask_akismet(article, draft, sender)
    with transaction.atomic():
        known = bans.networks_of(sender.address)
        text_key = lookalikes.text_key(draft.body)
        lately = list(Comment.objects.sent_lately(known.lately, text_key))
        if earlier := _repeated(article, draft, sender, known, lately):
            _add_address(earlier, article, draft, sender, known)
            return earlier
        bans.refuse(sender, draft.email, known.keys)
        if seconds := seconds_to_wait([c.created_at for c in lately if c.network in known.lately]):
            again = f"Try again in {waiting_time(seconds)}."
            raise TooSoon(f"You are posting too fast. Your text is below. {again}", 429, seconds)
        same_text = [comment for comment in lately if comment.text_key == text_key]
        holds = [*checks.screen(draft, same_text), *verdict]
        comment = Comment(
            article=article, parent=draft.parent, kind=draft.kind, name=draft.name, body=draft.body,
            reader=sender.reader, network=known.network, network_range=known.network_range, text_key=text_key,
        )  # fmt: skip
        if draft.email:
            comment.notify = notify.address_for(sender.reader, draft.email, article, known.network)
        _store(comment, article, holds)
    return comment


def revise(comment: Comment, draft: Draft, address: str = "unknown") -> Comment:
    """Replace a waiting comment's text, which is screened again, for its writer, who sits at `address` now.

    Raises `NotWaiting` once it was decided about, `bans.Banned` for somebody who is.
    """
    with transaction.atomic():
        current = decisions.locked(comment)
        if current.status != Status.PENDING:
            raise NotWaiting
        bans.refuse(Sender(current.reader, address), "", bans.live_keys())
        if (draft.kind, draft.name, draft.body) == (current.kind, current.name, current.body):
            return current
        Revision.objects.create(
            comment=current, kind=current.kind, name=current.name, body=current.body, digest=current.digest
        )
        current.kind, current.name, current.body = draft.kind, draft.name, draft.body
        current.text_key, current.edited_at = lookalikes.text_key(draft.body), timezone.now()
        same_text = [other for other in Comment.objects.same_text_lately(current.text_key) if other != current]
        holds = [*checks.screen(draft, same_text), *checks.lasting(current.holds)]
        checks.attach(current, holds)
        current.save(update_fields=["kind", "name", "body", "html", "text_key", "edited_at", "holds", "is_suspect"])
        if rejecting := _rejecting(holds):
            decisions.change_state(current, Status.REJECTED, RejectReason.OTHER, rule=rejecting.rule)
    return current


def withdraw(comment: Comment) -> Comment:
    """Take a waiting comment back at its writer's wish. Raises `NotWaiting` once it was decided about."""
    with transaction.atomic():
        current = decisions.locked(comment)
        if current.status != Status.PENDING:
            raise NotWaiting
        decisions.change_state(current, Status.REMOVED, rule=WITHDRAWN)
    return current


def seconds_to_wait(sent_at: list[datetime]) -> int:
    """After how many whole seconds one more comment keeps within `SUBMIT_RATES`; 0 for at once.

    `sent_at` are the moments of what the network sent in the last 24 hours, newest first.
    """
    now = timezone.now()
    waits = [sent_at[number - 1] + time - now for number, time in SUBMIT_RATES if len(sent_at) >= number]
    longest = max(waits, default=timedelta(0))
    return max(0, -(-longest // timedelta(seconds=1)))


def _repeated(article, draft, sender, known, lately):
    """What the same reader said a moment ago, and did not take back.

    A browser that presses the button twice before it has its first cookie comes as two readers: then it is what waits
    and came from the same network. To anybody else the receipt of another is not shown.
    """
    parent = draft.parent.pk if draft.parent else None
    for comment in lately:
        same = (comment.article_id, comment.parent_id, comment.name, comment.body) == (
            article.pk, parent, draft.name, draft.body,
        )  # fmt: skip
        pressed_twice = comment.status == Status.PENDING and comment.network in known.lately
        if same and comment.status != Status.REMOVED and (comment.reader == sender.reader or pressed_twice):
            return comment
    return None


def _add_address(earlier, article, draft, sender, known):
    """Send news of replies to what was sent before to the address that came with its repetition."""
    if not draft.email or earlier.reader != sender.reader:
        return
    if earlier.notify is None or earlier.notify.mailbox != mailbox_of(draft.email):
        bans.refuse(sender, draft.email, known.keys)
        earlier.notify = notify.address_for(sender.reader, draft.email, article, known.network)
        earlier.save(update_fields=["notify"])


def _rejecting(holds):
    return next((hold for hold in holds if hold.rejects), None)


def _store(comment, article, holds):
    """Insert a reader's comment in the state that screening and policy give it, with its entry if that is decided."""
    thread = Thread.stored(article)
    checks.attach(comment, holds)
    rejecting = _rejecting(holds)
    if rejecting:
        comment.status, comment.reason, comment.decided_at = Status.REJECTED, RejectReason.OTHER, timezone.now()
        rule = rejecting.rule
    elif (
        not holds
        and CommentSettings.current().policy_of(thread) == Policy.TRUST_KNOWN
        and trust.is_known(comment.reader)
    ):
        comment.status, comment.decided_at, comment.is_visible = Status.APPROVED, timezone.now(), True
        rule = "known"
    else:
        comment.save()
        notify.schedule_digest()
        return
    decisions.insert(comment, rule=rule)
