"""Which replies go into one mail, and when it may be sent.

A reply that comes too early waits, and is sent with all others of its conversation by then. Mails are counted by the
`notified_at` of the replies, so every worker counts the same.
"""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from ..models import Comment, EmailAddress, EndedMailbox

# Between two mails about one conversation, and mails to one mailbox in 24 hours.
PAUSE = timedelta(minutes=15)
MAILS_A_DAY = 10
DAY = timedelta(days=1)


def sendable(numbers: list[int]) -> list[Comment]:
    """Those of the replies, to one mailbox, that can be sent now, in the order of the thread. Two queries."""
    rows = Comment.objects.filter(pk__in=numbers).select_related("article", "parent__notify").order_by("path")
    replies = [reply for reply in rows if _is_news(reply)]
    return replies if replies and not EndedMailbox.includes(replies[0].parent.notify.email) else []


def with_others(number: int) -> tuple[list[Comment], datetime]:
    """The reply with all others of its conversation for the same mailbox, and when they may be sent; none if it is not
    to be sent. Locks the mailbox, so it needs a transaction. Five queries.
    """
    now = timezone.now()
    replies = sendable([number])
    if not replies or replies[0].notified_at:
        return [], now
    root, mailbox = replies[0].root_id, replies[0].parent.notify.mailbox
    list(EmailAddress.objects.filter(mailbox=mailbox).order_by("pk").select_for_update().values_list("pk"))
    sent = Comment.objects.filter(parent__notify__mailbox=mailbox, notified_at__gt=now - DAY)
    mails = list(sent.order_by("-notified_at").values_list("notified_at", "root").distinct()[:MAILS_A_DAY])
    moments = [sent_at + PAUSE for sent_at, about in mails if about == root][:1]
    moments += [mails[-1][0] + DAY] if len(mails) == MAILS_A_DAY else []
    others = Comment.objects.filter(
        root=root, is_visible=True, notified_at=None, parent__notify__mailbox=mailbox,
        # Those that were visible before belong to no subscription.
        decided_at__gt=F("parent__notify__confirmed_at"),
    )  # fmt: skip
    return sendable([number, *others.values_list("pk", flat=True)]), max([now, *moments])


def _is_news(reply) -> bool:
    parent = reply.parent
    return (
        parent is not None and reply.is_visible and not (reply.erased_at or parent.erased_at)
        and parent.notify is not None and parent.notify.confirmed_at is not None
        and not (reply.reader and reply.reader == parent.reader) and reply.article.is_published
    )  # fmt: skip
