"""The site's own format for comments: a text of JSON lines, each one comment, the first line saying what it is.

It holds what moderators see of a comment and nothing that leads to its writer: no key, address or network.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils import timezone

from ..models import Comment, CommentKind, RejectReason
from .importer import ORIGIN, SELF, BadEntry, Entry, or_bad_entry, parse_moment
from .xml_files import Unreadable

FORMAT = "comments"
VERSION = 1
# No comment is longer, with its escapes.
LINE_LENGTH = 200_000

_DATES = {"date": "created_at", "decided": "decided_at", "edited": "edited_at", "erased": "erased_at"}
_TEXTS = ("article", "name", "body", "state", "kind", "reason", "note", "external", *_DATES)


def lines(comments) -> Iterator[str]:
    """The lines of an export of the queryset `comments`, each after what it answers. Fetches 1,000 rows at a time."""
    yield _line({"format": FORMAT, "version": VERSION, "exported": timezone.now().isoformat()})
    rows = comments.order_by("article__slug", "path").select_related("article", "pinned_in")
    wanted = ("name", "body", "kind", "status", "reason", "note", "is_editorial", "parent_id", "external_id")
    fetched = (*wanted, *_DATES.values(), "article__slug", "pinned_in__article_id")
    for comment in rows.only(*fetched).iterator(chunk_size=1000):
        yield _line(as_dict(comment))


def as_dict(comment: Comment) -> dict:
    """One comment as it stands in an export, with `article` and `pinned_in` fetched. Empty fields are left out."""
    found = {
        "id": comment.pk, "article": comment.article.slug, "parent": comment.parent_id, "kind": comment.kind,
        "name": comment.name, "body": comment.body, "state": comment.status, "reason": comment.reason,
        "note": comment.note, "editorial": comment.is_editorial, "pinned": hasattr(comment, "pinned_in"),
        "external": comment.external_id,
    }  # fmt: skip
    dates = {key: getattr(comment, field) for key, field in _DATES.items()}
    found |= {key: moment.isoformat() for key, moment in dates.items() if moment}
    return {key: value for key, value in found.items() if value or key == "id"}


def entries(path: Path) -> Iterator[Entry | BadEntry]:
    """The comments of an export, line by line. Raises `Unreadable` for a text in another format or version."""
    try:
        with path.open(encoding="utf-8") as stream:
            header = _parsed(stream.readline(LINE_LENGTH))
            if header.get("format") != FORMAT or header.get("version") != VERSION:
                raise Unreadable(f"it is not an export of comments in version {VERSION}")
            number = 0
            while line := stream.readline(LINE_LENGTH):
                number += 1
                if line.strip():
                    yield _entry(number, line)
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error
    except ValueError as error:
        raise Unreadable(f"its first line is not that of an export: {error}") from error


def _line(fields) -> str:
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    # The two that some programs take for the end of a line.
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _parsed(line) -> dict:
    """The object of one line. Raises ValueError for anything else."""
    try:
        found = json.loads(line)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("it is not an object")
    return found


@or_bad_entry
def _entry(number, line):
    fields = _parsed(line)
    texts = {key: _text(fields, key) for key in _TEXTS}
    return Entry(
        number=number,
        slugs=(texts["article"],),
        name=texts["name"],
        body=texts["body"],
        status=texts["state"],
        source=SELF,
        id=_number(fields, "id"),
        origin=_origin(texts["external"]),
        parent=_number(fields, "parent"),
        kind=texts["kind"] or CommentKind.PLAIN,
        # One that is not on the list would be taken for a sentence.
        reason=texts["reason"] if texts["reason"] in RejectReason.values else "",
        note=texts["note"],
        is_editorial=fields.get("editorial") is True,
        is_pinned=fields.get("pinned") is True,
        **{field: parse_moment(texts[key]) for key, field in _DATES.items() if texts[key] or key == "date"},
    )


def _text(fields, key) -> str:
    value = fields.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"its “{key}” is not a text")
    return value


def _number(fields, key) -> str:
    value = fields.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"its “{key}” is not a number")
    return "" if value is None else str(value)


def _origin(text) -> str:
    if text and not ORIGIN.fullmatch(text):
        raise ValueError(f"its “external” is not a system, a name and a moment: “{text[:40]}”")
    return text


def write(comments: Iterable[Comment], stream) -> int:
    """Write an export of the queryset to a text stream; returns the number of comments."""
    number = -1
    for line in lines(comments):
        stream.write(line + "\n")
        number += 1
    return number
