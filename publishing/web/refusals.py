"""What views share when they refuse what a reader sent, and when they lead on."""

from math import ceil

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponseRedirect

FOREIGN = "The form came from another site, so nothing was changed. Submit it from this page."
# What reading a form raises that is bigger than any of ours, in bytes or in fields, and what is said then.
UNREADABLE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
UNREAD = "The text is too long. Go back: your browser usually keeps what you typed."


class Refused(Exception):
    """What a reader sent is not accepted. The message is for them; `seconds` is after how long a try can succeed."""

    def __init__(self, message: str, status: int = 403, seconds: int | None = None):
        super().__init__(message)
        self.status, self.seconds = status, seconds


class SeeOther(HttpResponseRedirect):
    """Go on with GET: a reload does not send again.

    Without a fragment in the address, browsers carry over that of the form's, such as "#problem".
    """

    status_code = 303


def waiting_time(seconds: int) -> str:
    """A wait as a person says it, rounded up: "1 second", "12 seconds", "3 minutes", "5 hours"."""
    for unit, length in (("second", 1), ("minute", 60), ("hour", 3600)):
        number = ceil(seconds / length)
        if number < 60 or unit == "hour":
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def with_retry(response, seconds: int | None):
    """The answer that says, where that is known, after how many seconds a try can succeed."""
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response
