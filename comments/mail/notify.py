"""Who gets a mail, and when: confirmations, replies, and the moderators' digest.

All of this only stores a task, in the transaction of what it is about: a mail can neither delay nor undo a comment, and
is not sent for one that was rolled back.
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publishing.cache import changes
from publishing.text.mailboxes import hashes, mailbox_of
from publishing.web import limits

from ..models import Comment, CommentSettings, EmailAddress, EndedMailbox
from ..models.people import CONFIRM_SALT, ENDED, STOP_SALT, WRITER
from . import tasks

# For one mailbox, and for one network. Above that nothing is sent, without a message.
CONFIRMATIONS = "1/10 minutes; 3/day"
CONFIRMATIONS_FROM_NETWORK = "10/day"
CONFIRM_TIME = timedelta(days=3)
# Time for a moderator to undo.
REPLY_PAUSE = timedelta(minutes=1)
# So that a digest after a quiet time finds more than the first comment.
DIGEST_PAUSE = timedelta(minutes=15)
# A digest so late was lost.
DIGEST_LATE = timedelta(hours=1)


# --- readers' addresses ---


def address_for(reader: str, email: str, article, network: str) -> EmailAddress:
    """The reader's address: one of the same mailbox that they confirmed, or this one, with a mail to confirm it.

    One to four queries. The task checks whether the mailbox gets mails (`EndedMailbox`).
    """
    same = EmailAddress.objects.filter(reader=reader, mailbox=mailbox_of(email)).order_by("pk")
    existing = {address.email: address for address in same}
    if confirmed := next((address for address in existing.values() if address.confirmed_at), None):
        return confirmed
    # Comments are stored one after another, so no other request creates it meanwhile.
    address = existing.get(email) or EmailAddress.objects.create(reader=reader, email=email)
    if not (
        limits.seconds_to_wait(CONFIRMATIONS_FROM_NETWORK, "confirmation", network)
        or limits.seconds_to_wait(CONFIRMATIONS, "confirmation", hashes(email, "confirmation")[0])
    ):
        if email in existing:
            EmailAddress.objects.filter(pk=address.pk).update(created_at=timezone.now())
        tasks.mail_confirmation.enqueue(address.pk, article.pk)
    return address


def address_to_confirm(token: str) -> EmailAddress | None:
    """The address of a link of the last three days; None if the link is invalid or the address deleted. One query."""
    try:
        number = signing.loads(token, salt=CONFIRM_SALT, max_age=CONFIRM_TIME)
    except signing.BadSignature:
        return None
    return EmailAddress.objects.filter(pk=number).first()


def confirm(address: EmailAddress) -> None:
    EmailAddress.objects.filter(pk=address.pk, confirmed_at=None).update(confirmed_at=timezone.now())


class Subscription(NamedTuple):
    """What an unsubscribe link is about: the ids of an address and of a conversation, and the mailbox's hash."""

    address_id: int
    root_id: int | None
    link: str

    @classmethod
    def from_token(cls, token: str) -> "Subscription":
        """These links do not expire. Raises signing.BadSignature for an invalid one."""
        address_id, root_id, *link = signing.loads(token, salt=STOP_SALT)
        return cls(address_id, root_id, *link or [str(address_id)])

    @property
    def ended(self):
        """The row that says that its mailbox gets no mails, as a queryset."""
        return EndedMailbox.objects.filter(Q(hash=self.link) | Q(link=self.link))

    def _address(self):
        return EmailAddress.objects.filter(pk=self.address_id).first()

    def stop_conversation(self) -> None:
        """Send no more mails about this conversation to this mailbox. Three queries."""
        if address := self._address():
            conversation = Q(pk=self.root_id) | Q(root=self.root_id)
            _unsubscribe(Comment.objects.filter(conversation, notify__mailbox=address.mailbox), address)

    @transaction.atomic
    def stop_everything(self) -> None:
        """Delete the address, for every reader, and send nothing to its mailbox again. Eight queries."""
        address = self._address()
        mailbox_hash = hashes(address.email, ENDED)[0] if address else self.link
        if address or mailbox_hash != str(self.address_id):
            EndedMailbox.objects.get_or_create(hash=mailbox_hash, defaults={"link": self.link})
        if address:
            _unsubscribe(Comment.objects.filter(notify__mailbox=address.mailbox), address)
            EmailAddress.objects.filter(mailbox=address.mailbox).delete()


def _unsubscribe(comments, address):
    """Keep the hash of a confirmed address only: an unconfirmed one may have been typed by somebody else."""
    writer_hash = hashes(address.email, WRITER)[0]
    comments.filter(notify__confirmed_at__isnull=False).update(writer_hash=writer_hash)
    comments.update(notify=None)


def about_reply(comment: Comment) -> None:
    """Schedule the mail about `comment`, now visible, to the writer of its parent. One query if they want it."""
    parent = comment.parent
    is_wanted = parent is not None and parent.notify_id and not comment.notified_at
    if is_wanted and not (comment.reader and comment.reader == parent.reader):
        tasks.mail_reply.using(run_after=timezone.now() + REPLY_PAUSE).enqueue(comment.pk)


# --- the moderators' digest ---


def schedule_digest(rules: CommentSettings | None = None) -> None:
    """Schedule one digest, from any number of processes. No query while one is scheduled or they are off, else two."""
    rules, now = rules or CommentSettings.current(), timezone.now()
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
        changes.invalidate("commentsettings")
