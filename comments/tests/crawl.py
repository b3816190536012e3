"""Reads every page of a thread as an anonymous reader does, by following its links."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from django.test import Client
from django.urls import reverse


class ThreadPage(HTMLParser):
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


def shown_on_pages(article) -> list[int]:
    """The number of every comment on every page of the thread, oldest first, as often as it is there."""
    shown, seen, ahead = [], set(), [article.get_absolute_url()]
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        page = ThreadPage(address, reverse("comments:thread", args=[article.slug]))
        response = Client().get(address)
        assert response.status_code == 200, address
        page.feed(response.content.decode())
        shown += page.comments
        ahead += page.onward
    return shown
