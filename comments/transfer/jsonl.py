"""The site's own format for comments: JSON lines, the first with the format and its version, then one for each comment.

It contains what moderators see of a comment and nothing that identifies its writer: no key, address or network.
"""

import io
import json
from collections.abc import Callable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ..models import CommentKind, RejectReason
from .importer import ORIGIN, SELF, Entry, parse_moment

FORMAT = "comments"
VERSION = 1
# No comment is longer, with its escapes.
LINE_LENGTH = 450_000

_DATES = {"date": "created_at", "decided": "decided_at", "edited": "edited_at", "erased": "erased_at"}


def write(comments, stream) -> int:
    """Write the queryset `comments`, each after its parent; returns how many. Fetches 1,000 rows at a time."""
    number = -1
    for number, line in enumerate(lines(comments, timezone.now().isoformat())):  # noqa: B007 - used after the loop
        stream.write(line)
    return number


def lines(comments, exported: str, order=("article__slug", "path")) -> Iterator[str]:
    """The same line by line, the header first. `exported` is the moment in it."""
    yield _line({"format": FORMAT, "version": VERSION, "exported": exported})
    rows = comments.order_by(*order).select_related("article", "pinned_in")
    names = ("name", "body", "kind", "status", "reason", "note", "is_editorial", "parent_id", "external_id")
    fetched = rows.only(*names, *_DATES.values(), "article__slug", "pinned_in__article_id")
    for comment in fetched.iterator(chunk_size=1000):
        yield _line(_fields(comment))


def _fields(comment):
    """What an export says of a comment. Empty fields are left out."""
    fields = {
        "id": comment.pk, "article": comment.article.slug, "parent": comment.parent_id, "kind": comment.kind,
        "name": comment.name, "body": comment.body, "state": comment.status, "reason": comment.reason,
        "note": comment.note, "editorial": comment.is_editorial, "pinned": hasattr(comment, "pinned_in"),
        "external": comment.external_id,
    }  # fmt: skip
    moments = {key: getattr(comment, field) for key, field in _DATES.items()}
    fields |= {key: moment.isoformat() for key, moment in moments.items() if moment}
    return {key: value for key, value in fields.items() if value or key == "id"}


def _line(fields) -> str:
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    # The two that some programs take for the end of a line.
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n"


def records(files: Files, name: str, tell: Callable[[str], None]) -> Iterator[str]:
    """The lines of an export that hold a comment. Raises Refused for another format or version."""
    try:
        with files.open(name) as file, io.TextIOWrapper(file, encoding="utf-8") as stream:
            header = _header(stream.readline(LINE_LENGTH))
            if header.get("format") != FORMAT or header.get("version") != VERSION:
                raise Refused(_("it is not an export of comments in version %(version)s") % {"version": VERSION})
            while line := stream.readline(LINE_LENGTH):
                if line.strip():
                    yield line
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(str(error)) from error


def _header(line) -> dict:
    try:
        return _parsed(line)
    except ValueError as error:
        raise Refused(_("its first line is not the header of an export: %(problem)s") % {"problem": error}) from error


def entry(line: str) -> Entry:
    fields = _parsed(line)
    external, reason = _text(fields, "external"), _text(fields, "reason")
    if external and not ORIGIN.fullmatch(external):
        problem = _("its “external” is not a system, an id and a time: “%(text)s”")
        raise ValueError(problem % {"text": external[:40]})
    moments = {field: _text(fields, key) for key, field in _DATES.items()}
    return Entry(
        slugs=(_text(fields, "article"),),
        status=_text(fields, "state"),
        source=SELF,
        id=_number(fields, "id"),
        origin=external,
        parent=_number(fields, "parent"),
        kind=_text(fields, "kind") or CommentKind.PLAIN,
        # Any other would become the note.
        reason=reason if reason in RejectReason.values else "",
        is_editorial=fields.get("editorial") is True,
        is_pinned=fields.get("pinned") is True,
        **{name: _text(fields, name) for name in ("name", "body", "note")},
        **{field: parse_moment(text) for field, text in moments.items() if text or field == "created_at"},
    )


def _parsed(line) -> dict:
    """The object of one line. Raises ValueError for anything else."""
    try:
        fields = json.loads(line)
    except RecursionError as error:
        raise ValueError(_("it is nested too deeply")) from error
    if not isinstance(fields, dict):
        raise ValueError(_("it is not an object"))
    return fields


def _text(fields, key) -> str:
    value = fields.get(key, "")
    if not isinstance(value, str):
        raise ValueError(_("its “%(name)s” is not a text") % {"name": key})
    return value


def _number(fields, key) -> str:
    value = fields.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(_("its “%(name)s” is not a number") % {"name": key})
    return "" if value is None else str(value)
