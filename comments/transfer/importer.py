"""Comments on their way in: what the readers of each format hand over, and how that becomes a thread here."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import wraps
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.models import Article
from publishing.models import Redirect
from publishing.paths import path_of
from publishing.text import lookalikes
from publishing.text.validators import validate_storable

from ..forms import BodyField, NameField, ReaderField
from ..mail import notify
from ..models import MAX_DEPTH, NOTE_LENGTH, Comment, CommentKind, RejectReason, Status, Thread
from ..models.draft import Draft
from ..moderation import decisions
from ..screening import checks

# What a comment is called that comes from an export of this system and was written there.
SELF = "export"
# How `Entry.external_id` looks: the system, what it is called there, and its moment.
ORIGIN = re.compile(r"[a-z]{1,20}:[\w.-]{1,20}:-?[0-9]{1,20}", re.ASCII)
_OF_OURS = re.compile(rf"{SELF}:([0-9]{{1,18}}):-?[0-9]+")
_SLUG = re.compile(r"[-\w]{1,200}", re.ASCII)
_CALLED_THE_SAME = "another one of this file is called {}"
# There were no comments on the Web before there was one.
FIRST_YEAR = 1990


class NoteField(ReaderField):
    """What a moderator wrote to the writer of a rejected comment."""

    rules = (validate_storable, MaxLengthValidator(NOTE_LENGTH))

    def __init__(self):
        super().__init__(required=False)


@dataclass(frozen=True)
class Entry:
    """One comment as another system kept it. Nothing in here says where its writer is or how to reach them."""

    # Its place in the file, from 1.
    number: int
    # What its article may be called here, the likeliest first.
    slugs: tuple[str, ...]
    name: str
    body: str
    created_at: datetime
    status: str
    # Which system it comes from, and what it is called there; without a system the name lasts for this file only.
    source: str = ""
    id: str = ""
    # What it was recognised by there, if that system had it from yet another one.
    origin: str = ""
    # The id of the comment that it answers.
    parent: str = ""
    kind: str = CommentKind.PLAIN
    reason: str = ""
    note: str = ""
    is_editorial: bool = False
    is_pinned: bool = False
    decided_at: datetime | None = None
    edited_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def external_id(self) -> str:
        """What it is recognised by when it comes again, by whatever way; with its moment, since every site counts
        from 1."""
        if self.origin:
            return self.origin
        if not (self.source and self.id):
            return ""
        plain = re.fullmatch(r"[\w.-]{1,20}", self.id, re.ASCII)
        name = self.id if plain else sha256(self.id.encode("utf-8", "replace")).hexdigest()[:20]
        return f"{self.source}:{name}:{int(self.created_at.timestamp())}"


@dataclass(frozen=True)
class BadEntry:
    """A comment that its reader could not make out."""

    number: int
    why: str


def or_bad_entry(read: Callable) -> Callable:
    """Decorate a function that reads the comment with a number, so that it returns a `BadEntry` for a ValueError."""

    @wraps(read)
    def safe(number, *args):
        try:
            return read(number, *args)
        except ValueError as error:
            return BadEntry(number, str(error))

    return safe


@dataclass(frozen=True)
class Place:
    """Where a comment of the file stands here."""

    pk: int | None
    depth: int = 1
    # The place of the comment that it answers.
    above: "Place | None" = None


def parse_moment(value, zone: tzinfo | None = None) -> datetime:
    """A date and time from ISO 8601, or as YAML read it; in `zone` if it names none. Raises ValueError for all else."""
    try:
        found = parse_datetime(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, datetime) or (timezone.is_naive(found) and zone is None):
        raise ValueError(f"“{str(value)[:40]}” is not a date and time; write 2026-06-30T08:00:00Z")
    return found if timezone.is_aware(found) else timezone.make_aware(found, zone)


def slugs_of(address: str) -> list[str]:
    """What an article may be called here that was `address` elsewhere: the end of its path, or of where that leads."""
    try:
        path = path_of(address.strip())
    except ValueError:
        return []
    moved = Redirect.objects.filter(old_path=path[:400]).values_list("new_path", flat=True) if "\0" not in path else []
    ends = [re.sub(r"\.html?$", "", found.rstrip("/").rpartition("/")[2]) for found in (*moved, path)]
    return [end for end in ends if end]


class Importer:
    """Takes the comments of one file in, each in a transaction of its own, and counts what became of them.

    `tell` is called with a sentence for every comment that stays out, or comes in otherwise than it was.
    """

    def __init__(self, tell: Callable[[str], None], *, dry_run: bool = False):
        self.tell, self.dry_run = tell, dry_run
        self.counts = Counter()
        self._articles: dict[tuple, Article | None] = {}
        self._places: dict[tuple[int, str], Place] = {}
        self._unknown = Counter()

    def take_all(self, entries: Iterable[Entry | BadEntry]) -> None:
        """Take in what `entries` holds. What comes before the comment that it answers is kept until the end."""
        early: dict[tuple[int, str], tuple[Article, Entry]] = {}
        for entry in entries:
            if isinstance(entry, BadEntry):
                self._skip(entry, entry.why)
                continue
            article = self._article(entry)
            if article is None:
                self._unknown[" or ".join(dict.fromkeys(entry.slugs)) or "without a name"] += 1
                self.counts["skipped"] += 1
            elif entry.parent and (article.pk, entry.parent) not in self._places:
                key = (article.pk, entry.id or f"#{entry.number}")
                if key in early:
                    self._skip(entry, _CALLED_THE_SAME.format(entry.id[:40]))
                early.setdefault(key, (article, entry))
            else:
                self._take(article, entry)
        self._take_early(early)
        for slug, number in self._unknown.items():
            self.tell(f"Article {slug[:200]} is not here: {number} comment{'s' * (number > 1)} skipped")
        if not self.dry_run and self.counts["waiting"]:
            notify.schedule_digest()

    def _take_early(self, early):
        """Each after what it answers. In a circle, and under what is not here, the first one answers nothing."""
        for key in list(early):
            chain, seen = [], set()
            while key in early and key not in seen:
                seen.add(key)
                chain.append(key)
                key = (key[0], early[key][1].parent)
            for key in reversed(chain):
                self._take(*early.pop(key))

    def _take(self, article, entry):
        try:
            self.counts[self._store(article, entry)] += 1
        except ValidationError as error:
            self._skip(entry, " ".join(error.messages))
        except ValueError as error:
            self._skip(entry, str(error))

    def _skip(self, entry, why):
        self.counts["skipped"] += 1
        self.tell(f"Comment {entry.number} skipped: {why}")

    def _store(self, article, entry):
        """Store one comment; returns "created" or "unchanged". Raises ValueError for one that cannot be here."""
        key = (article.pk, entry.id)
        if entry.id and key in self._places:
            raise ValueError(_CALLED_THE_SAME.format(entry.id[:40]))
        entry = checked(entry)
        if existing := self._existing(article, entry):
            above = Place(existing.parent_id, existing.depth - 1) if existing.parent_id else None
            self._remember(key, Place(existing.pk, existing.depth, above))
            return "unchanged"
        above = self._places.get((article.pk, entry.parent)) if entry.parent else None
        if entry.parent and above is None:
            self.tell(f"Comment {entry.number} answers {entry.parent[:40]}, which is not here: it answers nobody now")
        if above and above.depth == MAX_DEPTH:
            above = above.above
        comment = Comment(depth=above.depth + 1 if above else 1)
        if not self.dry_run:
            comment = import_comment(
                article, entry.name, entry.body, entry.created_at, entry.status, entry.reason, entry.note,
                parent=Comment(pk=above.pk) if above else None, kind=entry.kind, is_editorial=entry.is_editorial,
                external_id=entry.external_id, decided_at=entry.decided_at, edited_at=entry.edited_at,
                erased_at=entry.erased_at,
            )  # fmt: skip
            if entry.is_pinned and comment.may_be_pinned:
                decisions.pin(comment)
        self._remember(key, Place(comment.pk, comment.depth, above))
        self.counts["waiting"] += entry.status == Status.PENDING
        return "created"

    def _remember(self, key, place):
        if key[1]:
            self._places[key] = place

    def _existing(self, article, entry):
        """The comment that was taken in before, or is the very one that was exported; also when it was erased since."""
        rows = Comment.objects.filter(article=article)
        if entry.external_id:
            # The second condition is that of the index: without it SQLite reads the whole thread.
            named = rows.filter(external_id=entry.external_id).exclude(external_id="")
            if known := named.order_by("pk").first():
                return known
        # What was written here has no such name, but its number is in the export, also in that of a site that had it
        # from here.
        if ours := _OF_OURS.fullmatch(entry.external_id):
            written = rows.filter(pk=int(ours[1]), created_at=entry.created_at, external_id="")
            if known := written.first():
                return known
        same = Q(name=entry.name) | Q(erased_at__isnull=False)
        return rows.filter(same, created_at=entry.created_at, external_id="").order_by("pk").first()

    def _article(self, entry):
        if entry.slugs not in self._articles:
            found = Article.objects.in_bulk(filter(_SLUG.fullmatch, entry.slugs), field_name="slug")
            self._articles[entry.slugs] = next((found[slug] for slug in entry.slugs if slug in found), None)
        return self._articles[entry.slugs]


def checked(entry: Entry) -> Entry:
    """The entry with its texts as they would be stored. Raises ValueError or ValidationError for what no comment here
    can be."""
    moments = [moment for moment in (entry.created_at, entry.decided_at, entry.edited_at, entry.erased_at) if moment]
    if any(moment > timezone.now() for moment in moments):
        raise ValueError("its date is in the future")
    if any(moment.year < FIRST_YEAR for moment in moments):
        raise ValueError(f"its date is before {FIRST_YEAR}")
    if entry.status not in Status.values:
        raise ValueError(f"“{entry.status[:40]}” is not a state; write one of {', '.join(Status.values)}")
    if entry.kind not in CommentKind.values:
        raise ValueError(f"“{entry.kind[:40]}” is not a kind; write one of {', '.join(CommentKind.values)}")
    if entry.erased_at:
        return replace(entry, name="", body="", note="")
    if not entry.body:
        raise ValueError("it says nothing")
    entry = replace(entry, name=NameField().clean(entry.name), body=BodyField().clean(entry.body))
    if entry.status != Status.REJECTED:
        return replace(entry, reason="", note="")
    known = entry.reason in RejectReason.values
    return replace(
        entry,
        reason=entry.reason if known else RejectReason.OTHER,
        note=NoteField().clean(entry.note or ("" if known else entry.reason)),
    )


def import_comment(
    article, name: str, body: str, created_at: datetime, status: str = Status.APPROVED, reason: str = "",
    note: str = "", *, parent: Comment | None = None, kind: str = CommentKind.PLAIN, is_editorial: bool = False,
    external_id: str = "", decided_at: datetime | None = None, edited_at: datetime | None = None,
    erased_at: datetime | None = None,
) -> Comment:  # fmt: skip
    """Store a comment from elsewhere as of `created_at`, in the state it had there, recorded and counted. One that
    waits is screened for the moderators' sake.

    A rejection's `reason` is a `RejectReason`, or a sentence of one's own, which becomes the note. One that was
    erased there comes without name and body. Raises ValidationError for a name or body that no reader could send.
    About seven queries.
    """
    if status == Status.REJECTED and reason not in RejectReason.values:
        reason, note = RejectReason.OTHER, note or reason
    name, body = ("", "") if erased_at else (NameField().clean(name), BodyField().clean(body))
    with transaction.atomic():
        Thread.stored(article)
        comment = Comment(
            article=article, parent=parent, kind=kind, name=name, body=body, is_editorial=is_editorial, status=status,
            reason=reason, note=note, text_key="" if erased_at else lookalikes.text_key(body), created_at=created_at,
            decided_at=None if status == Status.PENDING else decided_at or created_at, edited_at=edited_at,
            erased_at=erased_at, external_id=external_id,
            is_visible=status == Status.APPROVED,
        )  # fmt: skip
        if status == Status.PENDING:
            checks.attach(comment, checks.screen(Draft(name, body, kind), []))
        decisions.insert(comment)
    return comment
