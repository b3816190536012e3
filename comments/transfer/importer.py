"""Imports comments from a file: each format reads records and makes an `Entry` of each, which is stored here.

A format is a module with `records(path)`, which raises `Unreadable` for a file that is not in this format, and
`entry(record)`, which raises ValueError for one that cannot be imported.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from hashlib import sha256
from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.models import Article
from publishing.models import Redirect
from publishing.paths import path_of
from publishing.text import lookalikes
from publishing.text.validators import validate_storable

from ..forms import BodyField, NameField
from ..mail import notify
from ..models import MAX_DEPTH, NOTE_LENGTH, Comment, CommentKind, RejectReason, Status, Thread
from ..models.draft import Draft
from ..moderation import decisions
from ..screening import checks

# The source of comments that were written here or on another site of this system.
SELF = "export"
# `Entry.external_id`: the source, the id there, and the time.
ORIGIN = re.compile(r"[a-z]{1,20}:[\w.-]{1,20}:-?[0-9]{1,20}", re.ASCII)
_OF_OURS = re.compile(rf"{SELF}:([0-9]{{1,18}}):-?[0-9]+")
_SLUG = re.compile(r"[-\w]{1,200}", re.ASCII)
_REPEATED_ID = "another comment of this file has the id {}"
# There were no comments on the Web before.
FIRST_YEAR = 1990
_SAME_NAME = (
    "external_id", "kind", "name", "body", "status", "reason", "note", "is_editorial", "created_at", "edited_at",
    "erased_at",
)  # fmt: skip
_note = forms.CharField(required=False, strip=False, max_length=NOTE_LENGTH, validators=[validate_storable])


class Unreadable(Exception):
    """The whole file cannot be imported; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One comment of another system, without anything that identifies its writer."""

    # What its article may be called here, the likeliest first.
    slugs: tuple[str, ...]
    name: str
    body: str
    created_at: datetime
    status: str
    # The other system and the comment's id there; without a source the id is valid in this file only.
    source: str = ""
    id: str = ""
    # The `external_id` that it had there.
    origin: str = ""
    # The id of the comment that it replies to.
    parent: str = ""
    kind: str = CommentKind.PLAIN
    # A `RejectReason`, or a sentence, which becomes the note.
    reason: str = ""
    note: str = ""
    is_editorial: bool = False
    is_pinned: bool = False
    decided_at: datetime | None = None
    edited_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def external_id(self) -> str:
        """What identifies it in the next import; with its time, since every site counts from 1."""
        if self.origin:
            return self.origin
        if not (self.source and self.id):
            return ""
        plain = re.fullmatch(r"[\w.-]{1,20}", self.id, re.ASCII)
        name = self.id if plain else sha256(self.id.encode("utf-8", "replace")).hexdigest()[:20]
        return f"{self.source}:{name}:{int(self.created_at.timestamp())}"


def parse_moment(value, zone: tzinfo | None = None) -> datetime:
    """A date and time from ISO 8601, or as YAML read it; in `zone` if it names none. Raises ValueError for all else."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or (timezone.is_naive(moment) and zone is None):
        raise ValueError(f"“{str(value)[:40]}” is not a date and time; write 2026-06-30T08:00:00Z")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment, zone)


def slugs_of(address: str) -> list[str]:
    """What an article at `address` may be called here: the end of its path, or of where that redirects to."""
    try:
        path = path_of(address.strip())
    except ValueError:
        return []
    moved = Redirect.objects.filter(old_path=path[:400]).values_list("new_path", flat=True) if "\0" not in path else []
    ends = [re.sub(r"\.html?$", "", found.rstrip("/").rpartition("/")[2]) for found in (*moved, path)]
    return [end for end in ends if end]


class Importer:
    """Imports the comments of a file, one transaction each, and counts them as created, unchanged or skipped.

    `report` is called with a sentence for every comment that is skipped or changed.
    """

    def __init__(self, report: Callable[[str], None], *, dry_run: bool = False):
        self.report, self.dry_run = report, dry_run
        self.counts = Counter()
        # By their slugs; None for those that do not exist.
        self._articles = {}
        # The numbers of stored comments by article and id in the file; None in a dry run.
        self._keys = {}

    def import_file(self, file_format, path: Path) -> None:
        """Import `path`. Raises `Unreadable`, with nothing imported, for a file that cannot be read to its end."""
        for _ in file_format.records(path):
            pass
        # Replies that come before their parents wait until the end, by the same keys.
        early, unknown = {}, Counter()
        for number, record in enumerate(file_format.records(path), 1):
            try:
                entry = file_format.entry(record)
            except ValueError as error:
                self._skip(number, error)
                continue
            article = self._article(entry)
            if article is None:
                unknown[" or ".join(dict.fromkeys(entry.slugs)) or "(no slug)"] += 1
            elif not entry.parent or (article.pk, entry.parent) in self._keys:
                self._import(number, article, entry)
            elif (key := (article.pk, entry.id or f"#{number}")) in early:
                self._skip(number, _REPEATED_ID.format(entry.id[:40]))
            else:
                early[key] = number, article, entry
        self._import_early(early)
        self.counts["skipped"] += unknown.total()
        for slug, number in unknown.items():
            self.report(f"No article {slug[:200]}: {number} comment{'s' * (number > 1)} skipped")
        if not self.dry_run and self.counts["waiting"]:
            notify.schedule_digest()

    def _import_early(self, early):
        """Import each after its parent. In a circle, and without a parent here, the first one replies to nothing."""
        for key in list(early):
            chain = {}
            while key in early and key not in chain:
                chain[key] = True
                key = (key[0], early[key][2].parent)
            for waiting in reversed(chain):
                self._import(*early.pop(waiting))

    def _skip(self, number, why):
        self.counts["skipped"] += 1
        self.report(f"Comment {number} skipped: {why}")

    def _import(self, number, article, entry):
        key, parent = (article.pk, entry.id), (article.pk, entry.parent)
        if entry.id and key in self._keys:
            return self._skip(number, _REPEATED_ID.format(entry.id[:40]))
        try:
            entry = checked(entry)
            comment = self._existing(article, entry)
            self.counts["unchanged" if comment else "created"] += 1
            if not comment:
                if entry.parent and parent not in self._keys:
                    self.report(f"Comment {number}: no comment {entry.parent[:40]} to reply to, so it is top-level now")
                self.counts["waiting"] += entry.status == Status.PENDING
                comment = None if self.dry_run else store(article, entry, self._keys.get(parent))
        except ValidationError as error:
            return self._skip(number, " ".join(error.messages))
        except ValueError as error:
            return self._skip(number, error)
        if entry.id:
            self._keys[key] = comment and comment.pk

    def _existing(self, article, entry):
        """The comment that was imported before, or that was exported from here; also if it was erased since."""
        rows = Comment.objects.filter(article=article)
        if entry.external_id:
            # The second condition is that of the index: without it SQLite reads the whole thread.
            named = rows.filter(external_id=entry.external_id).exclude(external_id="")
            if imported := named.first():
                return imported
        unnamed = rows.filter(created_at=entry.created_at, external_id="")
        # One that was written here has no such id, but its number is in the export, even that of another site.
        ours = _OF_OURS.fullmatch(entry.external_id)
        if ours and (written := unnamed.filter(pk=int(ours[1])).first()):
            return written
        return unnamed.filter(Q(name=entry.name) | Q(erased_at__isnull=False)).first()

    def _article(self, entry):
        if entry.slugs not in self._articles:
            found = Article.objects.in_bulk(filter(_SLUG.fullmatch, entry.slugs), field_name="slug")
            self._articles[entry.slugs] = next((found[slug] for slug in entry.slugs if slug in found), None)
        return self._articles[entry.slugs]


def checked(entry: Entry) -> Entry:
    """The entry with its texts as they are stored. Raises ValueError or ValidationError for what no comment can be."""
    moments = [moment for moment in (entry.created_at, entry.decided_at, entry.edited_at, entry.erased_at) if moment]
    if max(moments) > timezone.now():
        raise ValueError("its date is in the future")
    if min(moments).year < FIRST_YEAR:
        raise ValueError(f"its date is before {FIRST_YEAR}")
    for value, what, choices in ((entry.status, "state", Status), (entry.kind, "kind", CommentKind)):
        if value not in choices.values:
            raise ValueError(f"“{value[:40]}” is not a {what}; write one of {', '.join(choices.values)}")
    reason, note = entry.reason, entry.note
    if entry.status != Status.REJECTED:
        reason = note = ""
    elif reason not in RejectReason.values:
        reason, note = RejectReason.OTHER, note or reason
    if entry.erased_at:
        return replace(entry, name="", body="", reason=reason, note="")
    name, body = NameField().clean(entry.name), BodyField().clean(entry.body)
    return replace(entry, name=name, body=body, reason=reason, note=_note.clean(note))


def store(article, entry: Entry, parent: int | None = None) -> Comment:
    """Store a checked entry with the state and the dates that it had, below the comment with the number `parent`.

    Below the deepest level it becomes a reply to the parent's parent. A waiting one is screened. Eight queries.
    """
    with transaction.atomic():
        Thread.stored(article)
        above = Comment.objects.select_related("parent").get(pk=parent) if parent else None
        comment = Comment(
            article=article, parent=above.parent if above and above.depth == MAX_DEPTH else above,
            text_key=lookalikes.text_key(entry.body) if entry.body else "",
            decided_at=None if entry.status == Status.PENDING else entry.decided_at or entry.created_at,
            is_visible=entry.status == Status.APPROVED, **{name: getattr(entry, name) for name in _SAME_NAME},
        )  # fmt: skip
        if entry.status == Status.PENDING:
            checks.attach(comment, checks.screen(Draft(entry.name, entry.body, entry.kind), []))
        decisions.insert(comment)
        if entry.is_pinned and comment.may_be_pinned:
            decisions.pin(comment)
    return comment
