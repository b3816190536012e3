"""Which article the comments of an old address belong to."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.translation import gettext as _

from articles.models import Article
from publishing.links.targets import targets
from publishing.models import Redirect
from publishing.paths import url_of
from publishing.transfer.notes import Refused

MAP_BYTES = 20_000_000
_SLUG = re.compile(r"[-\w]{1,200}")
_INDEX = re.compile(r"(^|/)index\.(?:html?|php|aspx?|mdx?)$", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:html?|php|aspx?|mdx?)$", re.IGNORECASE)
_BY_NUMBER = ("p", "page_id")
# The name of a post of Jekyll, which has the date of its address.
_DATED = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})-(?=.)")
# What storing a comment needs of its article.
_FIELDS = ("slug", "title", "status", "published_at")


def whole_path(address: str) -> str:
    """The path of an old address without a trailing slash, `index.html`, an ending or `/amp`; "/?p=7" of one that
    has only a number. "" if there is none."""
    try:
        parts = urlsplit(address.strip())
        numbers = parse_qs(parts.query)
    except ValueError:
        return ""
    path = _INDEX.sub("", "/" + unquote(parts.path).strip("/")).rstrip("/")
    path = re.sub(r"^/index\.php(?=/)", "", re.sub(r"(?<=.)/amp$", "", path))
    number = next((numbers[name][0] for name in _BY_NUMBER if name in numbers), "")
    return _ENDING.sub("", path) or (f"/?p={number}" if re.fullmatch("[0-9]{1,15}", number, re.ASCII) else "")


def _page(slug: str) -> str:
    """The whole path of an article's page here."""
    return f"{url_of('articles:detail', 'x').removesuffix('x/')}{slug}"


def _is_address(key: str) -> bool:
    return key.startswith(("/", "http://", "https://"))


def read_map(path: Path) -> dict[str, str]:
    """Old addresses, as they are or as whole paths, and slugs: the lines of a CSV file. Raises Refused."""
    try:
        if path.stat().st_size > MAP_BYTES:
            raise Refused(_("it is larger than %(limit)s MB") % {"limit": MAP_BYTES // 1_000_000})
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (OSError, ValueError, csv.Error) as error:
        raise Refused(str(error)) from error
    pairs = [(row[0].strip(), row[1].strip().strip("/").rpartition("/")[2]) for row in rows if len(row) > 1]
    if not pairs:
        raise Refused(_("it has no line with an old address, a comma and a slug"))
    return {key: slug for old, slug in pairs for key in (old, whole_path(old)) if key}


def _could_be_any(*, is_of_file: bool) -> str:
    if is_of_file:
        return _(
            "%(address)s could be any: %(number)s pages of the file end in %(name)s; name the slug in a map (--map)"
        )
    return _("%(address)s could be any: %(number)s articles end in %(name)s; name the slug in a map (--map)")


def _no_mapped(slug: str) -> str:
    return _("No article %(name)s, which the map names") % {"name": slug[:100]}


class Articles:
    """Articles by what an entry says of its own: where it was, and what it was called.

    The whole address comes first: a map of the person who imports, posts that have been imported in the same run
    (`known`), stored redirects, and files that articles came from. Then the last part of the path, unless more than
    one page of the file or of this site has it.
    """

    def __init__(self, moved: Mapping[str, str] | None = None, known: Mapping[str, int] | None = None):
        self.moved, self.known = moved or {}, known or {}
        # A post of this run is called by its key, its old addresses and the new one.
        self._known_paths = {
            path: pk for key, pk in self.known.items() if _is_address(key) and (path := whole_path(key))
        }
        self._claims, self._found = defaultdict(set), {}

    def claim(self, entry) -> None:
        """Remember what else of the file has the same last part. Call it for each entry before `find`."""
        if entry.place not in self._found:
            self._found[entry.place] = None
            for name in self._names(entry):
                self._claims[name].add(self._identity(entry))

    def find(self, entry) -> tuple[Article | None, str]:
        """The article, or why there is none."""
        if not self._found.get(entry.place):
            self._found[entry.place] = self._search(entry)
        return self._found[entry.place]

    def _search(self, entry):
        wholes = list(dict.fromkeys(filter(None, map(whole_path, entry.addresses))))
        for key in (*entry.addresses, *wholes):
            if key in self.moved:
                article = self._by_slug(self.moved[key])
                return article, "" if article else _no_mapped(self.moved[key])
        own = [] if entry.addresses else [_page(slug) for slug in entry.slugs if _SLUG.fullmatch(slug)]
        numbers = [self.known.get(entry.key), *(self._known_paths.get(path) for path in wholes or own)]
        if found := next(filter(None, numbers), None):
            article = self._by_number(found)
            return article, "" if article else _("The article lies in the trash")
        if found := self._by_redirect(wholes or own) or self._by_source(wholes):
            return self._by_number(found), ""
        return self._by_name(entry)

    @staticmethod
    def _identity(entry):
        return next(filter(None, map(whole_path, entry.addresses)), "") or entry.slugs

    @staticmethod
    def _names(entry) -> list[str]:
        """What it may be called here, the likeliest first."""
        ends = (whole_path(address).rpartition("/")[2] for address in entry.addresses)
        names = dict.fromkeys([*(unquote(slug).strip("/") for slug in entry.slugs), *ends])
        return list(filter(_SLUG.fullmatch, names))

    def _by_name(self, entry):
        named = _(" or ").join(self._names(entry)) or next(filter(None, entry.addresses), "")[:200] or _("(no slug)")
        for name in self._names(entry):
            article = self._by_slug(name)
            here = {article.pk} if article else set()
            if entry.addresses:
                here |= self._ends.get(name, set())
            if not here:
                continue
            others = len(self._claims[name])
            if others > 1 or len(here) > 1:
                facts = {"address": self._identity(entry), "name": name, "number": others if others > 1 else len(here)}
                return None, _could_be_any(is_of_file=others > 1) % facts
            return article or self._by_number(here.pop()), ""
        return None, _("No article %(name)s") % {"name": named}

    def _by_slug(self, slug) -> Article | None:
        if number := self._known_paths.get(_page(slug)):
            return self._by_number(number)
        return Article.objects.filter(slug=slug).only(*_FIELDS).first() if _SLUG.fullmatch(slug) else None

    @staticmethod
    def _by_number(number) -> Article | None:
        # A dry run has numbers below zero for articles that it would create.
        return Article(pk=number) if number < 0 else Article.objects.filter(pk=number).only(*_FIELDS).first()

    def _by_redirect(self, wholes) -> int | None:
        """By stored redirects, and by addresses of this site."""
        for path in wholes:
            if len(found := self._redirects.get(path, ())) == 1:
                return next(iter(found))
            if path.startswith(_page("")) and (article := self._by_slug(path.removeprefix(_page("")))):
                return article.pk
        return None

    def _by_source(self, wholes) -> int | None:
        """By the path of the file: one of both paths ends with the other, which has two parts or more."""
        for path in wholes:
            parts = tuple(path.strip("/").split("/"))
            fits = {pk for other, pk in self._sources.get(parts[-1], ()) if _ends_alike(parts, other)}
            if len(fits) == 1:
                return fits.pop()
        return None

    @cached_property
    def _sources(self) -> dict[str, list[tuple[tuple[str, ...], int]]]:
        found = defaultdict(list)
        stored = Article.objects.exclude(source=None).values_list("source", "pk").iterator()
        for source, pk in chain(stored, (item for item in self.known.items() if not _is_address(item[0]))):
            parts = [part for part in whole_path(f"/{source}").split("/") if part]
            if parts and (date := _DATED.match(parts[-1])):
                parts[-1:] = [*date.groups(), parts[-1][date.end() :]]
            if parts:
                found[parts[-1]].append((tuple(parts), pk))
        return found

    @cached_property
    def _redirects(self) -> dict[str, set[int]]:
        """The articles to which redirects lead, by the whole old paths."""
        rows = Redirect.objects.filter(new_path__startswith="/").values_list("old_path", "new_path")
        pairs: list[tuple[str, str]] = list(rows)
        found, articles = targets({new for _, new in pairs}), defaultdict(set)
        for old, new in pairs:
            if found[new].kind == "article" and found[new].row:
                articles[whole_path(old)].add(found[new].row["pk"])
        return articles

    @cached_property
    def _ends(self) -> dict[str, set[int]]:
        """The same by the last parts of the paths, with the posts of this run."""
        ends = defaultdict(set)
        known = ((path, {pk}) for path, pk in self._known_paths.items())
        for path, articles in chain(self._redirects.items(), known):
            ends[path.rpartition("/")[2]] |= articles
        return ends


def _ends_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) > 1 and longer[-len(shorter) :] == shorter
