"""An import from its beginning to its end: two passes over a source, one transaction a post."""

import errno
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext

from publishing.database.sharing import Turns
from publishing.text.validators import sentences
from publishing.transfer.files import Files, open_source
from publishing.transfer.notes import Kind, Outcome, Refused, Result, Summary
from publishing.web import redirects

from ..models import Article
from ..models.related import Refilling
from . import following
from .links import Addresses, rewrite
from .options import Options
from .pictures import Finder, Pictures, Prepared, portraits, prepare
from .readers import reader_of
from .records import ARTICLE, PAGE, Post, Unread
from .writing import articles, creating, pages
from .writing.labels import Labels
from .writing.places import MODELS, Place, Places, is_same
from .writing.texts import prose, title_and_body

logger = logging.getLogger(__name__)

# New articles of one transaction: others wait for it, a fifth of a second on SQLite.
AT_ONCE = 10
# Where other systems have their feeds: below the root and below each list; and those of all posts elsewhere.
FEEDS = ("feed", "feed/atom", "rss", "rss.xml", "index.xml")
SITE_FEEDS = (
    *("blog/rss.xml", "blog/feed.xml", "blog/atom.xml", "blog/index.xml", "posts/index.xml"),
    *("feeds/all.atom.xml", "feeds/all.rss.xml", "feed.rss", "feed_rss_created.xml"),
)
RELATED_AT_ONCE = 20


@dataclass
class _Waiting:
    """A post on its way: where it goes, its text and pictures, and at last what became of it."""

    post: Post
    place: Place
    prepared: Prepared | None = None
    outcome: Outcome | None = None

    def __post_init__(self):
        self.is_new = self.place.kind == ARTICLE and self.place.pk is None


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
        self._created: set[int] = set()
        self._is_stopped = False
        self._turns = Turns()
        # From the key of each post, its old addresses and the new one to the primary key of its article. In a dry run
        # that of an article that would be created is negative.
        self.articles: dict[str, int] = {}

    def prepare(self) -> int:
        """The first pass: read what posts there are, and give each its place. Returns their number."""
        # Without texts: what is kept of each is small.
        posts = [replace(post, text="") for post in self.reader.posts() if isinstance(post, Post)]
        self._places, self._labels = Places(self.reader.site, posts), Labels(self.reader)
        finder = Finder(self.reader, self.options)
        self._pictures, self._addresses = Pictures(finder, self.options), Addresses(finder)
        for post in posts:
            self._addresses.add(post, self._places.of[post.key].address)
        for kind, told, slug, address in self._labels.to_come():
            self._addresses.add_label(kind, told, slug, address)
        for old, new in self.reader.redirects():
            self._addresses.add_redirect(old, new)
        return len(posts)

    def outcomes(self) -> Iterator[Outcome]:
        """The second pass. Call `prepare` first. Raises Refused if there is no space left; what came in stays."""
        for outcome in chain(self._of_files(), self._of_posts()):
            self.summary.count(outcome)
            yield outcome
        if not self.options.dry_run:
            self._finish()
        self._give_faces()
        following.follow(self)
        for outcome in self._told:
            self.summary.count(outcome)
            yield outcome

    def _of_files(self) -> Iterator[Outcome]:
        for note in self.files.notes:
            if note.is_loss:
                yield Outcome(self.files.name, Result.SKIPPED, note.text)
            else:
                self.summary.others[note.text] += 1

    def _of_posts(self) -> Iterator[Outcome]:
        """New articles are stored several at once, so what is told comes after a few posts."""
        seen, waiting = set(), []
        with ExitStack() as files:
            for post in self.reader.posts():
                if self._is_stopped:
                    break
                if isinstance(post, Unread) or post.key in seen:
                    yield from self._unread(post)
                    continue
                seen.add(post.key)
                one = _Waiting(post, self._place(post))
                one.outcome = self._guarded(one, self._converted)
                if one.prepared:
                    files.enter_context(one.prepared)
                waiting.append(one)
                pictures = sum(len(other.prepared.new) for other in waiting if other.prepared)
                if len(waiting) == AT_ONCE or pictures >= AT_ONCE:
                    yield from self._written(waiting)
                    waiting = []
                    files.close()
            yield from self._written(waiting)

    def _place(self, post: Post) -> Place:
        if post.key not in self._places.of:
            # It has come since the first pass.
            self._places.of[post.key] = self._places.new(post)
        return self._places.of[post.key]

    def _unread(self, post: Post | Unread) -> Iterator[Outcome]:
        if isinstance(post, Post):
            yield Outcome(post.key, Result.SKIPPED, gettext("the source has another post with this key"))
        elif post.is_loss:
            yield Outcome(post.key, Result.SKIPPED, post.reason)
        else:
            self.summary.others[post.reason] += 1

    def stop(self) -> None:
        """No more posts are read. What came in gets what belongs to the end."""
        self._is_stopped = True

    def tell(self, outcome: Outcome) -> None:
        """Of what comes after the posts."""
        outcome.is_post = False
        self._told.append(outcome)

    def _written(self, several: list["_Waiting"]) -> Iterator[Outcome]:
        """Store those that are new in one transaction; if it fails, each in its own."""
        new = [one for one in several if one.outcome is None and one.is_new]
        if len(new) > 1 and self._guarded_all(new):
            for one in new:
                one.outcome = self._told_of(one, Result.CREATED)
        for one in several:
            if one.outcome is None:
                one.outcome = self._guarded(one, self._store)
            if one.outcome.result in (Result.CREATED, Result.UPDATED):
                self.summary.keys.update(one.post.extra.keys())
            if self.options.dry_run and one.is_new:
                one.place.pk = None
            if one.place.kind == ARTICLE and one.outcome.result != Result.SKIPPED:
                key = one.place.pk or -len(self.articles) - 1
                self.articles |= dict.fromkeys([one.post.key, *one.post.old_addresses, one.place.address], key)
            yield one.outcome

    def _converted(self, one: "_Waiting") -> Outcome | None:
        """Do all that needs no transaction. The outcome of what need not be stored, else None."""
        post, place = one.post, one.place
        if place.source in self._places.trashed:
            post.notes.add(Kind.STATUS, gettext("lies in the trash here, and stays there"))
            return self._told_of(one, Result.UNCHANGED)
        if place.pk and self._is_stored(place, post.digest):
            return self._told_of(one, Result.UNCHANGED)
        place.tell(post)
        post.title, body = title_and_body(post.title, post.to_markdown(post))
        body = prose(body, post.notes).strip() + "\n"
        one.prepared = prepare(self._pictures, post, body, post.cover, post.notes)
        one.prepared.body = rewrite(one.prepared.body, post, self._addresses, post.notes)
        if not post.categories:
            post.categories = [self.options.category]
        return None

    def _store(self, one: "_Waiting") -> Outcome:
        post, place, overwrite = one.post, one.place, self.options.overwrite
        with self._transaction():
            if place.kind == PAGE:
                body, _ = one.prepared.stored()
                result = pages.store(post, place, body, overwrite=overwrite)
            elif place.pk:
                body, cover = one.prepared.stored()
                result = articles.update(post, place, body, cover, self._labels, overwrite=overwrite)
            else:
                self._create([one])
                result = Result.CREATED
            _redirect(post, place)
        return self._told_of(one, result)

    def _create(self, several: list["_Waiting"]) -> None:
        new = [articles.new(one.post, one.place, *one.prepared.stored(), self._labels) for one in several]
        creating.store(new, articles.NOTE)
        for one, made in zip(several, new, strict=True):
            one.place.pk = made.article.pk
        self._created |= {one.place.pk for one in several}

    def _guarded_all(self, new: list["_Waiting"]) -> bool:
        """Whether all could be stored at once. If not, nothing is, and nothing is told."""
        notes = [list(one.post.notes) for one in new]
        try:
            with self._transaction():
                self._create(new)
                for one in new:
                    _redirect(one.post, one.place)
        except Exception:  # noqa: BLE001 - each is tried alone, and told then
            for one, before in zip(new, notes, strict=True):
                one.post.notes[:], one.place.pk = before, None
            return False
        finally:
            self._labels.forget()
        return True

    @contextmanager
    def _transaction(self):
        """In a dry run it is rolled back."""
        with self._turns.transaction():
            yield
            if self.options.dry_run:
                transaction.set_rollback(True)
        if not self.options.dry_run:
            self._labels.keep()

    def _guarded(self, one: "_Waiting", work) -> Outcome | None:
        """What `work` returns, or what it raised as an outcome. Raises Refused if there is no space left."""
        try:
            return work(one)
        except Refused as error:
            reason = str(error)
        except ValidationError as error:
            reason = " ".join(sentences(error))
        except IntegrityError:
            reason = gettext("its address, or its place in the series, was taken while it was imported")
        except Exception as error:
            if getattr(error, "errno", None) == errno.ENOSPC or "disk is full" in str(error):
                raise Refused(gettext("There is no space left: %(error)s") % {"error": error}) from error
            # A fault of ours costs one post, not the others.
            logger.exception("Import of %s", one.post.key)
            reason = f"a fault of this program: {error!r}"[:300]
        finally:
            self._labels.forget()
        return Outcome(one.post.key, Result.SKIPPED, reason, one.post.notes)

    def _told_of(self, one: "_Waiting", result: Result) -> Outcome:
        return Outcome(one.post.key, result, "", one.post.notes, one.place.address)

    def _is_stored(self, place: Place, digest: str) -> bool:
        """Whether the source has not changed since it was imported."""
        rows = MODELS[place.kind].objects.filter(pk=place.pk)
        stored = rows.values_list("source_digest", flat=True).first()
        return is_same(stored, digest, fetch=self.options.fetch)

    def _give_faces(self) -> None:
        for author, person in self._labels.with_pictures():
            if notes := portraits.give(author, person, self._pictures):
                self.tell(Outcome(person.name, Result.UNCHANGED, notes=notes))

    def _finish(self) -> None:
        """What depends on all articles: what is related to each, and the old addresses of lists."""
        keys, related = sorted(self._created), Refilling(Article)
        for start in range(0, len(keys), RELATED_AT_ONCE):
            with self._turns.transaction():
                related.refill(keys[start : start + RELATED_AT_ONCE])
        for old, new in self._old_lists():
            with self._turns.transaction():
                _leave(old, new)

    def _old_lists(self) -> Iterator[tuple[str, str]]:
        """Old and new addresses of feeds, of labels with their feeds, and of what the old site itself redirected."""
        for name in (*FEEDS, *SITE_FEEDS):
            yield f"/{name}", reverse("articles:rss")
        for row, addresses in self._labels.with_old_addresses():
            for address in addresses:
                yield address, row.get_absolute_url()
                for name in FEEDS:
                    yield (
                        f"{address.rstrip('/')}/{name}",
                        reverse(f"articles:{row._meta.model_name}-feed", args=[row.slug]),
                    )
        root = Post(key="", digest="", path="")
        for old, new in self.reader.redirects():
            if isinstance(target := self._addresses.find(new, root), str):
                yield old, target


def _redirect(post: Post, place: Place) -> None:
    for address in dict.fromkeys(filter(None, post.old_addresses)):
        if problem := _leave(address, place.address):
            post.notes.lose(Kind.ADDRESS, gettext("no redirect: %(problem)s") % {"problem": problem})


def _leave(old: str, new: str) -> str:
    """Redirect an address; returns why it cannot be."""
    try:
        redirects.leave(old, new)
    except ValueError as error:
        return str(error)
    return ""
