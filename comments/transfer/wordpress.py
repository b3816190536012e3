"""Comments in a WordPress export (WXR): https://wordpress.org/documentation/article/tools-export-screen/."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from publishing.transfer import xml
from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ..models import Status
from .importer import Entry, LeftOut

_OURS = re.compile(r"\{https?://wordpress\.org/export/[^}]*\}")
# The table contains pingbacks, trackbacks and notes of orders too.
TYPES = {"", "comment"}
# Every other state is imported as waiting.
STATES = {"1": Status.APPROVED, "approve": Status.APPROVED, "approved": Status.APPROVED}
GONE = {"spam", "trash", "post-trashed"}
_NO_DATE = "0000-00-00 00:00:00"
# Nothing else of a comment is kept: no address of its writer.
_FIELDS = {
    f"comment_{name}"
    for name in ("id", "author", "content", "approved", "type", "parent", "date", "date_gmt", "user_id")
}
# Comments of one item that are kept, if what it is called comes after them.
_MOST_KEPT = 1000


def records(files: Files, name: str, tell: Callable[[str], None]) -> Iterator[tuple]:
    """The place and the fields of each comment, and whether an author of the site wrote it. Raises Refused at the
    break of a file that breaks off."""
    with files.open(name) as file:
        source = xml.Xml(file)
        items, broken = _Items(), None
        try:
            for element, parent in xml.pieces(source, 3):
                yield from items.read(element, parent)
        except Refused as error:
            broken = error
        # Of the last item, also if the file breaks off in it.
        yield from items.rest()
        for fault in source.faults:
            tell(fault)
        if broken:
            raise broken


class _Items:
    """The comments of items, which are given as soon as it is known where these were."""

    def __init__(self):
        self.authors, self.item, self.place, self.kept = set(), None, _Place(), []

    def read(self, element, parent) -> list[tuple]:
        """The comments that are known with this piece."""
        field, inside = xml.local(element), xml.local(parent)
        if inside == "author" and field == "author_id":
            self.authors.add((element.text or "").strip())
        if inside != "item":
            return []
        done = []
        if parent is not self.item:
            done = self.rest()
            self.item, self.place = parent, _Place()
        if field == "comment" and _OURS.match(element.tag):
            self.kept.append(_fields_of(element, self.authors))
            return done + self.rest() if self.place.is_named or len(self.kept) == _MOST_KEPT else done
        self.place.read(element, field)
        return done

    def rest(self) -> list[tuple]:
        kept, self.kept = self.kept, []
        return [(self.place.names, fields) for fields in kept]


class _Place:
    """What an item says of where it was."""

    def __init__(self):
        self.slug, self.link, self.number = "", "", ""

    @property
    def is_named(self) -> bool:
        return bool(self.slug and self.link and self.number)

    def read(self, element, field) -> None:
        text = (element.text or "").strip()
        if element.tag == "link":
            self.link = text
        elif field == "post_name" and _OURS.match(element.tag):
            self.slug = text
        elif field == "post_id" and _OURS.match(element.tag):
            self.number = text

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Those of an `Entry`: slugs, addresses, and the key of the post."""
        number = f"/?p={self.number}" if self.number else ""
        key = f"post-{self.number}" if self.number else ""
        return tuple(filter(None, [self.slug])), tuple(filter(None, [self.link, number])), key


def _fields_of(element, authors):
    # WordPress trims what is typed, its text too; space around it is of the file's layout.
    texts = {name: (child.text or "").strip() for child in element if (name := xml.local(child)) in _FIELDS}
    return texts | {"is_author": texts.get("comment_user_id", "") in authors - {"", "0"}}


def entry(record) -> Entry:
    (slugs, addresses, key), fields = record
    kind, parent = fields.get("comment_type", ""), fields.get("comment_parent", "")
    if kind not in TYPES:
        raise LeftOut(kind[:40])
    state = fields.get("comment_approved", "").lower()
    return Entry(
        slugs=slugs,
        addresses=addresses,
        key=key,
        name=fields.get("comment_author", ""),
        body=fields.get("comment_content", ""),
        html="typed",
        created_at=_moment(fields),
        status=STATES.get(state, Status.PENDING),
        is_gone=state in GONE,
        is_editorial=fields["is_author"],
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
        raise ValueError(_("“%(text)s” is not a date and time") % {"text": text[:40]}) from error
