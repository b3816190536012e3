"""Exports of Medium: a file of HTML for each post, with its head in microformats."""

import re
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from dateutil import parser
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.transfer.files import Files
from publishing.transfer.notes import Kind, Notes, Refused

from ..html import to_markdown as markdown_of
from ..options import Options
from ..records import Label, Person, Picture, Post, Unread
from . import medium_html

_FILE = re.compile(r"(?:^|/)posts/([^/]+)\.html$")
_ALONE = re.compile(r"^([^/]+)\.html$")
_PROFILE = re.compile(r"(?:^|/)profile/profile\.html$")
_MOST = 16 * 1024 * 1024
_HEAD = 16 * 1024
# How many files are looked at before the source is taken for none of Medium's.
_LOOKED_AT = 5
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)_")
_ID = re.compile(r"-?([0-9a-f]{8,14})\Z")
_TAG = re.compile(r"<[^>]{0,2000}>")

_TITLE = re.compile(r"<h1 class=\"p-name\">(.{0,2000}?)</h1>", re.DOTALL)
_SUBTITLE = re.compile(r"<section data-field=\"subtitle\"[^>]*>(.{0,4000}?)</section>", re.DOTALL)
_BODY = re.compile(r"<section data-field=\"body\"[^>]*>")
_TIME = re.compile(r"<time class=\"dt-published\"\s+datetime=\"([^\"]*)\"")
_CANONICAL = re.compile(r"<a\s+href=\"([^\"]*)\"\s+class=\"p-canonical\"")
_AUTHOR = re.compile(r"<a\s+href=\"([^\"]*)\"\s+class=\"p-author h-card\"[^>]*>(.{0,500}?)</a>", re.DOTALL)
_TAGGED = re.compile(r"<a\s+[^>]*class=\"p-tag\"[^>]*>(.{0,300}?)</a>", re.DOTALL)
_OWN = re.compile(r"href=\"(https://medium\.com/p/([0-9a-f]+))\"")

_NAME = re.compile(r"<h3 class=\"p-name\">(.{0,500}?)</h3>", re.DOTALL)
_PHOTO = re.compile(r"<img class=\"u-photo\" src=\"([^\"]*)\"")
_PROFILES = re.compile(r"<a(?: class=\"u-url\")? href=\"(https://(?:medium|twitter|x)\.com/[^\"]+)\"")


def recognise(files: Files, options: Options) -> "Medium | None":
    names = [name for name in files.names if _FILE.search(name)]
    # If the folder "posts" was packed or given alone.
    names = names or [name for name in files.names if _ALONE.search(name)]
    return Medium(files, options, names) if any(_is_post(files, name) for name in names[:_LOOKED_AT]) else None


def _is_post(files: Files, name: str) -> bool:
    with files.open(name) as stream:
        head = stream.read(_HEAD).decode("utf-8", "replace")
    return 'class="h-entry"' in head and 'class="p-name"' in head and "e-content" in head


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


class Medium:
    label = _("Medium export")

    def __init__(self, files: Files, options: Options, names: list[str]):
        self.files, self.options, self.names = files, options, names

    @cached_property
    def site(self) -> str:
        return next((address for _, address in self._profile.links), self.files.name)

    def _read(self, name: str) -> str:
        return self.files.read(name, _MOST).decode("utf-8-sig", "replace")

    @cached_property
    def _profile(self) -> Person:
        name = next(filter(_PROFILE.search, self.files.names), "")
        try:
            text = self._read(name) if name else ""
        except Refused:
            text = ""
        found, photo = _NAME.search(text), _PHOTO.search(text)
        person = Person(_plain(found[1]) if found else "", picture=unescape(photo[1]) if photo else "")
        for address in dict.fromkeys(_PROFILES.findall(text)):
            is_own = address.startswith("https://medium.com/")
            person.links.append(("Medium" if is_own else "X", unescape(address)))
            person.old_addresses += [urlsplit(address).path] if is_own else []
        return person

    # --- posts ---

    def posts(self) -> Iterator[Post | Unread]:
        for name in self.names:
            try:
                yield self._entry(name, self._read(name))
            except Refused as error:
                yield Unread(name, str(error))
        for name in self.files.names:
            if (
                name not in self._posts
                and not _PROFILE.search(name)
                and name.lower().endswith((".html", ".md", ".json"))
            ):
                yield Unread(name, gettext("of the account there, no post"), is_loss=False)

    @cached_property
    def _posts(self) -> frozenset[str]:
        return frozenset(self.names)

    def _entry(self, name: str, page: str) -> Post | Unread:
        body, footer = _body(page)
        if body is None:
            return Unread(name, gettext("no post of Medium"))
        stem = PurePosixPath(name).stem
        found, subtitle = _TITLE.search(page), _SUBTITLE.search(page)
        post = Post(_key(stem), "", name, _plain(found[1]) if found else "", body, name=stem)
        post.summary = _plain(subtitle[1]) if subtitle else ""
        if not subtitle and medium_html.is_response(post.title, body):
            return Unread(
                name,
                gettext("a response to a post of somebody else, or a note without a title: “%(title)s”")
                % {"title": post.title[:60]},
            )
        self._set_footer(post, footer, stem)
        if self.options.fetch and (cover := medium_html.cover(body)):
            post.cover = Picture(*cover)
        post.to_markdown = self._to_markdown
        post.digest = sha256(page.encode("utf-8", "replace")).hexdigest()
        return post

    def _set_footer(self, post: Post, footer: str, stem: str) -> None:
        time, canonical, own = _TIME.search(footer), _CANONICAL.search(footer), _OWN.search(footer)
        dated = _DATE.match(stem)
        post.published_at = _moment(time[1] if time else dated[1] if dated else "", post.notes)
        if stem.startswith("draft_") or not (canonical or time):
            post.status, post.published_at = "draft", None
        authors = [_plain(author) for _, author in _AUTHOR.findall(footer)]
        post.authors = list(filter(None, authors)) or list(filter(None, [self._profile.name]))
        post.tags = list(dict.fromkeys(filter(None, map(_plain, _TAGGED.findall(footer)))))
        if canonical:
            path = urlsplit(unescape(canonical[1])).path
            post.old_addresses = [path] if path.strip("/") else []
            post.slug = _ID.sub("", unquote(path.rstrip("/").rpartition("/")[2]))
        if own:
            post.old_addresses.append(f"/p/{own[2]}")
        post.slug = post.slug if not post.slug.isdigit() else ""
        if not post.slug:
            post.name = post.title

    def _to_markdown(self, post: Post) -> str:
        return markdown_of(
            post.text,
            post.notes,
            lambda root: medium_html.prepare(root, post.title, post.summary, has_cover=post.cover is not None),
        )

    # --- the rest ---

    def people(self) -> list[Person]:
        return [self._profile] if self._profile.name else []

    def labels(self) -> list[Label]:
        return []

    def redirects(self) -> Iterator[tuple[str, str]]:
        for path in self._profile.old_addresses:
            yield f"/feed{path}", "/feed.xml"

    def media(self) -> list[str]:
        return []


def _body(page: str) -> tuple[str | None, str]:
    """The text of a post, and what is below it."""
    start = _BODY.search(page)
    if not start:
        return None, ""
    end = page.rfind("<footer>")
    end = end if end > start.end() else len(page)
    return page[start.end() : end], page[end:]


def _key(stem: str) -> str:
    found = _ID.search(stem)
    return f"post-{found[1]}" if found else f"post-{stem}"


def _moment(value: str, notes: Notes):
    try:
        found = parser.isoparse(value) if value else None
        return timezone.make_aware(found) if found and timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        notes.lose(Kind.DATE, gettext("“%(value)s” is not a date") % {"value": value[:40]})
        return None
