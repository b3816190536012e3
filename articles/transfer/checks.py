"""What a row of an export may hold besides what its columns allow: each raises ValidationError.

Of what is stored as JSON, and of what pages show without escaping it.
"""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.text import markdown
from publishing.transfer.export import rows
from publishing.transfer.export.tables import Table, leads_to_account
from publishing.transfer.notes import Refused

from ..models import Article, Link, LinkCard, MenuEntry, MergedLabel, RelatedArticles, Version
from ..models.related import STORED
from ..models.taxonomy import KINDS
from ..versions import content

_CONTENTS = {"level": int, "id": str, "text": str}
_ANCHOR = {"start": (int, type(None)), "words": str, "digest": str}
_WEB = re.compile(r"https?://[^\s\"<>]+\Z")


def _refuse(what: str):
    raise ValidationError(_("%(what)s is not as this site stores it.") % {"what": what})


def _is_number(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _has_shape(value, shape: dict) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == shape.keys()
        and all(isinstance(value[name], kind) and not isinstance(value[name], bool) for name, kind in shape.items())
    )


def contents(value) -> None:
    """Of a rendered text: its headings."""
    if not isinstance(value, list) or not all(_has_shape(one, _CONTENTS) for one in value):
        _refuse(_("The list of headings"))


def article(row: Article) -> None:
    contents(row.contents)
    if not isinstance(row.extra, dict):
        _refuse(_("What an imported article had besides"))


def version(row: Version) -> None:
    fields = row.fields
    if not isinstance(fields, dict) or not {"title", "body"} <= fields.keys() <= {*content.NAMES}:
        _refuse(_("A version of an article"))
    kinds = (
        dict.fromkeys(content.TEXTS, str)
        | dict.fromkeys(content.LISTS, list)
        | {"featured": bool, "is_sensitive": bool}
    )
    for name, value in fields.items():
        if name in kinds and not isinstance(value, kinds[name]):
            _refuse(_("The %(name)s of a version") % {"name": name})
        if name in content.LISTS and not all(map(_is_number, value)):
            _refuse(_("The %(name)s of a version") % {"name": name})
        if name in (*content.KEYS, "series_position") and not (value is None or _is_number(value)):
            _refuse(_("The %(name)s of a version") % {"name": name})
        if name in content.DATES and not (value is None or _is_day(value)):
            _refuse(_("The %(name)s of a version") % {"name": name})
    anchors = {} if row.anchors is None else row.anchors
    if not isinstance(anchors, dict) or not all(_has_shape(anchor, _ANCHOR) for anchor in anchors.values()):
        _refuse(_("The places of notes in a version"))


def _is_day(value) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def merged_label(row: MergedLabel) -> None:
    """What undoing the merge stores again: its columns and its articles. Nothing in it leads to an account."""
    if row.kind not in KINDS or not isinstance(row.row, dict):
        _refuse(_("A merged label"))
    model = KINDS[row.kind]
    accounts = {field.attname for field in model._meta.concrete_fields if leads_to_account(field)}
    columns = {field.attname: field.name for field in model._meta.concrete_fields}
    if not row.row.keys() <= columns.keys() or any(row.row.get(name) is not None for name in accounts):
        _refuse(_("A merged label"))
    kept = {columns[name]: value for name, value in row.row.items() if name not in accounts}
    try:
        label = rows.instance(Table(model), rows.line(kept))
    except Refused as error:
        raise ValidationError(_("A merged label: %(reason)s") % {"reason": error}) from error
    if "biography_html" in row.row:
        row.row["biography_html"] = str(markdown.render_fragment(label.biography))
    if label.pk != row.key or not _are_moved(row.articles):
        _refuse(_("A merged label"))


def _are_moved(value) -> bool:
    """`{"moved": {key of an article: place}, "both": …}`."""
    return (
        isinstance(value, dict)
        and value.keys() == {"moved", "both"}
        and all(
            isinstance(places, dict)
            and all(key.isdecimal() and (place is None or _is_number(place)) for key, place in places.items())
            for places in value.values()
        )
    )


def without_account(row: dict) -> dict:
    """A merged label without the account of an author."""
    return row | {"row": row["row"] | ({"user_id": None} if "user_id" in row["row"] else {})}


def card(row: LinkCard) -> None:
    if not _WEB.match(row.url):
        _refuse(_("The address of a card"))


def link(row: Link) -> None:
    if not row.path.startswith("/"):
        _refuse(_("The address of a link"))


def related(row: RelatedArticles) -> None:
    if not isinstance(row.keys, list) or len(row.keys) > STORED or not all(map(_is_number, row.keys)):
        _refuse(_("A list of related articles"))


def menu_entry(row: MenuEntry) -> None:
    if row.address and not (row.address.startswith("/") or _WEB.match(row.address)):
        _refuse(_("The address of an entry of a menu"))
