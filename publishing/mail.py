"""What the mails of every app share: one line in a header, plain text from a template, and tries by tasks.

The next attempt at a mail is stored before it is sent, and deleted afterwards. So after a lost server, a killed worker
or a bug it is sent again after 1, 5 and 25 minutes, 2 and 10 hours. Only a worker that dies between the server's
"accepted" and its own commit sends a mail twice. No address and no text is in a task's row, its result or the log.
"""

import logging
import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import Truncator
from django_tasks_db.models import DBTaskResult

from .models import Publication

logger = logging.getLogger(__name__)

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 25, 2 * 60, 10 * 60)]
SENT, NOTHING_TO_SEND = "sent", "nothing to send"
SUBJECT_LENGTH = 120
# Controls, separators of lines, and what changes the direction of text.
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+")


class NotSent(Exception):
    """The last attempt at a mail failed."""


def is_set_up() -> bool:
    """Whether mails leave this machine."""
    return not settings.EMAIL_BACKEND.endswith((".console.EmailBackend", ".dummy.EmailBackend"))


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """`text` on one line, without controls, cut to `length` characters: safe in a header."""
    return Truncator(" ".join(_NOT_PRINTED.sub(" ", text).split())).chars(length)


def message(template: str, subject: str, to: str, stop_url: str = "", **context) -> EmailMessage:
    """A mail of plain text. What somebody typed must be `one_line` in `context`; the subject becomes it here."""
    publication = one_line(Publication.current().name)
    context |= {"publication": publication, "site_url": settings.SITE_URL, "stop_url": stop_url}
    # RFC 3834: no automatic replies.
    headers = {"Auto-Submitted": "auto-generated"}
    if stop_url:
        # RFC 8058.
        headers |= {
            "List-Unsubscribe": f"<{settings.SITE_URL}{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return EmailMessage(
        one_line(f"{subject} · {publication}"), render_to_string(template, context), to=[to], headers=headers
    )


def next_try(this_task, attempt: int, *arguments):
    """Store the attempt after this one; None after the last."""
    if attempt >= len(PAUSES):
        return None
    return this_task.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(*arguments, attempt=attempt + 1)


def send(message: EmailMessage, next_try) -> str:
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
