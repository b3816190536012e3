"""Imports comments from a file: each format reads records and makes an `Entry` of each, which is stored here.

A format is a module with `records(files, name, tell)`, which raises Refused for a file that is not in this format, or
where it breaks off, and `entry(record)`, which raises ValueError for one that cannot be imported, LeftOut for one that
is not meant to be. A file is read twice: deleted comments keep their place if an answer needs it.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from hashlib import sha256

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.text import lookalikes
from publishing.text.validators import validate_storable
from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ..forms import BodyField, NameField, validate_body_length
from ..mail import notify
from ..models import IMPORTED_LENGTH, MAX_DEPTH, NOTE_LENGTH, Comment, CommentKind, RejectReason, Status, Thread
from ..models.draft import Draft
from ..moderation import decisions
from ..screening import checks
from .finding import Articles
from .html_to_text import plain_name, plain_text, too_long

# The source of comments that were written here or on another site of this system.
SELF = "export"
# `Entry.external_id`: the source, the id there, and the time.
ORIGIN = re.compile(r"[a-z]{1,20}:[\w.-]{1,20}:-?[0-9]{1,20}", re.ASCII)
_OF_OURS = re.compile(rf"{SELF}:([0-9]{{1,18}}):-?[0-9]+")
# There were no comments on the Web before.
FIRST_YEAR = 1990
_SAME_NAME = (
    "external_id", "kind", "name", "body", "status", "reason", "note", "is_editorial", "created_at", "edited_at",
    "erased_at",
)  # fmt: skip
_note = forms.CharField(required=False, strip=False, max_length=NOTE_LENGTH, validators=[validate_storable])


class LeftOut(ValueError):  # noqa: N818 - of the input, not of the program
    """What is not meant to be imported; the message says what it is, and its kind is counted."""


class LongBodyField(BodyField):
    """A text as long as other systems allow, which stood on a page for years."""

    rules = tuple(rule for rule in BodyField.rules if rule is not validate_body_length)

    def run_validators(self, value):
        super().run_validators(value)
        if len(value) > IMPORTED_LENGTH:
            raise ValidationError(too_long(len(value)))


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
    # Where its article was, and the key of that post there.
    addresses: tuple[str, ...] = ()
    key: str = ""
    # "html" or "typed" (plain_text) if name and body are not as they are stored.
    html: str = ""
    # Deleted there, or spam: it comes without its text, and only if an answer needs its place.
    is_gone: bool = False

    @property
    def place(self) -> tuple:
        """All that its article is found by."""
        return self.slugs, self.addresses, self.key

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
        problem = _("“%(text)s” is not a date and time; write 2026-06-30T08:00:00Z")
        raise ValueError(problem % {"text": str(value)[:40]})
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment, zone)


class Importer:
    """Imports the comments of files, one transaction each, and counts them as created, unchanged, skipped or left out.

    `report` is called with a sentence for every comment that is skipped or changed, and with counts of the others; its
    second argument says whether something of the source did not arrive.
    """

    def __init__(self, report: Callable[[str, bool], None], *, dry_run: bool = False, articles: Articles | None = None):
        self.report, self.dry_run = report, dry_run
        self.counts = Counter()
        self._articles = articles or Articles()
        # The numbers of stored comments by article and id in the file; None in a dry run.
        self._keys = {}
        self._left_out, self._editors, self._unknown = Counter(), Counter(), Counter()

    def import_file(self, file_format, files: Files, name: str) -> None:
        """Import a file. One that breaks off is imported up to there. Raises Refused if nothing of it can be read."""
        survey = _Survey(file_format, self._articles)
        survey.read(files, name)
        # Replies that come before their parents wait until the end, by the same keys.
        early = {}
        try:
            for number, record in enumerate(file_format.records(files, name, self._tell), 1):
                if (entry := self._entry(file_format, number, record, survey)) is None:
                    continue
                article, why = self._articles.find(entry)
                if article is None:
                    self._unknown[why] += 1
                elif not entry.parent or (article.pk, entry.parent) in self._keys:
                    self._import(number, article, entry)
                elif (key := (article.pk, entry.id or f"#{number}")) in early:
                    self._skip(number, _repeated(entry))
                else:
                    early[key] = number, article, entry
        except Refused as error:
            self.counts["broken"] += 1
            broken = _("%(file)s breaks off, what comes before is imported: %(problem)s")
            self.report(broken % {"file": name, "problem": error}, True)
        self._import_early(early)
        self._sum_up()

    def _entry(self, file_format, number, record, survey):
        """The entry of a record, or None for one that is skipped or left out, which is reported."""
        try:
            entry = file_format.entry(record)
            if entry.is_gone and entry.id not in survey.places:
                raise LeftOut(_("deleted or spam, without an answer"))
        except LeftOut as kind:
            self.counts["left out"] += 1
            self._left_out[str(kind)] += 1
            return None
        except ValueError as error:
            return self._skip(number, error)
        parent = survey.nearest(entry.parent)
        if not entry.is_gone:
            return replace(entry, parent=parent)
        # When it was deleted is not known.
        return replace(entry, parent=parent, status=Status.APPROVED, erased_at=entry.created_at, is_editorial=False)

    @property
    def results(self) -> str:
        """How many had each result."""
        sentences = {
            "created": _("%(number)s created"),
            "unchanged": _("%(number)s unchanged"),
            "skipped": _("%(number)s skipped"),
            **({"left out": _("%(number)s left out")} if self.counts["left out"] else {}),
        }
        return ", ".join(words % {"number": self.counts[name]} for name, words in sentences.items())

    def _sum_up(self):
        """Report what is told as a number."""
        self.counts["skipped"] += self._unknown.total()
        for why, number in self._unknown.items():
            skipped = ngettext("%(why)s: %(number)s comment skipped", "%(why)s: %(number)s comments skipped", number)
            self.report(skipped % {"why": why, "number": number}, True)
        if self._left_out:
            kinds = ", ".join(f"{number} × {kind}" for kind, number in self._left_out.items())
            self._tell(_("Left out: %(kinds)s") % {"kinds": kinds})
        if number := self.counts["places"]:
            kept = ngettext(
                "%(number)s comment deleted there, kept as an empty place above an answer",
                "%(number)s comments deleted there, kept as an empty place above an answer",
                number,
            )
            self._tell(kept % {"number": number})
        if self._editors:
            names = ", ".join(f"{name} ({number})" for name, number in self._editors.most_common(20))
            number = self._editors.total()
            editors = ngettext(
                "%(number)s comment by an author or a moderator, now an editor's: %(names)s",
                "%(number)s comments by an author or a moderator, now an editor's: %(names)s",
                number,
            )
            self._tell(editors % {"number": number, "names": names})
        if not self.dry_run and self.counts["waiting"]:
            notify.schedule_digest()
        for told in (self._unknown, self._left_out, self._editors):
            told.clear()

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
        self.report(_("Comment %(number)s skipped: %(why)s") % {"number": number, "why": why}, True)

    def _tell(self, sentence):
        self.report(sentence, False)

    def _import(self, number, article, entry):
        key, parent = (article.pk, entry.id), (article.pk, entry.parent)
        if entry.id and key in self._keys:
            return self._skip(number, _repeated(entry))
        try:
            entry = checked(entry)
            comment = self._existing(article, entry)
            self.counts["unchanged" if comment else "created"] += 1
            if not comment:
                if entry.parent and parent not in self._keys:
                    top = _("Comment %(number)s: no comment %(parent)s to reply to, so it is top-level now")
                    self._tell(top % {"number": number, "parent": entry.parent[:40]})
                self.counts["waiting"] += entry.status == Status.PENDING
                self.counts["places"] += entry.is_gone
                if entry.is_editorial and entry.html:
                    self._editors[entry.name] += 1
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


class _Survey:
    """What has to be known of a file before its first comment is stored: deleted ones that an answer needs."""

    def __init__(self, file_format, articles):
        self.file_format, self.articles = file_format, articles
        # Deleted comments with their parents; those that keep their place.
        self.gone, self.places = {}, set()

    def read(self, files, name) -> None:
        """Raises Refused if not even the first record can be read."""
        answered, is_begun = set(), False
        try:
            for record in self.file_format.records(files, name, lambda sentence: None):
                is_begun = True
                try:
                    entry = self.file_format.entry(record)
                except ValueError:
                    continue
                self.articles.claim(entry)
                if entry.is_gone:
                    self.gone[entry.id] = entry.parent
                elif entry.parent and entry.status == Status.APPROVED:
                    answered.add(entry.parent)
        except Refused:
            if not is_begun:
                raise
        for key in answered & self.gone.keys():
            while key in self.gone and key not in self.places:
                self.places.add(key)
                key = self.gone[key]

    def nearest(self, parent: str) -> str:
        """The comment to answer: the parent, or the next above it that comes in."""
        seen = set()
        while parent in self.gone and parent not in self.places and parent not in seen:
            seen.add(parent)
            parent = self.gone[parent]
        return "" if parent in seen else parent


def _repeated(entry: Entry) -> str:
    return _("another comment of this file has the id %(id)s") % {"id": entry.id[:40]}


def checked(entry: Entry) -> Entry:
    """The entry with its texts as they are stored. Raises ValueError or ValidationError for what no comment can be."""
    moments = [moment for moment in (entry.created_at, entry.decided_at, entry.edited_at, entry.erased_at) if moment]
    if max(moments) > timezone.now():
        raise ValueError(_("its date is in the future"))
    if min(moments).year < FIRST_YEAR:
        raise ValueError(_("its date is before %(year)s") % {"year": FIRST_YEAR})
    for value, choices, problem in (
        (entry.status, Status, _("“%(value)s” is not a state; write one of %(choices)s")),
        (entry.kind, CommentKind, _("“%(value)s” is not a kind; write one of %(choices)s")),
    ):
        if value not in choices.values:
            raise ValueError(problem % {"value": value[:40], "choices": ", ".join(choices.values)})
    reason, note = entry.reason, entry.note
    if entry.status != Status.REJECTED:
        reason = note = ""
    elif reason not in RejectReason.values:
        reason, note = RejectReason.OTHER, note or reason
    if entry.erased_at:
        return replace(entry, name="", body="", reason=reason, note="")
    name, body = entry.name, entry.body
    if entry.html:
        name, body = plain_name(name), plain_text(body, is_typed=entry.html == "typed")
    # Only what has an origin may be longer than a reader's comment: that is a constraint.
    field = LongBodyField() if entry.external_id else BodyField()
    name, body = NameField().clean(name), field.clean(body)
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
