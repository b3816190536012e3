"""Shared by views that refuse what a reader sent, or redirect afterwards."""

from math import ceil

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

FOREIGN = _("The form came from another site, so nothing was changed. Submit it from this page.")
# Raised when a form is larger than any of ours, and the message for it.
UNREADABLE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
UNREAD = _("The text is too long. Go back: your browser usually keeps what you typed.")


class Refused(Exception):
    """What a reader sent is refused. The message is for them; after `seconds` they may try again."""

    def __init__(self, message: str, status: int = 403, seconds: int | None = None):
        super().__init__(message)
        self.status, self.seconds = status, seconds


class SeeOther(HttpResponseRedirect):
    """Status 303: the browser goes on with GET, so a reload does not submit again.

    Without a fragment in the address, browsers keep that of the form, such as "#problem".
    """

    status_code = 303


def waiting_time(seconds: int) -> str:
    """Rounded up: "1 second", "12 seconds", "3 minutes", "5 hours"."""
    if seconds <= 59:
        number = ceil(seconds)
        # Translators: This and the next two stand behind “Try again in”.
        words = ngettext("%(number)s second", "%(number)s seconds", number)
    elif seconds <= 59 * 60:
        number = ceil(seconds / 60)
        words = ngettext("%(number)s minute", "%(number)s minutes", number)
    else:
        number = ceil(seconds / 3600)
        words = ngettext("%(number)s hour", "%(number)s hours", number)
    return words % {"number": number}


def with_retry(response, seconds: int | None):
    """`response`, with Retry-After unless `seconds` is None."""
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response
