"""Comments in a WordPress export (WXR): https://wordpress.org/documentation/article/tools-export-screen/."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ..models import Status
from . import xml_files
from .html_to_text import plain_name, plain_text
from .importer import BadEntry, Entry, or_bad_entry, slugs_of

SOURCE = "wordpress"
_OURS = re.compile(r"\{https?://wordpress\.org/export/[^}]*\}")
# A pingback, a trackback, an order's note: whatever else is kept in the same table was not written for readers.
TYPES = {"", "comment"}
# What is neither approved nor refused waits, so that nothing appears that nobody has approved.
STATES = {
    "1": Status.APPROVED, "approve": Status.APPROVED, "approved": Status.APPROVED, "spam": Status.SPAM,
    "trash": Status.REMOVED, "post-trashed": Status.REMOVED,
}  # fmt: skip
_NO_DATE = "0000-00-00 00:00:00"


def entries(path: Path) -> Iterator[Entry | BadEntry]:
    """The comments of every item, in the order of the file. Holds the comments of one item at a time."""
    item, slugs, found, number = None, [], [], 0
    for element, parent in xml_files.pieces(path, 3):
        if xml_files.local(parent) != "item":
            continue
        if parent is not item:
            yield from _of_item(slugs, found)
            item, slugs, found = parent, [], []
        name = xml_files.local(element)
        if name == "comment" and _OURS.match(element.tag):
            number += 1
            found.append((number, {xml_files.local(child): (child.text or "").strip() for child in element}))
        elif name == "post_name" and _OURS.match(element.tag):
            slugs[:0] = slugs_of(element.text or "")
        elif element.tag == "link":
            slugs += slugs_of(element.text or "")
    yield from _of_item(slugs, found)


def _of_item(slugs, comments):
    return [_entry(number, slugs, fields) for number, fields in comments]


@or_bad_entry
def _entry(number, slugs, fields):
    kind = fields.get("comment_type", "")
    if kind not in TYPES:
        raise ValueError(f"it is a {kind[:40]}, not a comment of a reader")
    parent = fields.get("comment_parent", "")
    return Entry(
        number=number,
        slugs=tuple(slugs),
        name=plain_name(fields.get("comment_author", "")),
        body=plain_text(fields.get("comment_content", "")),
        created_at=_moment(fields),
        status=STATES.get(fields.get("comment_approved", "").lower(), Status.PENDING),
        source=SOURCE,
        id=fields.get("comment_id", ""),
        parent="" if parent == "0" else parent,
    )


def _moment(fields):
    """When it was written, by its time in UTC, or else by its local one, of which nobody says where it was."""
    dates = [fields.get(name, "") for name in ("comment_date_gmt", "comment_date")]
    text = next((date for date in dates if date and date != _NO_DATE), "")
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"“{text[:40]}” is not a date and time") from error
