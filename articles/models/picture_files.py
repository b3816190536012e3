"""The files of a picture: which uploads are taken, how they are encoded, and how files are deleted.

The public file is encoded again from the pixels, without metadata, name or script. What was uploaded is kept as it was
in a storage of its own, to which no address leads.
"""

from hashlib import file_digest
from pathlib import PurePosixPath

from django.core.files.base import ContentFile

from publishing.drawing.pictures import (
    FORMATS,
    MOST_BYTES,
    WIDTH,
    as_webp,
    check_size,
    decoded,
    delete,
    delete_files,
    delete_on_commit,
)

__all__ = ["FORMATS", "MOST_BYTES", "WIDTH", "as_webp", "decoded", "delete", "delete_files", "delete_on_commit"]

# In pixels: renditions beside the public file for narrower places and screens.
WIDTHS = (480, 960)
HEIGHT = 4 * WIDTH


class Encoded(ContentFile):
    """A public file, and the upload that it was made of: its format, and whether it `moves`."""

    def __init__(self, content, upload, kind: str, moves: bool):
        super().__init__(content, name="picture.webp")
        self.upload, self.kind, self.moves, self.digest = upload, kind.lower(), moves, digest_of(upload)
        self.upload_name = name_of(upload)


def name_of(upload) -> str:
    """The name with which a file was uploaded, without folders."""
    return PurePosixPath(upload.name or "").name[-200:]


def digest_of(upload) -> str:
    """SHA-256 of the bytes of a file."""
    upload.open()
    digest = file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return digest


def encode(upload) -> Encoded:
    """The pixels of `upload`, upright and at most `WIDTH` × `HEIGHT`, as WebP. Of a moving picture, the first frame.

    Raises ValidationError unless it is an image of an accepted format and size. Of 40 million pixels, a PNG
    takes a second and up to 360 MB of memory, a JPEG 0.3 s and 60 MB.
    """
    check_size(upload)
    picture, kind, moves = decoded(upload)
    return Encoded(as_webp(picture, WIDTH, HEIGHT), upload, kind, moves)
