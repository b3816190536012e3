"""Reads a folder, a zip or a file of texts as posts."""

from collections.abc import Iterator

from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ...options import Options
from ...records import Label, Person, Post, Unread
from . import formats, heads, names, posts
from .source import Source


class MarkdownReader:
    label = "Folder of Markdown, HTML or reStructuredText"

    def __init__(self, files: Files, options: Options):
        self.files = files
        self._source = Source(files, options)
        # Whom posts describe themselves, by name.
        self._described: dict[str, Person] | None = None

    @property
    def site(self) -> str:
        return self._source.name

    def posts(self) -> Iterator[Post | Unread]:
        described: dict[str, Person] = {}
        for path in self.files.names:
            if reason := names.no_post(path):
                yield Unread(path, *reason)
                continue
            try:
                found = posts.read(self._source, path, described)
            except (Refused, heads.Broken) as error:
                found = Unread(path, str(error))
            except OSError as error:
                found = Unread(path, f"cannot be read: {error.strerror}")
            except RecursionError:
                found = Unread(path, "nested too deeply")
            yield found
        self._described = described

    def people(self) -> list[Person]:
        """Those of files about authors, then those whom posts describe."""
        if self._described is None:
            for _ in self.posts():
                pass
        by_name: dict[str, Person] = {}
        for person in [*self._source.people.values(), *(self._described or {}).values()]:
            by_name.setdefault(person.name, person)
        return list(by_name.values())

    def labels(self) -> list[Label]:
        return []

    def redirects(self) -> Iterator[tuple[str, str]]:
        """Of pages of HTML that only lead to another one."""
        for path in self._source.texts:
            if path.lower().endswith(tuple(names.HTML)) and (target := formats.html_page.target_of(self.files, path)):
                yield f"/{path.removesuffix('index.html')}", target

    def media(self) -> list[str]:
        return self._source.site.media
