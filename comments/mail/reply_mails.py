"""Which replies a mailbox is told of in one mail, and when the next mail may go out.

What is due too early is not lost: it waits, and goes out with everything else of its conversation by then. The mails
that went out are counted by the moments at which replies were told of, so every worker counts the same.
"""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from ..models import Comment, EmailAddress, EndedMailbox

# Between two mails about one conversation, and mails to one mailbox in 24 hours.
PAUSE = timedelta(minutes=15)
MAILS_A_DAY = 10
DAY = timedelta(days=1)


def still(numbers: list[int]) -> list[Comment]:
    """Those of the replies that can be told of now, in the order of the thread. Two queries."""
    replies = Comment.objects.filter(pk__in=numbers).select_related("article", "parent__notify").order_by("path")
    found = [reply for reply in replies if _is_news(reply)]
    return found if found and not EndedMailbox.holds(found[0].parent.notify.email) else []


def with_others(number: int) -> tuple[list[Comment], datetime]:
    """The reply and all other news of its conversation for the same mailbox, none if it is none or was told of; and
    when they may be told of. To be asked in a transaction, in which no other worker looks at the mailbox. Five queries.
    """
    now = timezone.now()
    replies = still([number])
    if not replies or replies[0].told_at:
        return [], now
    root, mailbox = replies[0].root_id, replies[0].parent.notify.mailbox
    list(EmailAddress.objects.filter(mailbox=mailbox).order_by("pk").select_for_update().values_list("pk"))
    told = Comment.objects.filter(parent__notify__mailbox=mailbox, told_at__gt=now - DAY)
    mails = list(told.order_by("-told_at").values_list("told_at", "root").distinct()[:MAILS_A_DAY])
    moments = [told_at + PAUSE for told_at, of in mails if of == root][:1]
    moments += [mails[-1][0] + DAY] if len(mails) == MAILS_A_DAY else []
    others = Comment.objects.filter(
        root=root, is_visible=True, told_at=None, parent__notify__mailbox=mailbox,
        # What appeared earlier was nobody's news.
        decided_at__gt=F("parent__notify__confirmed_at"),
    )  # fmt: skip
    return still([number, *others.values_list("pk", flat=True)]), max([now, *moments])


def _is_news(reply) -> bool:
    parent = reply.parent
    return (
        parent is not None and reply.is_visible and parent.is_visible and not (reply.erased_at or parent.erased_at)
        and parent.notify is not None and parent.notify.confirmed_at is not None
        and not (reply.reader and reply.reader == parent.reader) and reply.article.is_published
    )  # fmt: skip
