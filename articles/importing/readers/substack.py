"""Exports of Substack: posts.csv and a file of HTML for each post."""

import csv
import io
import re
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from html import escape, unescape
from pathlib import PurePosixPath

from dateutil import parser
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.transfer.files import Files
from publishing.transfer.notes import Kind, Notes, Refused

from ..html import to_markdown as markdown_of
from ..options import Options
from ..records import PAGE, Label, Person, Post, Unread
from . import substack_html

# In "posts/", but if that was packed or given alone.
_FILE = re.compile(r"(?:^|/)((\d+)\.([^/.]*))\.html$")
_LIST = re.compile(r"(?:^|/)posts\.csv$")
_READERS = re.compile(r"(?:^|/)(?:email_list|subscribers?|.*subscriber)[^/]*\.csv$", re.IGNORECASE)
_DETAILS = re.compile(r"\.(?:opens|delivers|clicks)\.csv$")
_ADDRESS = re.compile(
    r"https://(?:[\w-]+\.substack\.com|[\w.-]+)(?=/(?:subscribe|p/[\w-]+/comments|p/[\w-]+\?[^\"]*share))"
)
_COLUMNS = {"post_id", "is_published", "audience", "type"}
_MOST = 16 * 1024 * 1024
_MOST_OF_LIST = 64 * 1024 * 1024
# Of the files, in how many the address of the site is looked for.
_LOOKED_INTO = 20


def recognise(files: Files, options: Options) -> "Substack | None":
    lists = [name for name in files.names if _LIST.search(name) and _is_list(files, name)]
    # Files of other systems may be called so, too, with smaller numbers.
    texts = [name for name in files.names if (found := _FILE.search(name)) and len(found[2]) > 4]
    if not lists and (not texts or len(texts) < sum(name.endswith(".html") for name in files.names)):
        return None
    return Substack(files, options, lists[0] if lists else "")


def _is_list(files: Files, name: str) -> bool:
    with files.open(name) as stream:
        head = stream.read(4096).decode("utf-8-sig", "replace").partition("\n")[0]
    return _COLUMNS.issubset(column.strip(' "\r') for column in head.split(","))


class Substack:
    label = _("Substack export")

    def __init__(self, files: Files, options: Options, posts_list: str):
        self.files, self.options, self._list = files, options, posts_list

    @cached_property
    def site(self) -> str:
        for name in list(self._texts.values())[:_LOOKED_INTO]:
            if found := _ADDRESS.search(self._read(name)):
                return found[0]
        return self.files.name

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The names of files by the numbers of their posts."""
        return {found[2]: name for name in self.files.names if (found := _FILE.search(name))}

    def _read(self, name: str) -> str:
        return self.files.read(name, _MOST).decode("utf-8-sig", "replace")

    def _rows(self) -> Iterator[dict[str, str]]:
        if not self._list:
            return
        text = self.files.read(self._list, _MOST_OF_LIST).decode("utf-8-sig", "replace").replace("\0", "")
        for row in csv.DictReader(io.StringIO(text, newline="")):
            yield {name: value.strip() for name, value in row.items() if name and isinstance(value, str)}

    # --- posts ---

    def posts(self) -> Iterator[Post | Unread]:
        known = set()
        try:
            for row in self._rows():
                number = row.get("post_id", "").partition(".")[0]
                if not number or number in known:
                    continue
                known.add(number)
                yield self._entry(number, row)
        except csv.Error as error:
            yield Unread(self._list, gettext("%(list)s is damaged: %(error)s") % {"list": self._list, "error": error})
        for number in self._texts:
            if number not in known:
                yield self._entry(number, {})
        yield from self._left_out()

    def _entry(self, number: str, row: dict[str, str]) -> Post | Unread:
        name = self._texts.get(number, "")
        title = unescape(row.get("title", ""))
        key = f"post-{number}"
        if not name and not row.get("podcast_url"):
            words = gettext("“%(title)s” has no text in the export: %(reason)s")
            return Unread(key, words % {"title": title, "reason": row.get("type") or gettext("no file")})
        try:
            text = self._read(name) if name else ""
        except Refused as error:
            return Unread(name, str(error))
        slug = row.get("post_id", "").partition(".")[2] or (_FILE.search(name)[3] if name else "")
        post = Post(key, "", f"p/{slug}", title, text, slug=slug, name=slug.replace("-", " "))
        post.to_markdown = _to_markdown
        post.summary = unescape(row.get("subtitle", ""))
        post.old_addresses = [f"/p/{slug}"] if slug else []
        post.published_at = _moment(row.get("post_date", ""), post.notes)
        post.status = _status(row, text, post.notes)
        if row.get("type") == "page":
            post.kind = PAGE
        if address := row.get("podcast_url"):
            post.text = f'<iframe src="{escape(address)}"></iframe>{text}'
        post.digest = sha256(repr((sorted(row.items()), text)).encode("utf-8", "replace")).hexdigest()
        return post

    def _left_out(self) -> Iterator[Unread]:
        for name in self.files.names:
            if name == self._list or _FILE.search(name):
                continue
            if _READERS.search(name):
                yield Unread(name, gettext("a list of subscribers: accounts and subscriptions are not imported"))
            elif _DETAILS.search(name):
                yield Unread(name, gettext("who got or opened an e-mail"), is_loss=False)
            elif PurePosixPath(name).suffix.lower() in (".csv", ".html", ".md", ".json"):
                yield Unread(name, gettext("a file beside the export that is none"), is_loss=False)

    # --- the rest ---

    def people(self) -> list[Person]:
        return []

    def labels(self) -> list[Label]:
        return []

    def redirects(self) -> Iterator[tuple[str, str]]:
        yield "/feed", "/feed.xml"
        yield "/archive", "/"

    def media(self) -> list[str]:
        return []


def _moment(value: str, notes: Notes):
    try:
        found = parser.isoparse(value.replace(" ", "T", 1)) if value else None
        return timezone.make_aware(found) if found and timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        notes.lose(Kind.DATE, gettext("“%(value)s” is not a date") % {"value": value[:40]})
        return None


def _status(row: dict[str, str], text: str, notes: Notes) -> str:
    if not row:
        notes.add(Kind.STATUS, gettext("not in posts.csv, so it may not have been public: a draft here"))
        return "draft"
    if row.get("is_published", "").lower() not in ("true", "1", "t", "yes"):
        return "draft"
    if row.get("audience", "") not in ("everyone", ""):
        notes.add(
            Kind.STATUS,
            gettext("for some readers only there (%(audience)s): a draft here") % {"audience": row["audience"][:40]},
        )
        return "draft"
    if substack_html.PAYWALL in text:
        notes.add(Kind.STATUS, gettext("a part of it is for subscribers only there: a draft here"))
        return "draft"
    return "published"


def _to_markdown(post: Post) -> str:
    text = markdown_of(post.text, post.notes, lambda root: substack_html.prepare(root, post.notes))
    # It stood before a button.
    return text.rstrip("\n").removesuffix("\n\n---") + "\n"
