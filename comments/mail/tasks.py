"""Tasks that send mail, run by `manage.py db_worker`; `publishing.mail` tries again."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from articles.models import Article
from publishing.cache import changes
from publishing.mail import NOTHING_TO_SEND, NotSent, next_try, send

from ..models import UNPUBLISHED, Comment, CommentSettings, EmailAddress, EndedMailbox
from . import messages, reply_mails

# Tasks that failed before it moved name it here.
__all__ = ["NotSent"]

NOT_YET = "not yet"


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
        again = next_try(mail_confirmation, attempt, address_id, article_id)
    return send(messages.confirmation(address, article), again)


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
        again = next_try(mail_reply, attempt, first, others)
    return send(messages.reply_news(replies), again)


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
        again = next_try(mail_digest, attempt, user_id, until)
    return send(message, again)
