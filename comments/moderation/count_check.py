"""Proof that "N in thread" is true: stored is counted, counted is what the states say, and that is what one reads."""

from collections import Counter
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import parse_qs, urljoin, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse

from ..models import Comment, Thread


class NotRendered(Exception):
    """A page of the thread could not be had; the message says which, and what came instead."""


def differences(article, *, render=True) -> list[str]:
    """What is not as it should be with the thread of `article`, in sentences; nothing if all is well.

    Four queries, and with `render` every page of the thread, as an anonymous reader gets it. Only a published article
    has pages.
    """
    stored = Thread.of(article).comment_count
    counted = set(Comment.objects.in_thread(article).values_list("pk", flat=True))
    due = set(Comment.objects.filter(article=article).that_should_be_visible().values_list("pk", flat=True))
    found = []
    if stored != len(counted):
        found.append(f"{stored} stored, {len(counted)} counted")
    if counted != due:
        found.append(f"{len(due)} should be visible: {_some(counted ^ due)}")
    if wrong := list(_with_wrong_reports(article).values_list("pk", flat=True)[:10]):
        found.append(f"open reports are counted wrong: {_some(wrong)}")
    if render and article.is_published:
        found += _differences_on_pages(article, counted)
    return found


def repair(article) -> None:
    """Make what is stored true again, in one transaction, with nobody else changing the thread meanwhile."""
    with transaction.atomic():
        Thread.objects.get_or_create(article=article)
        thread = Thread.objects.select_for_update().get(article=article)
        comments = Comment.objects.filter(article=article)
        due = comments.that_should_be_visible()
        comments.filter(is_visible=True).exclude(pk__in=due.values("pk")).update(is_visible=False)
        due.filter(is_visible=False).update(is_visible=True)
        for comment in _with_wrong_reports(article):
            Comment.objects.filter(pk=comment.pk).update(open_reports=comment.unanswered)
        thread.comment_count = Comment.objects.in_thread(article).count()
        thread.save(update_fields=["comment_count"])
        Thread.invalidate(article.pk)


def _with_wrong_reports(article):
    unanswered = Count("reports", filter=Q(reports__answered_at=None))
    reported = Q(open_reports__gt=0) | Q(reports__isnull=False)
    return (
        Comment.objects.filter(reported, article=article)
        .annotate(unanswered=unanswered)
        .exclude(open_reports=F("unanswered"))
    )


def _differences_on_pages(article, counted):
    try:
        shown = Counter(shown_on_pages(article))
    except NotRendered as error:
        return [str(error)]
    found = []
    if set(shown) != counted:
        found.append(f"{len(shown)} rendered, {len(counted)} counted: {_some(set(shown) ^ counted)}")
    if repeated := [number for number, times in shown.items() if times > 1]:
        found.append(f"rendered more than once: {_some(repeated)}")
    return found


def _some(numbers):
    numbers = sorted(numbers)
    return "comments " + ", ".join(map(str, numbers[:10])) + (" and more" if len(numbers) > 10 else "")


# --- the pages, as a reader gets them -----------------------------------------------------------


def shown_on_pages(article) -> list[int]:
    """The number of every comment on every page of the thread, oldest first, as often as it is there.

    Follows the links that a reader would follow, from the article's page on. Raises `NotRendered`.
    """
    shown, seen, ahead = [], set(), [article.get_absolute_url()]
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        page = _ThreadPage(address, reverse("comments:thread", args=[article.slug]))
        page.feed(_html(address))
        shown += page.comments
        ahead += page.onward
    return shown


class _ThreadPage(HTMLParser):
    """Which comments a page shows, and where it says that the thread goes on."""

    def __init__(self, address, thread_path):
        super().__init__()
        self.address, self.thread_path = address, thread_path
        self.comments, self.onward = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        number = (attrs.get("id") or "").removeprefix("comment-")
        if tag == "article" and "comment" in (attrs.get("class") or "").split() and number.isdecimal():
            self.comments.append(int(number))
        elif tag == "a":
            address = urlsplit(urljoin(self.address, attrs.get("href") or ""))
            asked = parse_qs(address.query).keys()
            if address.path == self.thread_path and asked and asked <= {"after", "under"}:
                self.onward.append(f"{address.path}?{address.query}")


@cache
def _application():
    return WSGIHandler()


def _html(address) -> str:
    """The page at `address`, made by the whole application in this process, with no page that was kept."""
    site, asked = urlsplit(settings.SITE_URL), urlsplit(address)
    environ = {
        "PATH_INFO": asked.path, "QUERY_STRING": asked.query, "HTTP_HOST": site.netloc,
        "wsgi.url_scheme": site.scheme, "HTTP_X_FORWARDED_PROTO": site.scheme, "wsgi.input": BytesIO(),
        "HTTP_ACCEPT_ENCODING": "identity",
    }  # fmt: skip
    setup_testing_defaults(environ)
    # Without the signals around a request, which close the connection to the database.
    response = _application().get_response(WSGIRequest(environ))
    if response.status_code != 200:
        raise NotRendered(f"{address} answers {response.status_code} {response.reason_phrase}")
    return response.content.decode()
