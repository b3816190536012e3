"""Text files in UTF-8 or, with a byte order mark, UTF-16 (Notepad's "Unicode")."""

from ..kinds.messages import gettext_noop as _
from .items import MAX_BYTES, UnreadableFile

_UTF_16 = {b"\xff\xfe": "UTF-16LE", b"\xfe\xff": "UTF-16BE"}


def decode(data: bytes) -> str:
    """Without the byte order mark. Raises UnreadableFile for more than 10 MB and for bytes in another encoding."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 10 MB, which is the most."))
    encoding = _UTF_16.get(data[:2], "UTF-8")
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            _(
                "The file is not %(encoding)s: byte 0x%(byte)s on line %(line)s. Save it again as UTF-8.",
                encoding=encoding,
                byte=f"{data[error.start]:02x}",
                line=line,
            )
        ) from error
