"""Where the posts of a source are here, by all that links in it may call them."""

import re
import unicodedata
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from django.urls import reverse

from ..pictures.finding import Finder
from ..records import Label, Person, Post

# Endings of texts, and those that addresses of posts had; and names for the page of a folder.
_ENDING = re.compile(r"\.(?:md|mdx|markdown|mdown|mkd|rst|html?|php|aspx?|ipynb|org|adoc|txt)$", re.IGNORECASE)
_INDEX = re.compile(r"(?:^|/)(?:_?index|readme)$", re.IGNORECASE)
_TEXT = re.compile(r"\.(?:md|mdx|markdown|mdown|mkd|rst|org|adoc|ipynb)$", re.IGNORECASE)
_DATE = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-")
# A path that looks like that of a post: with a year, or below one of these.
_OF_POST = re.compile(r"(?:^|/)(?:19|20)\d\d/|^(?:blog|posts?|articles?|news|p|archives?|stories|writing)/")
_FEEDS = (
    *("feed", "feed.xml", "feed/atom", "feed/rss2", "feed.json", "rss", "rss.xml", "rss/feed.xml", "atom", "atom.xml"),
    *("index.xml", "feeds/all.atom.xml", "blog/feed.xml", "blog/rss.xml", "blog/atom.xml", "blog/index.xml"),
    "posts/index.xml",
)
_LISTS = {
    "archive": ("archive", "archives", "blog/archive", "blog/archives"),
    "tags": ("tags", "blog/tags"),
    "categories": ("categories", "blog/categories"),
    "authors": ("authors", "blog/authors"),
    "home": ("blog", "posts", "articles", "news"),
}
_NUMBERS = ("p", "page_id", "post", "attachment_id")
# Where systems have the pages of labels; {} is a slug.
_LABELS = {
    "category": ("category/{}", "categories/{}", "topics/{}", "blog/category/{}", "blog/categories/{}"),
    "tag": ("tag/{}", "tags/{}", "blog/tag/{}", "blog/tags/{}", "tagged/{}"),
    "author": ("author/{}", "authors/{}", "blog/author/{}", "blog/authors/{}"),
    "series": ("series/{}",),
}
# Of other sites, or nothing that leads anywhere else.
ELSEWHERE = object()


def _key(path: str) -> str:
    """A path as it is compared: without what differs between systems and a browser's address line."""
    path = unicodedata.normalize("NFC", unquote(path)).casefold().strip()
    path = re.sub(r"/{2,}", "/", path).strip("/")
    path = _ENDING.sub("", path)
    return _INDEX.sub("", path)


class Addresses:
    """Filled in the first pass, asked in the second. Half a kilobyte a post."""

    def __init__(self, finder: Finder):
        self.finder = finder
        # By the path of a file; by an old address; and by the last part of either, with the whole of it.
        self._files: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._tails: dict[str, set[tuple[str, str]]] = {}
        for name in _FEEDS:
            self._addresses[name] = reverse("articles:rss")
        for view, names in _LISTS.items():
            self._addresses |= dict.fromkeys(names, reverse(f"articles:{view}"))

    def add(self, post: Post, address: str) -> None:
        """Whatever post or file leads to `post` leads to `address`."""
        self.finder.learn(post)
        path = _key(post.path)
        self._files.setdefault(path, address)
        self._files.setdefault(_key(post.key), address)
        names = {path, *(_key(name) for name in (post.slug, post.name) if name)}
        for old in post.old_addresses:
            if "{" not in old and (key := self._address_key(old)) is not None:
                if self._addresses.get(key) in (None, *self._general):
                    self._addresses[key] = address
                names.add(key)
        for name in names:
            tail = name.rpartition("/")[2]
            for key in {tail, _DATE.sub("", tail)} - {""}:
                self._tails.setdefault(key, set()).add((name, address))

    def add_label(self, kind: str, label: Label | Person, slug: str, address: str) -> None:
        """`kind` is "category", "tag", "series" or "author"; its slug here, and the address of its page here."""
        for old in label.old_addresses:
            # "/?cat=3" is none of a path.
            if key := self._address_key(old):
                self._addresses.setdefault(key, address)
        for name in {slug, label.slug, label.name.replace(" ", "-"), label.name} - {""}:
            for pattern in _LABELS.get(kind, ()):
                self._addresses.setdefault(_key(pattern.format(name)), address)

    def add_redirect(self, old: str, new: str) -> None:
        """Both of the old site; call it when all posts are there."""
        key, target = self._address_key(old), self._address_key(new)
        if key and target and target in self._addresses:
            self._addresses.setdefault(key, self._addresses[target])

    @property
    def _general(self) -> tuple[str, ...]:
        """Pages of lists, before which posts with such an address come."""
        return reverse("articles:home"), reverse("articles:archive")

    def _address_key(self, address: str) -> str | None:
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        if number := _number(parts.query):
            return number
        return _key(parts.path)

    # --- asking ---

    def find(self, address: str, post: Post):
        """The new address that one in a post means, with its fragment; None if it leads nowhere, or ELSEWHERE."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return ELSEWHERE
        path = self.finder.own(address)
        if path is None or not (path or parts.query) or parts.scheme not in ("", "http", "https"):
            return ELSEWHERE
        if (number := _number(parts.query)) and _key(path) in ("", self._base):
            found = self._addresses.get(number)
        else:
            found = self._of_path(path, post)
        return found and (f"{found}#{parts.fragment}" if parts.fragment else found)

    @property
    def _base(self) -> str:
        return _key(urlsplit(self.finder.site).path)

    def _of_path(self, path: str, post: Post) -> str | None:
        if not path:
            return None
        # A reference, "@/", may also be a name or relative to the post.
        is_root, is_reference = path.startswith(("/", "~/")), path.startswith("@/")
        if is_root or is_reference:
            path = path.lstrip("@~").lstrip("/")
        for table, key in self._keys(path, is_root, post):
            if found := table.get(key):
                return found
        key = _key(path)
        if (is_root or is_reference) and key in ("", self._base):
            return reverse("articles:home")
        if found := _of_date(key.removeprefix(f"{self._base}/")):
            return found
        return self._by_tail(path, key, is_root)

    def _keys(self, path: str, is_root: bool, post: Post) -> Iterator[tuple[dict, str]]:
        """The tables to look into, the likeliest first."""
        if not is_root:
            yield self._files, _key(normpath(join(dirname(post.path), path)))
            for old in post.old_addresses[:3]:
                if "{" not in old:
                    yield self._addresses, _key(urlsplit(urljoin(old, path)).path)
            # As if its file was a folder, which is how most systems publish it.
            yield self._files, _key(normpath(join(_key(post.path), path)))
            path = normpath(path)
            while path.startswith("../"):
                path = path.removeprefix("../")
        key = _key(path)
        yield self._addresses, key
        yield self._files, key
        if self._base and key.startswith(f"{self._base}/"):
            key = key.removeprefix(f"{self._base}/")
            yield self._addresses, key
            yield self._files, key

    def _by_tail(self, path: str, key: str, is_root: bool) -> str | None:
        """The only post whose path or old address ends as this one does."""
        key = key.lstrip("./")
        tail = key.rpartition("/")[2]
        candidates = self._tails.get(tail, set()) or self._tails.get(_DATE.sub("", tail), set())
        if not tail or not candidates:
            return None
        parts = key.split("/")
        alike = {address for name, address in candidates if _ends_alike(name.split("/"), parts)}
        if len(alike) == 1:
            return alike.pop()
        is_name = bool(_TEXT.search(path)) or (not is_root and "/" not in path.strip("/") and "." not in path)
        every = {address for _, address in candidates}
        if len(every) == 1 and (is_name or _OF_POST.search(key)):
            return every.pop()
        return None


def _ends_alike(one: list[str], other: list[str]) -> bool:
    """Whether the shorter path is the end of the longer one; a single name is not enough."""
    length = min(len(one), len(other))
    return length > 1 and one[-length:] == other[-length:]


def _number(query: str) -> str:
    """The key of an address such as "?p=123"."""
    if not query:
        return ""
    values = dict(parse_qsl(query[:500]))
    number = next((values[name] for name in _NUMBERS if values.get(name, "").isdigit()), "")
    return f"?{number}" if number else ""


def _of_date(key: str) -> str | None:
    """The archive here for an address such as "2024/05"."""
    date = re.fullmatch(r"((?:19|20)\d\d)(?:/(0?[1-9]|1[0-2]))?", key)
    if not date:
        return None
    return (
        reverse("articles:month", args=[date[1], int(date[2])]) if date[2] else reverse("articles:year", args=[date[1]])
    )
