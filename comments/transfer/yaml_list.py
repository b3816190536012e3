"""Comments in a YAML list that a person can write, such as demo/comments.yaml."""

from collections import defaultdict
from collections.abc import Callable

import yaml
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.text.parsing import NoAliasLoader
from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ..models import CommentKind, Status
from .importer import Entry, parse_moment

REQUIRED = {"article", "name", "body", "date"}
FILE_BYTES = 10_000_000


def records(files: Files, name: str, tell: Callable[[str], None]) -> list:
    """The items of the list. Raises Refused for anything but a list, and for more than 10 MB."""
    if files.size(name) > FILE_BYTES:
        raise Refused(_("it is larger than %(limit)s MB, the limit for YAML") % {"limit": FILE_BYTES // 1_000_000})
    try:
        # A SafeLoader that follows no aliases, which could expand to gigabytes.
        items = yaml.load(files.read(name, FILE_BYTES).decode(), Loader=NoAliasLoader)  # noqa: S506
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise Refused(str(error)) from error
    if not isinstance(items, list):
        raise Refused(_("it is not a list of comments"))
    return items


def entry(fields) -> Entry:
    if not isinstance(fields, dict) or not fields.keys() >= REQUIRED:
        raise ValueError(_("it needs %(names)s") % {"names": ", ".join(sorted(REQUIRED))})
    if nested := [str(key) for key, value in fields.items() if isinstance(value, dict | list)]:
        raise ValueError(_("its “%(name)s” is not a text") % {"name": ", ".join(nested)})
    texts = defaultdict(str, ((key, str(value)) for key, value in fields.items() if value is not None))
    return Entry(
        slugs=(texts["article"],),
        name=texts["name"],
        body=texts["body"],
        created_at=parse_moment(fields["date"], timezone.get_current_timezone()),
        status=texts.get("state", Status.PENDING),
        # Without a source: two lists may use the same ids.
        id=texts["id"],
        parent=texts["reply_to"],
        kind=texts.get("kind", CommentKind.PLAIN),
        reason=texts["reason"],
        is_editorial=fields.get("editorial") is True,
        is_pinned=fields.get("pinned") is True,
    )
