"""An import from its beginning to its end: two passes over a source, one transaction a post."""

import errno
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction

from publishing.text.validators import sentences
from publishing.transfer.files import Files, open_source
from publishing.transfer.notes import Kind, Outcome, Refused, Result, Summary
from publishing.web import redirects

from . import following
from .options import Options
from .readers import reader_of
from .records import ARTICLE, Post, Unread
from .writing import articles, pages
from .writing.labels import Labels
from .writing.places import MODELS, Place, Places
from .writing.texts import prose, title_and_body

logger = logging.getLogger(__name__)


class Import:
    """Imports a source. `outcomes` yields what became of each post; `summary` counts them.

    Raises Refused if nothing in it can be imported. A dry run does the same work in the same transactions and rolls
    each of them back; no file is written.
    """

    def __init__(self, path: Path, options: Options):
        self.options, self.summary = options, Summary()
        self.files: Files = open_source(path)
        self.reader = reader_of(self.files, options)
        self._told: list[Outcome] = []
        # From the key of each post, and each of its old addresses, to the primary key of its article. In a dry run
        # that of an article that would be created is negative.
        self.articles: dict[str, int] = {}

    def prepare(self) -> int:
        """The first pass: read what posts there are, and give each its place. Returns their number."""
        # Without texts: what is kept of each is small.
        posts = [replace(post, text="") for post in self.reader.posts() if isinstance(post, Post)]
        self._places, self._labels = Places(self.reader.site, posts), Labels(self.reader)
        return len(posts)

    def outcomes(self) -> Iterator[Outcome]:
        """The second pass. Call `prepare` first. Raises Refused if there is no space left; what came in stays."""
        for note in self.files.notes:
            yield self._counted(Outcome(self.files.name, Result.SKIPPED, note.text))
        seen = set()
        for post in self.reader.posts():
            if isinstance(post, Unread):
                if post.is_loss:
                    yield self._counted(Outcome(post.key, Result.SKIPPED, post.reason))
                else:
                    self.summary.others[post.reason] += 1
            elif post.key in seen:
                yield self._counted(Outcome(post.key, Result.SKIPPED, "the source has another post with this key"))
            else:
                seen.add(post.key)
                yield self._counted(self._outcome(post))
        if not self.options.dry_run:
            self._redirect_labels()
        following.follow(self)
        yield from map(self._counted, self._told)

    def tell(self, outcome: Outcome) -> None:
        """Of what comes after the posts."""
        self._told.append(outcome)

    def _counted(self, outcome: Outcome) -> Outcome:
        self.summary.count(outcome)
        return outcome

    def _outcome(self, post: Post) -> Outcome:
        place = self._places.of.get(post.key)
        if place is None:
            # It has come since the first pass.
            place = self._places.of[post.key] = self._places.new(post)
        pk = place.pk
        try:
            result = self._written(post, place)
        except Refused as error:
            return Outcome(post.key, Result.SKIPPED, str(error), post.notes)
        except ValidationError as error:
            return Outcome(post.key, Result.SKIPPED, " ".join(sentences(error)), post.notes)
        except (OSError, OperationalError) as error:
            if getattr(error, "errno", None) == errno.ENOSPC or "full" in str(error):
                raise Refused(f"There is no space left: {error}") from error
            raise
        except Exception as error:
            # A fault of ours costs one post, not the others.
            logger.exception("Import of %s", post.key)
            return Outcome(post.key, Result.SKIPPED, f"a fault of this program: {error!r}"[:300], post.notes)
        finally:
            self._labels.forget()
            if self.options.dry_run:
                place.pk = pk
        if place.kind == ARTICLE:
            key = place.pk or -len(self.articles) - 1
            self.articles |= dict.fromkeys([post.key, *post.old_addresses], key)
        return Outcome(post.key, result, "", post.notes, place.address)

    def _written(self, post: Post, place: Place) -> Result:
        if place.source in self._places.trashed:
            post.notes.add(Kind.STATUS, "lies in the trash here, and stays there")
            return Result.UNCHANGED
        if place.pk and self._is_stored(place, post.digest):
            return Result.UNCHANGED
        place.tell(post)
        post.title, body = title_and_body(post.title, post.to_markdown(post))
        body = prose(body, post.notes).strip() + "\n"
        if not post.categories:
            post.categories = [self.options.category]
        with transaction.atomic():
            if place.kind == ARTICLE:
                result = articles.store(post, place, body, None, self._labels, overwrite=self.options.overwrite)
            else:
                result = pages.store(post, place, body, overwrite=self.options.overwrite)
            _redirect(post, place)
            if self.options.dry_run:
                transaction.set_rollback(True)
        if not self.options.dry_run:
            self._labels.keep()
        return result

    def _is_stored(self, place: Place, digest: str) -> bool:
        """Whether the source has not changed since it was imported."""
        rows = MODELS[place.kind].objects.filter(pk=place.pk)
        return rows.values_list("source_digest", flat=True).first() == digest

    def _redirect_labels(self) -> None:
        for row, addresses in self._labels.with_old_addresses():
            with transaction.atomic():
                for address in addresses:
                    _leave(address, row.get_absolute_url())


def _redirect(post: Post, place: Place) -> None:
    for address in dict.fromkeys(filter(None, post.old_addresses)):
        if problem := _leave(address, place.address):
            post.notes.lose(Kind.ADDRESS, f"no redirect: {problem}")


def _leave(old: str, new: str) -> str:
    """Redirect an address; returns why it cannot be."""
    try:
        redirects.leave(old, new)
    except ValueError as error:
        return str(error)
    return ""
