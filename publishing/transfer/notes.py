"""What is told of an import: notes on single posts, counts of them, and the result for each post."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What a note is about; the summary counts by these."""

    ADDRESS = "address"
    COMMENT = "comment"
    DATE = "date"
    FILE = "file"
    HEAD = "head"
    LINK = "link"
    NAME = "name"
    PICTURE = "picture"
    RECORDING = "recording"
    STATUS = "status"
    SYNTAX = "syntax"
    TEXT = "text"


# For people.
KIND_NAMES = {
    Kind.ADDRESS: _("address"),
    Kind.COMMENT: _("comment"),
    Kind.DATE: _("date"),
    Kind.FILE: _("file"),
    Kind.HEAD: _("head"),
    Kind.LINK: _("link"),
    Kind.NAME: _("name"),
    Kind.PICTURE: _("picture"),
    Kind.RECORDING: _("audio or video"),
    Kind.STATUS: _("status"),
    Kind.SYNTAX: _("syntax"),
    Kind.TEXT: _("text"),
}


@dataclass(frozen=True)
class Note:
    """A sentence for the editor. `is_loss` if something of the source did not arrive."""

    kind: Kind
    text: str
    is_loss: bool = False


class Notes(list[Note]):
    """The notes on one post."""

    def add(self, kind: Kind, text: str) -> None:
        """Something was changed, or is worth knowing; nothing is missing."""
        self.append(Note(kind, text))

    def lose(self, kind: Kind, text: str) -> None:
        """Something did not arrive."""
        self.append(Note(kind, text, is_loss=True))


class Result(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    # Changed in the source and here: left alone, and the text of the source kept as a version.
    CONFLICT = "conflict"
    SKIPPED = "skipped"


class Refused(Exception):  # noqa: N818 - of the input, not of the program
    """This post, or this whole source, cannot be imported; the message says why."""


@dataclass
class Outcome:
    """The result for one post or file, why it was skipped, and the notes on it. `address` is the new one."""

    name: str
    result: Result
    reason: str = ""
    notes: Notes = field(default_factory=Notes)
    address: str = ""
    # Else it is about something besides the posts: comments, a portrait.
    is_post: bool = True

    @property
    def has_loss(self) -> bool:
        return self.result in (Result.SKIPPED, Result.CONFLICT) or any(note.is_loss for note in self.notes)


@dataclass
class Summary:
    """Counts of outcomes, of notes by kind and of reasons. Its size does not depend on the number of posts."""

    results: Counter = field(default_factory=Counter)
    notes: Counter = field(default_factory=Counter)
    losses: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    # Keys of heads that have no field, and are kept beside the article.
    keys: Counter = field(default_factory=Counter)
    # Files that are no posts: pictures, settings.
    others: Counter = field(default_factory=Counter)
    # Posts that arrived without a note, with notes, with a loss.
    right: int = 0
    noted: int = 0
    lossy: int = 0

    def count(self, outcome: Outcome) -> None:
        if outcome.result == Result.SKIPPED:
            self.reasons[outcome.reason] += 1
        for note in outcome.notes:
            (self.losses if note.is_loss else self.notes)[note.kind] += 1
        if not outcome.is_post:
            return
        self.results[outcome.result] += 1
        if outcome.result == Result.SKIPPED:
            return
        if outcome.has_loss:
            self.lossy += 1
        elif outcome.notes:
            self.noted += 1
        else:
            self.right += 1

    @property
    def has_loss(self) -> bool:
        return bool(self.losses or self.lossy or self.reasons)

    def lines(self) -> list[str]:
        """Sentences for a terminal or a page."""
        lines = [", ".join(f"{self.results[result]} {result}" for result in Result)]
        lines.append(
            f"Without a note: {self.right}. With notes, nothing lost: {self.noted}. With a loss: {self.lossy}."
        )
        lines += [f"  lost, {kind}: {number}" for kind, number in self.losses.most_common()]
        lines += [f"  noted, {kind}: {number}" for kind, number in self.notes.most_common()]
        lines += [f"  {number} kept without a field, {key}" for key, number in self.keys.most_common(20)]
        lines += [f"  not a post, {reason}: {number}" for reason, number in self.others.most_common(20)]
        return lines + [f"  skipped {number}: {reason}" for reason, number in self.reasons.most_common(20)]
