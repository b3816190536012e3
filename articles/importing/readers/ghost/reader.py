"""Reads an export of Ghost, alone or beside its files: posts and pages, with all that the rest knows of them."""

import json
import re
from collections.abc import Iterator
from functools import cached_property, partial
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.transfer.files import Files
from publishing.transfer.notes import Kind, Refused

from ...options import Options
from ...records import Label, Person, Post, Unread
from . import fields, redirecting, texts
from .rows import Rows
from .site import Site, as_row

# How deep in the folders of a source an export is looked for.
_DEPTH = 3
_HEAD = 256 * 1024
_OBJECT = re.compile(r"\ufeff?\s*\{\s*\"(?:db|data|meta|posts|users)\"\s*:")
_OURS = re.compile(r"\"(?:exported_on|migrations|posts_authors|posts_tags|posts_meta|mobiledoc|lexical|posts)\"\s*:")
_MEMBERS = re.compile(r"(?:^|[\s/_.-])members\b[^/]*\.csv$")
_REDIRECTS = frozenset({"redirects.json", "redirects.yaml", "redirects.yml"})
_KNOWN = (".md", ".html", ".htm")


def recognise(files: Files, options: Options) -> "Ghost | None":
    """A reader if there is an export among the files."""
    names = [name for name in files.names if name.lower().endswith(".json") and name.count("/") < _DEPTH]
    exports = [name for name in names if _is_export(files, name)]
    return Ghost(files, options, exports) if exports else None


def _is_export(files: Files, name: str) -> bool:
    with files.open(name) as stream:
        head = stream.read(_HEAD).decode("utf-8", "replace")
    if not (_OBJECT.match(head) and _OURS.search(head)):
        return False
    if '"exported_on"' in head or '"posts_' in head or '"migrations"' in head:
        return True
    # Other programs have lists of posts, too.
    return bool(re.search(r"\"(?:html|mobiledoc|lexical|published_at)\"\s*:", head) and '"slug"' in head)


class Ghost:
    label = _("Ghost export")

    def __init__(self, files: Files, options: Options, names: list[str]):
        self.files, self.options, self.names = files, options, names

    @property
    def site(self) -> str:
        return self._sites[self.names[0]].address or self.files.name

    @cached_property
    def _sites(self) -> dict[str, Site]:
        """What each export says besides its posts; of a damaged one what comes before the damage."""
        sites = {}
        for name in self.names:
            site = sites[name] = Site()
            try:
                for table, row in self._rows(name):
                    site.add(table, row)
            except Refused as error:
                site.damage = str(error)
        return sites

    def _rows(self, name: str) -> Iterator[tuple[str, dict]]:
        with self.files.open(name) as stream:
            yield from Rows(stream)

    # --- posts ---

    def posts(self) -> Iterator[Post | Unread]:
        seen: dict[str, str] = {}
        for name in self.names:
            site = self._sites[name]
            try:
                for table, row in self._rows(name):
                    if table == "posts":
                        yield self._entry(row, site, seen)
            except Refused as error:
                yield Unread(
                    name, gettext("%(name)s: %(error)s; what comes before it came in") % {"name": name, "error": error}
                )
            yield from self._not_taken(name, site)
        yield from self._left_out()

    def _entry(self, row: dict, site: Site, seen: dict[str, str]) -> Post | Unread:
        address, row = as_row(row)
        post = self._post(row, address, site)
        if seen.get(post.key) == post.digest:
            return Unread(post.key, gettext("a post that is there twice"), is_loss=False)
        if post.key in seen:
            post.notes.add(Kind.ADDRESS, gettext("two posts of the source have the same number"))
            number = next(number for number in range(2, len(seen) + 3) if f"{post.key}-{number}" not in seen)
            post.key = f"{post.key}-{number}"
        seen[post.key] = post.digest
        return post

    def _post(self, row: dict, address: str, site: Site) -> Post:
        form, text = texts.form_of(row)
        post = Post(f"post-{row.get('id') or row.get('uuid') or row.get('slug') or ''}", "", "", text=text)
        fields.set_fields(post, row, site)
        if address and (path := urlsplit(address).path.strip("/")):
            post.old_addresses.append(f"/{path}")
        post.path = post.old_addresses[0] if post.old_addresses else ""
        post.to_markdown = partial(texts.to_markdown, form=form)
        known = [row, post.authors, post.categories, post.tags, site.meta.get(str(row.get("id")))]
        post.digest = sha256(json.dumps(known, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()
        return post

    def _not_taken(self, name: str, site: Site) -> Iterator[Unread]:
        if site.members:
            words = ngettext(
                "%(number)s member: accounts and subscriptions are not imported",
                "%(number)s members: accounts and subscriptions are not imported",
                site.members,
            )
            yield Unread(gettext("%(file)s: members") % {"file": name}, words % {"number": site.members})
        for table, number in site.orphans.items():
            words = ngettext(
                "%(number)s line of %(table)s is about posts, tags or users that are not there",
                "%(number)s lines of %(table)s are about posts, tags or users that are not there",
                number,
            )
            yield Unread(f"{name}: {table}", words % {"number": number, "table": table}, is_loss=False)

    def _left_out(self) -> Iterator[Unread]:
        for name in self.files.names:
            lowered = name.lower()
            if _MEMBERS.search(lowered):
                yield Unread(name, gettext("a list of members: accounts and subscriptions are not imported"))
            elif name not in self.names and lowered.endswith((".json", *_KNOWN)) and not self._is_of_redirects(name):
                yield Unread(name, gettext("a file beside the export that is none"), is_loss=False)
        for pattern, _target in self._redirects[1]:
            yield Unread(
                pattern, gettext("a redirect with a regular expression: write it into the configuration of the server")
            )

    # --- the rest ---

    def people(self) -> list[Person]:
        return list({person.name: person for site in self._sites.values() for person in site.people()}.values())

    def labels(self) -> list[Label]:
        labels = [label for site in self._sites.values() for label in site.labels()]
        return list({(label.kind, label.name): label for label in labels}.values())

    @cached_property
    def _redirects(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Plain ones, and those with regular expressions."""
        plain, patterns = [], []
        for name in filter(self._is_of_redirects, self.files.names):
            for old, new in redirecting.read(self.files, name):
                simple = redirecting.as_path(old)
                (plain if simple else patterns).append((simple or old, texts.local(new)))
        return plain, patterns

    def _is_of_redirects(self, name: str) -> bool:
        return PurePosixPath(name).name in _REDIRECTS

    def redirects(self) -> Iterator[tuple[str, str]]:
        yield "/rss/", "/feed.xml"
        yield from self._redirects[0]

    def media(self) -> list[str]:
        """The folders above "content"."""
        folders = set()
        for name in self.files.names:
            head, found, _ = f"/{name}".partition("/content/")
            if found:
                folders.add(f"{head}/".lstrip("/"))
            elif name.startswith("images/"):
                # Only the folder "content" was packed.
                folders.add("")
        return sorted(folders)
