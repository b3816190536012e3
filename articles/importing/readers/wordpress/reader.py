"""Reads the files of a WordPress export: posts and pages, with all that the rest of the export knows of them."""

import re
from collections.abc import Iterator
from functools import cached_property, partial
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.transfer.files import Files
from publishing.transfer.notes import Kind, Refused
from publishing.transfer.xml import Xml

from ...options import Options
from ...records import ARTICLE, PAGE, Label, Person, Picture, Post, Unread
from . import fields, texts
from .items import Broken, Element, read
from .site import Site, file_of, plain, site_of

_ENDINGS = {".xml", ".wxr", ".rss"}
_FEED = re.compile(rb"<rss[\s>]")
_OURS = re.compile(rb"wordpress\.org/export/1|<wp:\w|:wxr_version>")
_HEAD = 64 * 1024
_POSTS = {"post": ARTICLE, "page": PAGE}
# Of other types, those that never are texts for readers.
_OTHERS = {
    "attachment": _("a file of the media library: those that posts show come with them"),
    "nav_menu_item": _("an entry of a menu: menus are made anew here"),
    "revision": _("an old version of a post"),
    "wp_block": _("a reusable block: it comes with the posts that show it"),
    "guest-author": _("an author"),
}
_TOOLS = re.compile(
    r"wp_\w+|custom_css|customize_changeset|oembed_cache|user_request|acf-[\w-]+|elementor_\w+|shop_\w+|feedback"
    r"|wpcf7_contact_form|wpforms\w*|jp_\w+|et_\w+|amp_\w+|tablepress_table|vc4?_\w+|ml-slider|redirect_rule|popup"
)


def recognise(files: Files, options: Options) -> "WordPress | None":
    """A reader if there is an export among the files. Raises Refused for an XML file alone that is none."""
    candidates = [name for name in files.names if PurePosixPath(name).suffix.lower() in _ENDINGS]
    exports = [name for name in candidates if _is_export(files, name)]
    if exports:
        return WordPress(files, options, exports)
    if candidates and len(files.names) == 1:
        raise Refused(gettext("%(candidates)s is XML, but no WordPress export") % {"candidates": candidates[0]})
    return None


def _is_export(files: Files, name: str) -> bool:
    with files.open(name) as stream:
        head = stream.read(_HEAD)
    # UTF-16 has a zero in each of these letters.
    head = head.replace(b"\0", b"")
    return bool(_FEED.search(head) and _OURS.search(head))


class WordPress:
    label = _("WordPress export")

    def __init__(self, files: Files, options: Options, names: list[str]):
        self.files, self.options, self.names = files, options, names
        # Of each file what was repaired, once it was read.
        self._faults: dict[str, list[str]] = {}

    @property
    def site(self) -> str:
        return self._site.address or self.files.name

    @cached_property
    def _site(self) -> Site:
        site = site_of(element for name in self.names for element in self._elements(name))
        for name in self.files.names:
            if PurePosixPath(name).suffix.lower() not in _ENDINGS:
                site.uploads.setdefault(file_of(f"/{name}"), name)
        return site

    @cached_property
    def _foreign(self) -> dict[str, str]:
        """Of several files, those of another site than the first: their keys would mean other posts."""
        if len(self.names) == 1:
            return {}
        addresses = {name: self._address(name) for name in self.names}
        first = _compared(next(filter(None, addresses.values()), ""))
        return {name: address for name, address in addresses.items() if address and _compared(address) != first}

    def _address(self, name: str) -> str:
        site = Site()
        for element in self._read(name):
            if element.name == "item" or site.address and element.name == "base_blog_url":
                break
            if isinstance(element, Element):
                site.add(element)
        return site.address

    def _read(self, name: str) -> Iterator[Element | Broken]:
        self._faults[name] = []
        try:
            with self.files.open(name) as stream:
                xml = Xml(stream)
                yield from read(xml)
                self._faults[name] = xml.faults
        except Refused as error:
            # It has gone meanwhile, or its encoding is unknown: the other files come in.
            yield Broken("rss", 1, str(error))

    def _elements(self, name: str) -> Iterator[Element | Broken]:
        if name not in self._foreign:
            yield from self._read(name)

    # --- posts ---

    def posts(self) -> Iterator[Post | Unread]:
        seen: dict[str, tuple[str, bytes]] = {}
        for name in self.names:
            if name in self._foreign:
                yield Unread(name, gettext("an export of another site: import it by itself"))
                continue
            has_posts = False
            for element in self._read(name):
                if found := self._entry(name, element, seen):
                    has_posts |= isinstance(found, Post)
                    yield found
            for fault in self._faults[name]:
                yield Unread(name, f"{name}: {fault}", is_loss=False)
            if not has_posts:
                yield Unread(name, gettext("an export without posts"), is_loss=False)
        yield from self._left_out()

    def _left_out(self) -> Iterator[Unread]:
        for name in self.files.names:
            suffix = PurePosixPath(name).suffix.lower()
            if name not in self.names and suffix in (*_ENDINGS, ".md", ".html", ".htm"):
                yield Unread(name, gettext("a file beside the export that is none"), is_loss=False)

    def _entry(self, file: str, element: Element | Broken, seen: dict) -> Post | Unread | None:
        where = gettext("%(file)s, line %(line)s") % {"file": file, "line": element.line}
        if isinstance(element, Broken):
            words = gettext("cannot be read: %(reason)s")
            if element.title:
                words = gettext("“%(title)s” cannot be read: %(reason)s")
            return Unread(where, words % {"title": element.title, "reason": element.reason})
        if element.name != "item":
            return None
        kind = element["post_type"] or "post"
        key = self._key(element)
        if element["status"] == "trash" and kind in _POSTS:
            return Unread(key, gettext("in the trash there"), is_loss=False)
        if kind not in _POSTS:
            return self._other(key, kind, element)
        post = self._post(key, element)
        if post.published_at is None and post.status == "published" and self.options.date_from == "mtime":
            fields.date_by_file(post, self.files.modified(file))
        return self._again(post, where, seen) if key in seen else self._first(post, seen)

    def _first(self, post: Post, seen: dict) -> Post:
        seen[post.key] = post.path or post.slug, bytes.fromhex(post.digest)[:16]
        return post

    def _again(self, post: Post, where: str, seen: dict) -> Post | Unread:
        """A second item with the number of another: of several files, or of numbers that were written by hand."""
        path, digest = seen[post.key]
        if bytes.fromhex(post.digest)[:16] == digest:
            return Unread(post.key, gettext("a post that is there twice"), is_loss=False)
        if (post.path or post.slug) == path:
            return Unread(
                where,
                gettext("“%(title)s” is there twice with different texts: the first came in") % {"title": post.title},
            )
        post.notes.add(Kind.ADDRESS, gettext("two posts have the number %(key)s") % {"key": post.key.partition("-")[2]})
        number = next(number for number in range(2, len(seen) + 3) if f"{post.key}-{number}" not in seen)
        post.key = f"{post.key}-{number}"
        return self._first(post, seen)

    def _key(self, element: Element) -> str:
        id = element["post_id"]
        if not id:
            words = element["guid"] or element["link"] or element["title"] or element["content"]
            id = sha256(words.encode()).hexdigest()[:12]
        return f"post-{id}"

    def _other(self, key: str, kind: str, element: Element) -> Unread:
        if kind in _OTHERS or _TOOLS.fullmatch(kind) or not element["content"].strip():
            return Unread(
                key, str(_OTHERS.get(kind, "")) or gettext("of the type “%(kind)s”") % {"kind": kind}, is_loss=False
            )
        title = plain(element["title"])
        return Unread(
            f"{key} {title}".strip(),
            gettext("a text of the type “%(kind)s”, which is neither a post nor a page") % {"kind": kind},
        )

    def _post(self, key: str, element: Element) -> Post:
        site = self._site
        post = Post(key, "", "", kind=_POSTS[element["post_type"] or "post"], text=element["content"])
        post.title = plain(element["title"])
        post.slug = unquote(element["post_name"])
        # Instead of a title; a number is none.
        post.name = "" if post.slug.isdigit() else post.slug
        if not post.title and not post.name and (words := texts.first_words(element)):
            post.title = words
            post.notes.add(Kind.NAME, gettext("without a title: its first words are one"))
        zone = self.options.zone or timezone.get_default_timezone()
        post.published_at, post.updated_at = fields.dates(element, zone, post.notes)
        post.status = fields.status(element, post.published_at, post.notes)
        if post.status == "draft" and element["status"] not in ("future", "private", "publish"):
            # The moment of the last save.
            post.published_at = None
        fields.set_terms(post, element, site)
        post.authors = fields.authors(element, site)
        post.is_featured = element["is_sticky"] == "1"
        post.language_of_site = site.language
        post.summary = texts.summary(element)
        fields.set_search(post, element, site)
        fields.set_addresses(post, element, site)
        self._set_cover(post, element)
        post.to_markdown = partial(texts.to_markdown, source=texts.Source.of(element, site))
        post.digest = _digest(post, element, site)
        return post

    def _set_cover(self, post: Post, element: Element) -> None:
        id = element.value("_thumbnail_id")
        if attachment := self._site.attachments.get(id):
            post.cover = Picture(self._site.held(attachment.address), attachment.alt, plain(attachment.caption))
        elif id and id not in ("0", "-1"):
            post.notes.lose(Kind.PICTURE, gettext("its cover, number %(id)s, is not in the export") % {"id": id})

    # --- the rest ---

    def people(self) -> list[Person]:
        site, root = self._site, urlsplit(self._site.address).path
        people = []
        for login, author in site.authors.items():
            slug = re.sub(r"[^\w-]+", "-", login.lower()).strip("-") if "@" not in login else ""
            links = [("Website", author.website)] if author.website.startswith(("https://", "http://")) else []
            addresses = [f"{root}/author/{slug}/"] if slug else []
            addresses += [f"/?author={author.id}"] if author.id else []
            people.append(Person(author.name, slug, author.biography, "", links, addresses))
        return people

    def labels(self) -> list[Label]:
        site, root = self._site, urlsplit(self._site.address).path
        labels: dict[tuple[str, str], Label] = {}
        for kind, terms in (("category", site.categories), ("tag", site.tags)):
            for term in terms.values():
                above = reversed(fields.parents(term, site) if kind == "category" else [])
                path = "/".join([site.base(kind), *(parent.slug for parent in above), term.slug])
                short = f"{site.base(kind)}/{term.slug}"
                addresses = [f"{root}/{way}/" for way in dict.fromkeys([path, short])]
                number = term.id if kind == "category" else term.slug
                addresses += [f"/?{'cat' if kind == 'category' else 'tag'}={number}"] if number else []
                label = Label(kind, term.name, unquote(term.slug), term.description)
                labels.setdefault((kind, term.name), label).old_addresses += addresses
        return list(labels.values())

    def redirects(self) -> Iterator[tuple[str, str]]:
        """None: posts, people and labels have their old addresses themselves."""
        yield from ()

    def media(self) -> list[str]:
        """The folders above "wp-content" and "uploads"."""
        folders = set()
        for name in self.files.names:
            for mark in ("wp-content/uploads/", "uploads/"):
                head, found, _ = f"/{name}".partition(f"/{mark}")
                if found:
                    folders.add(f"{head}/".lstrip("/"))
                    break
        return sorted(folders)


def _compared(address: str) -> tuple[str, str]:
    """Of a site, with or without "www" and TLS."""
    parts = urlsplit(address)
    return parts.netloc.lower().removeprefix("www."), parts.path.strip("/")


def _digest(post: Post, element: Element, site: Site) -> str:
    blocks = [site.blocks.get(id, "") for id in texts.references(post.text)]
    parts = [element.fields, element.terms, element.meta, post.authors, post.categories, post.tags, post.cover, blocks]
    return sha256(repr(parts).encode("utf-8", "replace")).hexdigest()
