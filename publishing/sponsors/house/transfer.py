"""What an export has of advertisements: the advertisers, their pictures, and what was counted."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.drawing import pictures
from publishing.transfer.export.tables import RowFile, Table, stored_file

from ..models import Advertiser, Creative, CreativeDay, Key, Kind

# Where those of articles are.
FOLDER = "static/media"
_NAME = re.compile(r"[0-9a-f]{32}\.webp")
# The largest size has 970 × 250, the highest 300 × 1050 pixels; files have up to twice as many.
LARGEST = (2 * 970, 2 * 1050)


def _check(row: Creative) -> None:
    """Raises ValidationError for what no form of ours has stored."""
    row.clean()
    if not isinstance(row.slots, list) or not set(map(str, row.slots)) <= set(Key.values):
        raise ValidationError(_("An advertisement is for a place that is none of ours."))
    is_picture = row.kind == Kind.PICTURE
    if (row.picture and not _NAME.fullmatch(row.picture)) or (is_picture and not (row.picture and row.alt)):
        raise ValidationError(_("The picture of an advertisement is none of ours, or says nothing."))


def _files(row: Creative) -> Iterable[RowFile]:
    return [stored_file(row.picture, FOLDER, pictures.checking(None, LARGEST))] if row.picture else []


TABLES = (
    Table(Advertiser),
    Table(Creative, prepare=_check, files=_files),
    Table(CreativeDay),
)
