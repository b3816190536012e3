"""Tasks that send mail, run by `manage.py db_worker`.

The next attempt at a mail is stored before it is sent, and deleted afterwards. So after a lost server, a killed worker
or a bug it is sent again after 1, 5 and 25 minutes, 2 and 10 hours. Only a worker that dies between the server's
"accepted" and its own commit sends a mail twice. No address and no text is in a task's row, its result or the log.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from articles.models import Article
from publishing.cache import changes

from ..models import UNPUBLISHED, Comment, CommentSettings, EmailAddress, EndedMailbox
from . import messages, reply_mails

logger = logging.getLogger(__name__)

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 25, 2 * 60, 10 * 60)]

SENT, NOTHING_TO_SEND, NOT_YET = "sent", "nothing to send", "not yet"


class NotSent(Exception):
    """The last attempt at a mail failed."""


# --- sending ---


def _next_try(this_task, attempt: int, *arguments):
    """Store the attempt after this one; None after the last."""
    if attempt >= len(PAUSES):
        return None
    return this_task.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(*arguments, attempt=attempt + 1)


def _send(message, next_try) -> str:
    """Send, and delete the next attempt unless it is needed. Raises `NotSent` if this was the last one."""
    result = SENT
    try:
        message.send()
    except OSError as error:
        # Without the server's message, which repeats the address.
        problem = " ".join([type(error).__name__, *map(str, _codes(error))])
        if isinstance(error, SMTPRecipientsRefused) and min(_codes(error)) >= 500:
            # The server will never accept a mail for this address.
            result = f"refused for good: {problem}"
            logger.warning("A mail was %s", result)
        elif next_try is None:
            raise NotSent(problem) from None
        else:
            logger.warning("A mail was not sent and will be tried again: %s", problem)
            return f"not sent yet: {problem}"
    if next_try is not None:
        DBTaskResult.objects.filter(pk=next_try.id).delete()
    return result


def _codes(error) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []


# --- to readers ---


@task()
def mail_confirmation(address_id: int, article_id: int, attempt: int = 0) -> str:
    """Ask the owner of an address to confirm it, unless every comment with it was refused, or they unsubscribed."""
    with transaction.atomic():
        address = EmailAddress.objects.filter(pk=address_id, confirmed_at=None).first()
        article = Article.objects.filter(pk=article_id).first()
        if not (
            address and article and address.comments.exclude(status__in=UNPUBLISHED).exists()
        ) or EndedMailbox.includes(address.email):
            return NOTHING_TO_SEND
        next_try = _next_try(mail_confirmation, attempt, address_id, article_id)
    return _send(messages.confirmation(address, article), next_try)


@task()
def mail_reply(comment_id: int, also: list[int] | None = None, attempt: int = 0) -> str:
    """Send the writer of its parent one reply, with all others of the conversation that are new to them.

    Each reply is sent once, if both comments are visible and the address is confirmed. A mail above the rate is
    sent later (`comments.mail.reply_mails`). `also` are the other replies that an earlier attempt claimed.
    """
    with transaction.atomic():
        if attempt:
            numbers = [comment_id, *(also or [])]
            replies = reply_mails.sendable(numbers)
            # So that they are sent if they become visible again.
            gone = set(numbers) - {reply.pk for reply in replies}
            Comment.objects.filter(pk__in=gone).update(notified_at=None)
        else:
            replies, due_at = reply_mails.with_others(comment_id)
            now = timezone.now()
            if due_at > now:
                mail_reply.using(run_after=due_at).enqueue(comment_id)
                return NOT_YET
            # The first attempt claims the replies.
            Comment.objects.filter(pk__in=[reply.pk for reply in replies]).update(notified_at=now)
        if not replies:
            return NOTHING_TO_SEND
        first, *others = [reply.pk for reply in replies]
        next_try = _next_try(mail_reply, attempt, first, others)
    return _send(messages.reply_news(replies), next_try)


# --- to moderators ---


@task()
def start_digest() -> str:
    """If a digest is due and something waits, send it to each moderator. Only the first of several such tasks does."""
    with transaction.atomic():
        now = timezone.now()
        rules = CommentSettings.objects.select_for_update().filter(pk=1).first()
        if rules is None or rules.digest_due_at is None or rules.digest_due_at > now:
            return NOTHING_TO_SEND
        window = timedelta(hours=rules.digest_hours)
        users, due_at = [], None
        if window and messages.waiting().exists():
            due_at = rules.digest_sent_at + window if rules.digest_sent_at else now
            if due_at <= now:
                users, due_at = messages.moderators(), now + window
                rules.digest_sent_at = now
        for user in users:
            mail_digest.enqueue(user.pk, due_at.isoformat())
        if due_at:
            start_digest.using(run_after=due_at).enqueue()
        CommentSettings.objects.filter(pk=1).update(digest_due_at=due_at, digest_sent_at=rules.digest_sent_at)
        changes.invalidate("commentsettings")
    return f"{len(users)} to send" if users else NOTHING_TO_SEND


@task()
def mail_digest(user_id: int, until: str, attempt: int = 0) -> str:
    """Send one moderator what still waits. Not after `until`, when the next digest is due."""
    with transaction.atomic():
        user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
        message = messages.digest(user) if user and timezone.now() < datetime.fromisoformat(until) else None
        if message is None:
            return NOTHING_TO_SEND
        next_try = _next_try(mail_digest, attempt, user_id, until)
    return _send(message, next_try)
