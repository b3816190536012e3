"""Who is written to, and when: confirmations, news of replies, and the moderators' digest.

Everything here happens inside the transaction of what it is about and only stores a task, so a mail can neither delay
nor undo a comment, and one that was rolled back is never sent.
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publishing.cache import generations
from publishing.text.mailboxes import hashes, mailbox_of
from publishing.web import limits

from ..models import Comment, CommentSettings, EmailAddress, EndedMailbox
from ..models.people import CONFIRM_SALT, ENDED, STOP_SALT, WRITER
from . import messages, tasks

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
    """The reader's address, which is asked for its confirmation by a mail if it has none; another spelling of one that
    they confirmed is that one. One to four queries.

    Nothing here says whether a mail will go out: the task looks whether the mailbox ended them (`EndedMailbox`).
    """
    same = EmailAddress.objects.filter(reader=reader, mailbox=mailbox_of(email)).order_by("pk")
    known = {address.email: address for address in same}
    if confirmed := next((address for address in known.values() if address.confirmed_at), None):
        return confirmed
    # Comments are stored one after another, so nobody else creates it meanwhile.
    address = known.get(email) or EmailAddress.objects.create(reader=reader, email=email)
    if _may_confirm(email, network):
        if email in known:
            EmailAddress.objects.filter(pk=address.pk).update(created_at=timezone.now())
        tasks.mail_confirmation.enqueue(address.pk, article.pk)
    return address


def _may_confirm(email, network) -> bool:
    """Count one mail, for its mailbox and for the network."""
    return not (
        limits.seconds_to_wait(CONFIRMATIONS_FROM_NETWORK, "confirmation", network)
        or limits.seconds_to_wait(CONFIRMATIONS, "confirmation", hashes(email, "confirmation")[0])
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


class Subscription(NamedTuple):
    """What a link to end the mails is about: an address and a conversation by their numbers, and the mailbox."""

    address_id: int
    root_id: int | None
    link: str

    @classmethod
    def from_token(cls, token: str) -> "Subscription":
        """These links do not end: a mail may be opened years later. Raises signing.BadSignature for what is none."""
        address_id, root_id, *link = signing.loads(token, salt=STOP_SALT)
        return cls(address_id, root_id, *link or [str(address_id)])

    @property
    def address(self) -> EmailAddress | None:
        return EmailAddress.objects.filter(pk=self.address_id).first()

    @property
    def ended(self):
        """The row that says that its mailbox gets no mails, if there is one."""
        return EndedMailbox.objects.filter(Q(hash=self.link) | Q(link=self.link))


def stop_conversation(about: Subscription) -> None:
    """Send no more news of one conversation to this mailbox. Three queries."""
    if address := about.address:
        conversation = Q(pk=about.root_id) | Q(root=about.root_id)
        _let_go(Comment.objects.filter(conversation, notify__mailbox=address.mailbox), address)


def stop_everything(about: Subscription) -> None:
    """Delete the address, whoever gave it, and send nothing to its mailbox, whoever gives it again. Eight queries."""
    with transaction.atomic():
        address = about.address
        mailbox_hash = hashes(address.email, ENDED)[0] if address else about.link
        if address or mailbox_hash != str(about.address_id):
            EndedMailbox.objects.get_or_create(hash=mailbox_hash, defaults={"link": about.link})
        if address:
            _let_go(Comment.objects.filter(notify__mailbox=address.mailbox), address)
            EmailAddress.objects.filter(mailbox=address.mailbox).delete()


def _let_go(comments, address):
    """Send no news of these comments any more. Those of a confirmed address keep its hash; who typed another's address
    is not that person."""
    writer_hash = hashes(address.email, WRITER)[0]
    comments.filter(notify__confirmed_at__isnull=False).update(writer_hash=writer_hash)
    comments.update(notify=None)


def start_again(about: Subscription) -> None:
    """Let mails go to this mailbox again once its address is given and confirmed. One query."""
    about.ended.delete()


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


def schedule_digest() -> None:
    """Something came into a queue: see that moderators hear of it. No query while a digest is scheduled or they are
    off, else two; of any number of processes one schedules it."""
    _schedule_digest(CommentSettings.current())


def rules_changed(rules: CommentSettings) -> None:
    """The `rules` were saved: what came while digests were off is told of once they are on. Five queries at most."""
    if messages.anything_waits():
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
        generations.invalidate()
