"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from comments.models import Comment, CommentKind, Revision

_WORD = re.compile(r"\s+|\S+")


class ChangedText(NamedTuple):
    """A stretch of text, and whether it is "same", "removed" or "added"."""

    change: str
    text: str


def difference(old: str, new: str) -> list[ChangedText]:
    """The pieces of both texts in reading order, what was removed before what was added in its place.

    Words that fill a text are no anchors (`SequenceMatcher`'s heuristic), so 4,000 characters made to be compared
    slowly take milliseconds.
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces = []
    for change, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if change == "equal":
            pieces.append(ChangedText("same", "".join(after[c:d])))
            continue
        if b > a:
            pieces.append(ChangedText("removed", "".join(before[a:b])))
        if d > c:
            pieces.append(ChangedText("added", "".join(after[c:d])))
    return pieces


class Change(NamedTuple):
    """What one edit did: pieces by the name of what differs."""

    at: object
    parts: dict[str, list[ChangedText]]


def _parts(old, new):
    """The differences between two versions of a comment, each a `Revision` or the comment itself."""
    pairs = {
        "Kind": (CommentKind(old.kind).label, CommentKind(new.kind).label),
        "Name": (old.name, new.name),
        "Text": (old.body, new.body),
    }
    return {name: difference(*pair) for name, pair in pairs.items() if pair[0] != pair[1]}


def edits(comment: Comment, revisions: list[Revision]) -> list[Change]:
    """What each edit did, latest first; `revisions` oldest first."""
    versions = [*revisions, comment]
    changes = [Change(old.created_at, _parts(old, new)) for old, new in zip(versions, versions[1:], strict=False)]
    return changes[::-1]


def since(comment: Comment, seen: str) -> dict[str, list[ChangedText]]:
    """What differs between the version with the digest `seen` and the comment as it is; empty if that is not kept."""
    revision = comment.revisions.filter(digest=seen).last() if seen else None
    return _parts(revision, comment) if revision else {}
