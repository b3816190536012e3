"""Reads a folder, a zip or a file of texts as posts."""

import logging
from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ...options import Options
from ...records import Label, Person, Post, Unread
from . import heads, names, posts
from .sites import labels, redirects
from .source import Source

logger = logging.getLogger(__name__)


class MarkdownReader:
    label = _("Folder of Markdown, HTML or reStructuredText")

    def __init__(self, files: Files, options: Options):
        self.files = files
        self._source = Source(files, options)
        # Whom posts describe themselves, by name.
        self._described: dict[str, Person] | None = None
        # What posts are labelled with: what it is here, what it is there, the name; and their authors.
        self._used: set[tuple[str, str, str]] = set()
        self._authors: set[str] = set()

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
                found = Unread(path, gettext("cannot be read: %(problem)s") % {"problem": error.strerror})
            except RecursionError:
                found = Unread(path, gettext("nested too deeply"))
            except Exception as error:
                # A fault of ours costs one post, not the others.
                logger.exception("Reading %s", path)
                found = Unread(path, f"a fault of this program: {error!r}"[:300])
            if isinstance(found, Post):
                self._note(found)
            yield found
        self._described = described

    def _note(self, post: Post) -> None:
        self._authors.update(post.authors)
        self._used.update(
            ("tag" if place else "category", "category", name) for place, name in enumerate(post.categories)
        )
        self._used.update(("tag", "tag", name) for name in post.tags)

    def _know_posts(self) -> None:
        if self._described is None:
            for _ in self.posts():
                pass

    def people(self) -> list[Person]:
        """Those of files about authors, those whom posts describe, and those whom they name."""
        self._know_posts()
        by_name: dict[str, Person] = {}
        for person in [*self._source.people.values(), *(self._described or {}).values()]:
            by_name.setdefault(person.name, person)
        return labels.with_addresses(self._source.site, list(by_name.values()), self._authors)

    def labels(self) -> list[Label]:
        self._know_posts()
        return labels.labels(self._source.site, self._source.told, self._used)

    def redirects(self) -> Iterator[tuple[str, str]]:
        """Those that the site has itself."""
        pages = [path for path in self._source.texts if path.lower().endswith(tuple(names.HTML))]
        return redirects.of(self.files, pages)

    def media(self) -> list[str]:
        return self._source.site.media
