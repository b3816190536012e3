"""Comments in a WordPress export (WXR): https://wordpress.org/documentation/article/tools-export-screen/."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ..models import Status
from . import xml_files
from .html_to_text import plain_name, plain_text
from .importer import Entry, slugs_of

_OURS = re.compile(r"\{https?://wordpress\.org/export/[^}]*\}")
# The table contains pingbacks, trackbacks and notes of orders too.
TYPES = {"", "comment"}
# Every other state is imported as waiting.
STATES = {
    "1": Status.APPROVED, "approve": Status.APPROVED, "approved": Status.APPROVED, "spam": Status.SPAM,
    "trash": Status.REMOVED, "post-trashed": Status.REMOVED,
}  # fmt: skip
_NO_DATE = "0000-00-00 00:00:00"


def records(path: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """The fields of each comment, with the slugs of its item. Keeps one item in memory."""
    item, slugs, comments = None, [], []
    for element, parent in xml_files.pieces(path, 3):
        if xml_files.local(parent) != "item":
            continue
        if parent is not item:
            # The slugs of an item may come after its comments.
            yield from ((tuple(slugs), fields) for fields in comments)
            item, slugs, comments = parent, [], []
        name = xml_files.local(element)
        if name == "comment" and _OURS.match(element.tag):
            comments.append({xml_files.local(child): (child.text or "").strip() for child in element})
        elif name == "post_name" and _OURS.match(element.tag):
            slugs[:0] = slugs_of(element.text or "")
        elif element.tag == "link":
            slugs += slugs_of(element.text or "")
    yield from ((tuple(slugs), fields) for fields in comments)


def entry(record) -> Entry:
    slugs, fields = record
    kind, parent = fields.get("comment_type", ""), fields.get("comment_parent", "")
    if kind not in TYPES:
        raise ValueError(f"it is a {kind[:40]}, not a comment")
    return Entry(
        slugs=slugs,
        name=plain_name(fields.get("comment_author", "")),
        body=plain_text(fields.get("comment_content", "")),
        created_at=_moment(fields),
        status=STATES.get(fields.get("comment_approved", "").lower(), Status.PENDING),
        source="wordpress",
        id=fields.get("comment_id", ""),
        parent="" if parent == "0" else parent,
    )


def _moment(fields):
    """When it was written, from its date in UTC, or else from its local one, whose zone is unknown."""
    dates = [fields.get(name, "") for name in ("comment_date_gmt", "comment_date")]
    text = next((date for date in dates if date and date != _NO_DATE), "")
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"“{text[:40]}” is not a date and time") from error
