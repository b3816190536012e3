"""Who is written to, and when: confirmations, news of replies, and the moderators' digest.

Everything here happens inside the transaction of what it is about and only stores a task, so a mail can neither delay
nor undo a comment, and one that was rolled back is never sent.
"""

from datetime import timedelta

from django.core import signing
from django.db.models import Q
from django.utils import timezone

from publishing import changes, limits

from . import letters, mailboxes, tasks
from .models import Comment, CommentSettings, EmailAddress
from .models.people import CONFIRM_SALT, STOP_SALT

# For one mailbox, and for one network. Above that nothing is sent, and nobody is told.
CONFIRMATIONS = "1/10 minutes; 3/day"
CONFIRMATIONS_FROM_NETWORK = "10/day"
CONFIRM_TIME = timedelta(days=3)
# Time for a moderator to think again.
REPLY_PAUSE = timedelta(minutes=1)
# So that a digest after a quiet time finds more than the first comment.
DIGEST_PAUSE = timedelta(minutes=15)
# A digest so late was lost.
DIGEST_LATE = timedelta(hours=1)


# --- readers' addresses ---


def address_for(reader: str, email: str, article, network: str) -> EmailAddress:
    """The reader's address, which is asked for its confirmation by a mail if it has none. Two to five queries."""
    address, is_new = EmailAddress.objects.get_or_create(reader=reader, email=email)
    if address.confirmed_at is None and _may_confirm(email, network):
        if not is_new:
            EmailAddress.objects.filter(pk=address.pk).update(created_at=timezone.now())
        tasks.mail_confirmation.enqueue(address.pk, article.pk)
    return address


def _may_confirm(email, network) -> bool:
    """Count one mail, for its mailbox and for the network."""
    return not (
        limits.seconds_to_wait(CONFIRMATIONS_FROM_NETWORK, "confirmation", network)
        or limits.seconds_to_wait(CONFIRMATIONS, "confirmation", mailboxes.hashes(email, "confirmation")[0])
    )


def address_to_confirm(token: str) -> EmailAddress | None:
    """What a link of the last three days is about; None for any other and when the address is gone. One query."""
    try:
        number = signing.loads(token, salt=CONFIRM_SALT, max_age=CONFIRM_TIME)
    except signing.BadSignature:
        return None
    return EmailAddress.objects.filter(pk=number).first()


def confirm(address: EmailAddress) -> None:
    """Its owner holds the link, so from now on it gets news. One query."""
    EmailAddress.objects.filter(pk=address.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def subscription(token: str) -> tuple[int, int | None]:
    """The numbers of the address and of the conversation that a link to end the mails is about.

    These links do not end: a mail may be opened years later. Raises signing.BadSignature for what is none.
    """
    address_id, root_id = signing.loads(token, salt=STOP_SALT)
    return address_id, root_id


def stop_conversation(address_id: int, root_id: int) -> None:
    """Send no more news of one conversation. One query."""
    conversation = Q(pk=root_id) | Q(root=root_id)
    Comment.objects.filter(conversation, notify=address_id).update(notify=None)


def stop_everything(address_id: int) -> None:
    """Forget the address, whoever gave it. Four queries at most."""
    if address := EmailAddress.objects.filter(pk=address_id).first():
        EmailAddress.objects.filter(email__iexact=address.email).delete()


def tell_of_reply(comment: Comment) -> None:
    """`comment` became visible: tell whoever asked for news of replies to what it answers. One query if so."""
    parent = comment.parent
    if (
        parent is None
        or not parent.notify_id
        or comment.told_at
        or (comment.reader and comment.reader == parent.reader)
    ):
        return
    tasks.mail_reply.using(run_after=timezone.now() + REPLY_PAUSE).enqueue(comment.pk)


# --- the moderators' digest ---


def something_waits() -> None:
    """Something came into a queue: see that moderators hear of it. No query while a digest is scheduled or they are
    off, else two; of any number of processes one schedules it."""
    _schedule_digest(CommentSettings.current())


def rules_changed(rules: CommentSettings) -> None:
    """The `rules` were saved: what came while digests were off is told of once they are on. Five queries at most."""
    if letters.something_waits():
        _schedule_digest(rules)


def _schedule_digest(rules):
    now = timezone.now()
    if not rules.digest_hours or (rules.digest_due_at and rules.digest_due_at > now):
        return
    due_at = now + DIGEST_PAUSE
    if rules.digest_sent_at:
        due_at = max(due_at, rules.digest_sent_at + timedelta(hours=rules.digest_hours))
    if rules._state.adding:
        CommentSettings.objects.get_or_create(pk=1)
    unscheduled = Q(digest_due_at=None) | Q(digest_due_at__lt=now - DIGEST_LATE)
    if CommentSettings.objects.filter(unscheduled, pk=1).update(digest_due_at=due_at):
        tasks.start_digest.using(run_after=due_at).enqueue()
        changes.announce()
