"""What a whole export knows, besides its posts: authors, terms, attachments and reusable blocks. Small indexes only."""

import re
from collections import defaultdict
from collections.abc import Iterable
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from .items import Broken, Element

_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_LINK = re.compile(r"""href=["'](?:https?://[^/"']+)?/((?:[\w%-]+/){1,6})([\w%-]+)/?["']""")

_MOST_LINKS = 20_000


class Author(NamedTuple):
    name: str
    biography: str = ""
    website: str = ""
    id: str = ""


class Term(NamedTuple):
    """Of a category or a tag. `parent` is a slug."""

    id: str
    slug: str
    name: str
    parent: str = ""
    description: str = ""


class Attachment(NamedTuple):
    id: str
    address: str
    link: str
    title: str
    alt: str
    caption: str
    parent: str
    order: int


def plain(html: str) -> str:
    """A title or a name as text on one line: without tags, its entities resolved."""
    return " ".join(unescape(_TAG.sub("", html)).split())


class Site:
    def __init__(self):
        self.address = self.title = self.language = ""
        self.authors: dict[str, Author] = {}
        self.categories: dict[str, Term] = {}
        self.tags: dict[str, Term] = {}
        self.attachments: dict[str, Attachment] = {}
        # Their ids by what their addresses end with, without the site: "2013/06/cat.jpg".
        self.by_file: dict[str, str] = {}
        self.by_post: dict[str, list[str]] = defaultdict(list)
        # Files of the source by their paths below "uploads", for addresses of other hosts.
        self.uploads: dict[str, str] = {}
        # Reusable blocks: id and text.
        self.blocks: dict[str, str] = {}
        # First parts of addresses that end with the slug of a category or a tag, as links have them.
        self.bases: dict[str, dict[str, int]] = {"category": {}, "tag": {}}
        self._links: dict[tuple[str, str], int] = defaultdict(int)

    def add(self, element: Element) -> None:
        read = getattr(self, f"_{element.name.removeprefix('wp_')}", None)
        if read:
            read(element)

    def finish(self) -> None:
        root = urlsplit(self.address).path.strip("/")
        for kind, terms in (("category", self.categories), ("tag", self.tags)):
            for (path, slug), number in self._links.items():
                parts = path.removeprefix(f"{root}/").strip("/").split("/")
                while parts and parts[-1] in self.categories:
                    # Those above it.
                    parts.pop()
                if slug in terms and parts and not parts[0].isdigit():
                    base = "/".join(parts)
                    self.bases[kind][base] = self.bases[kind].get(base, 0) + number
        self._links.clear()
        for ids in self.by_post.values():
            ids.sort(key=lambda id: self.attachments[id].order)

    def base(self, kind: str) -> str:
        """The first part of the addresses of categories or tags: WordPress' own unless links show another one."""
        counts = self.bases[kind]
        best = max(counts, key=lambda base: (base.rpartition("/")[2] == kind, counts[base]), default=kind)
        return best if best.rpartition("/")[2] == kind or counts[best] > 1 else kind

    def is_own(self, address: str) -> bool:
        """Whether an address is one of the old site, with or without "www" and TLS."""
        ours, theirs = (urlsplit(url).netloc.lower().removeprefix("www.") for url in (self.address, address))
        return bool(ours) and ours == theirs

    def held(self, address: str) -> str:
        """The address of an upload; of one that another host served, the path of its file if the source has that."""
        name = self.uploads.get(file_of(address)) if "://" in address and not self.is_own(address) else None
        return f"/{name}" if name else address

    # --- elements of the channel ---

    def _base_blog_url(self, element):
        self._address(element.text, is_sure=True)

    def _link(self, element):
        self._address(element.text)

    def _address(self, text, *, is_sure=False):
        text = text.strip().rstrip("/")
        if urlsplit(text).scheme in ("http", "https") and (is_sure or not self.address):
            self.address = text

    def _language(self, element):
        self.language = self.language or element.text.strip()

    def _title(self, element):
        self.title = self.title or plain(element.text)

    def _author(self, element):
        login = element["author_login"]
        full = f"{element['author_first_name']} {element['author_last_name']}"
        if login and login not in self.authors:
            names = (element["author_display_name"], full, login)
            names = [plain(name) for name in names if plain(name)]
            # An address of an author is not published.
            name = next((name for name in names if "@" not in name), names[0].partition("@")[0])
            self.authors[login] = Author(name, plain(element["author_description"]), "", element["author_id"])

    def _category(self, element):
        slug, name = element["category_nicename"], plain(element["cat_name"])
        slug = slug or name
        term = Term(element["term_id"], slug, name or slug, element["category_parent"])
        self.categories.setdefault(slug, term._replace(description=plain(element["category_description"])))

    def _tag(self, element):
        slug, name = element["tag_slug"], plain(element["tag_name"])
        slug = slug or name
        self.tags.setdefault(slug, Term(element["term_id"], slug, name or slug, "", plain(element["tag_description"])))

    def _term(self, element):
        terms = {"category": self.categories, "post_tag": self.tags}.get(element["term_taxonomy"])
        if terms is not None and element["term_slug"]:
            slug, name = element["term_slug"], plain(element["term_name"])
            parts = element["term_id"], slug, name or slug, element["term_parent"], plain(element["term_description"])
            terms.setdefault(slug, Term(*parts))

    def _item(self, element):
        kind, id = element["post_type"], element["post_id"]
        if kind == "attachment" and id:
            self._attachment(element, id)
        elif kind == "wp_block" and id:
            self.blocks.setdefault(id, element["content"])
        elif kind == "guest-author":
            self._guest(element)
        elif kind in ("post", "page"):
            for base, slug in _LINK.findall(element["content"]):
                if not base[:4].isdigit() and len(self._links) < _MOST_LINKS:
                    self._links[base, slug] += 1

    def _attachment(self, element, id):
        address = element["attachment_url"] or element["guid"]
        order = int(element["menu_order"]) if element["menu_order"].isdigit() else 0
        alt = " ".join(element.value("_wp_attachment_image_alt").split())
        parts = id, address, element["link"], plain(element["title"]), alt, element["excerpt"], element["post_parent"]
        if id not in self.attachments:
            self.attachments[id] = Attachment(*parts, order)
            self.by_file.setdefault(file_of(address), id)
            if element["post_parent"] not in ("", "0"):
                self.by_post[element["post_parent"]].append(id)

    def _guest(self, element):
        """A guest author of Co-Authors Plus."""
        login = element.value("cap-user_login") or element["post_name"].removeprefix("cap-")
        name = plain(element.value("cap-display_name") or element["title"])
        if login and name:
            biography = plain(element.value("cap-description") or element["content"])
            self.authors[login] = Author(name, biography, element.value("cap-website"))


def file_of(address: str) -> str:
    """What of the address of an upload stays the same at any site: the path below "uploads", else all of it."""
    path = urlsplit(address.strip()).path
    _, mark, below = path.partition("/uploads/")
    return below if mark else path.lstrip("/")


def site_of(elements: Iterable[Element | Broken]) -> Site:
    site = Site()
    for element in elements:
        if isinstance(element, Element):
            site.add(element)
    site.finish()
    return site
