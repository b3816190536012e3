"""What the views of comments share when they refuse, and when they lead on."""

from math import ceil

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpResponseRedirect

from publishing.bases.addressed import Gone
from publishing.models import WITHDRAWN
from publishing.web import redirects

from ..models import Comment
from ..screening import bans

READ_ONLY_SENTENCE = "Comments are read-only during maintenance."
FOREIGN = "This did not come from our own page, so nothing was changed. Try it once more from this page."
# What reading a form raises that is bigger than any of ours, in bytes or in fields, and what is said then.
UNREADABLE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
UNREAD = "This was far too long to be read. Go back one page: your browser has kept your text there."


class SeeOther(HttpResponseRedirect):
    """Go on with GET: a reload does not send again.

    To the beginning of what the page is about. Without a fragment in the new address, browsers carry over that of the
    form's: "#problem", where there is none any more.
    """

    status_code = 303

    def __init__(self, address):
        super().__init__(f"{address}#main")


def public_or_gone(comments, pk):
    """The one of `comments`, which readers see. Raises Gone when they saw it once, Http404 when they never did.

    One query, one more when it is not there.
    """
    if comment := comments.filter(pk=pk).first():
        return comment
    hidden = Comment.objects.ever_public().select_related("article").filter(pk=pk).first()
    if hidden and hidden.article.is_published:
        raise Gone("The comment was taken off the page.")
    if hidden and redirects.target(hidden.article.get_absolute_url()) == WITHDRAWN:
        raise Gone("The article that the comment is about was withdrawn.")
    raise Http404("No such comment.")


def is_read_only(request) -> bool:
    """Whether maintenance keeps readers from writing just now."""
    return getattr(getattr(request, "maintenance", None), "state", "") == "read-only"


def waiting_time(seconds: int) -> str:
    """A wait as a person says it, rounded up: "1 second", "12 seconds", "3 minutes", "5 hours"."""
    for unit, length in (("second", 1), ("minute", 60), ("hour", 3600)):
        number = ceil(seconds / length)
        if number < 60 or unit == "hour":
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def banned_sentence(refusal: bans.Banned) -> str:
    """What somebody who is banned is told."""
    return f"You cannot comment here{bans.until(refusal.until)}. Nothing was stored; your text is still here."


def with_retry(response, seconds: int | None):
    """The answer that says, where that is known, after how many seconds a try can succeed."""
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response
