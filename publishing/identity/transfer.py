"""What the publication itself has in an export: name, wording, look, and redirects."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image

from .. import wording
from ..links.lines import validate_links
from ..models import IdentityFile, Publication, Redirect, UnfinishedImport, VisitorSalt
from ..transfer.export.tables import PASSING, READERS, Part, RowFile, Table, register
from . import face, svg
from .uploads import FORMATS, MOST_PIXELS

_RASTER = ("webp", "png")


def _check_look(row: Publication) -> None:
    if row.link_lines:
        validate_links(row.link_lines)
    wording.check(row.wording)


def _files(row: IdentityFile) -> list[RowFile]:
    def opened() -> File:
        return ContentFile(bytes(IdentityFile.objects.values_list("content", flat=True).get(pk=row.pk)))

    def check(file: File) -> None:
        row.content = _checked(row.kind, file.read())
        if row.digest != face.digest_of(row.content):
            raise ValidationError(_("A file of the logo or the icon is another one than it was."))

    # With the row.
    return [RowFile(f"identity/{row.use}.{row.kind}", opened, check, lambda file: False)]


def _checked(kind: str, data: bytes) -> bytes:
    """The file as it may be served. Raises ValidationError."""
    if kind == "svg":
        return svg.sanitised(data)[0]
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            if (picture.format or "").lower() != kind or picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(_("A logo or icon is too large, or of another format than its name says."))
            picture.load()
    except ValidationError:
        raise
    # What decoders raise for damaged files is of many kinds.
    except Exception as error:
        raise ValidationError(_("A logo or icon is no picture.")) from error
    return data


def _check_redirect(row: Redirect) -> None:
    if not row.old_path.startswith("/") or row.new_path and not row.new_path.startswith("/"):
        raise ValidationError(_("A redirect leads from one path of the site to another."))
    if row.new_path.startswith(("//", "/\\")):
        raise ValidationError(_("A redirect leads to another site."))


def _check_use(row: IdentityFile) -> None:
    if not row.use.replace("-", "").isalnum() or row.kind not in ("svg", *_RASTER):
        raise ValidationError(_("A logo or icon is an SVG, a WebP or a PNG."))


register(
    Part(
        place=10,
        tables=(
            Table(Publication, prepare=_check_look, is_replaced=True),
            Table(IdentityFile, frozenset({"content"}), files=_files, needs_files=True, prepare=_check_use),
            Table(Redirect, prepare=_check_redirect),
        ),
        left={VisitorSalt: READERS, UnfinishedImport: PASSING},
    )
)
