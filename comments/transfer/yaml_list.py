"""Comments written by hand: a YAML list, small enough for a person, as demo/comments.yaml is."""

from collections.abc import Iterator
from pathlib import Path

import yaml
from django.utils import timezone

from publishing.text.parsing import NoAliasLoader

from ..models import CommentKind, Status
from .importer import BadEntry, Entry, or_bad_entry, parse_moment
from .xml_files import Unreadable

NEEDED = {"article", "name", "body", "date"}
FILE_BYTES = 10_000_000


def entries(path: Path) -> Iterator[Entry | BadEntry]:
    """The comments of the list, in its order. Raises `Unreadable` for anything but a list, and for 10 MB."""
    try:
        if path.stat().st_size > FILE_BYTES:
            raise Unreadable(f"it has more than {FILE_BYTES // 1_000_000} MB, which is too much for a list in YAML")
        # A SafeLoader that follows no aliases, which could expand to gigabytes.
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=NoAliasLoader)  # noqa: S506
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(found, list):
        raise Unreadable("it is not a list of comments")
    for number, fields in enumerate(found, start=1):
        yield _entry(number, fields)


@or_bad_entry
def _entry(number, fields):
    if not isinstance(fields, dict) or not fields.keys() >= NEEDED:
        raise ValueError(f"it needs {', '.join(sorted(NEEDED))}")
    if nested := [str(key) for key, value in fields.items() if isinstance(value, dict | list)]:
        raise ValueError(f"its {', '.join(nested)} is not a text")
    given = {key: str(value) for key, value in fields.items() if value is not None}
    return Entry(
        number=number,
        slugs=(given.get("article", ""),),
        name=given.get("name", ""),
        body=given.get("body", ""),
        created_at=parse_moment(fields["date"], timezone.get_current_timezone()),
        status=given.get("state", Status.PENDING),
        # Two lists may use the same names, so these hold for one file only.
        id=given.get("id", ""),
        parent=given.get("reply_to", ""),
        kind=given.get("kind", CommentKind.PLAIN),
        reason=given.get("reason", ""),
        is_editorial=fields.get("editorial") is True,
        is_pinned=fields.get("pinned") is True,
    )
