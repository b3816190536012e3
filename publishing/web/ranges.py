"""Parts of files, without which browsers cannot move to another place of a video (RFC 9110, 14)."""

import re
from io import SEEK_END

from django.http import FileResponse, HttpResponse

# One range. Of several, the whole file is a right answer.
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class _Part:
    """`length` bytes of a file from where it stands."""

    def __init__(self, file, length: int):
        self.file, self.length, self.close = file, length, file.close

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(self.length if size < 0 else min(size, self.length))
        self.length -= len(data)
        return data


def answer(request, file, content_type: str | None = None) -> HttpResponse:
    """A response with a file, or with the range of it that the request asks for: 206, or 416 if it has none."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    types = {"content_type": content_type} if content_type else {}
    if not asked or not any(asked.groups()):
        response = FileResponse(file, **types)
    else:
        size = file.seek(0, SEEK_END) or file.tell()
        start, end = _bounds(asked[1], asked[2], size)
        if start > end:
            file.close()
            response = HttpResponse(status=416)
            response.headers["Content-Range"] = f"bytes */{size}"
            return response
        file.seek(start)
        response = FileResponse(_Part(file, end - start + 1), status=206, **types)
        response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        response.headers["Content-Length"] = str(end - start + 1)
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and the last byte; without `first`, the last ones of the file."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last) if last else size - 1, size - 1)
