"""The text of a file in UTF-8 or, where a byte order mark says so, UTF-16, as Notepad's "Unicode" is."""

from .items import MAX_BYTES, UnreadableFile

_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def decode(data: bytes) -> str:
    """Without the byte order mark. Raises UnreadableFile for more than 10 MB and for bytes in another encoding."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile("The file is larger than 10 MB, which is the most.")
    if encoding := _UTF_16.get(data[:2]):
        try:
            return data[2:].decode(encoding)
        except UnicodeDecodeError as error:
            raise UnreadableFile("The file is not UTF-16, though it starts so. Save it again as UTF-8.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"The file is not UTF-8: byte 0x{data[error.start]:02x} on line {line}. Save it again as UTF-8."
        ) from error
