"""One connection of a client: the request as it arrives, and the answer until it is sent. Nothing here waits."""

import re
import tempfile
from typing import Any

from gunicorn.http.body import Body, ChunkedReader
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader

from .output import Output

RECEIVE_BYTES = 64 * 1024
# As much as nginx reads by default. gunicorn has limits of its own for lines and fields.
HEAD_BYTES = 32 * 1024
# The same as `client_max_body_size` in deploy/nginx.conf.
BODY_BYTES = 12 * 1024 * 1024
# A larger body waits for its end in a temporary file.
BODY_BYTES_IN_MEMORY = 32 * 1024

BARE_LF = re.compile(rb"(?<!\r)\n")


class Refused(Exception):
    """The request is answered with this status, and the connection is closed."""

    def __init__(self, status: int, reason: str):
        super().__init__(status, reason)
        self.status, self.reason = status, reason


class Received(Unreader):
    """Gives gunicorn's parser what has been received, and then the end."""

    def __init__(self, file=None):
        super().__init__()
        self._file = file

    def chunk(self, size_hint=None):
        return self._file.read(RECEIVE_BYTES) if self._file else b""


class SizedEnd:
    """Finds the end of a body of a known length."""

    def __init__(self, length: int):
        self._missing = length

    def find(self, data) -> tuple[int, bool]:
        """How many of the next bytes belong to the body, and whether it ends there."""
        number = min(self._missing, len(data))
        self._missing -= number
        return number, not self._missing


class ChunkedEnd:
    """Finds the end of a chunked body, or of what is none. It judges nothing: gunicorn decodes the body afterwards."""

    def __init__(self):
        self._skipped, self._line, self._in_trailers = 0, b"", False

    def find(self, data) -> tuple[int, bool]:
        """How many of the next bytes belong to the body, and whether it ends there."""
        at = 0
        while at < len(data):
            if self._skipped:
                step = min(self._skipped, len(data) - at)
                self._skipped -= step
                at += step
                continue
            end = data.find(b"\n", at)
            if end < 0:
                self._line += data[at:]
                return len(data), len(self._line) > HEAD_BYTES
            line, self._line, at = self._line + data[at:end], b"", end + 1
            if self._ends_with(line.strip()):
                return at, True
        return len(data), False

    def _ends_with(self, line: bytes) -> bool:
        if self._in_trailers:
            return not line
        try:
            size = int(line.split(b";")[0], 16)
        except ValueError:
            return True
        self._in_trailers = size <= 0
        self._skipped = size + 2 if size > 0 else 0
        return False


class Connection:
    """A client's socket, what it has sent, and the request that is at work."""

    # What ThreadWorker.handle() asks: nothing is left to do before the request can be answered.
    initialized, is_http2 = True, False

    def __init__(self, socket, client, server):
        self.socket, self.client, self.server = socket, client, server
        self.sock = Output(socket)
        self.parser = self
        self.received = bytearray()
        # Which of the worker's groups it is in, until when, and for what the poller watches the socket.
        self.group: dict[Connection, None] | None = None
        self.deadline = self.since = 0.0
        self.events = 0
        self.number = self.drained = 0
        self.stays_open = False
        self.body: Any = None
        self.finish()

    def init(self):
        """Nothing to do for ThreadWorker.handle()."""

    def __next__(self):
        return self.request

    def finish_body(self, deadline=None):
        """Whether the next request may follow: this body was read as a whole."""
        return True

    def finish(self) -> None:
        """Forget the request that was answered."""
        if self.body is not None:
            self.body.close()
        self.request: Request | None = None
        self.body, self.body_size, self._end, self._searched = None, 0, None, 0
        self.expects_continue = False

    def complete(self, cfg) -> bool:
        """Whether the whole of a request has been received: `request` then has its body.

        Raises Refused and gunicorn's ParseException, and OSError when the body cannot be stored.
        """
        if self.request is None:
            if not self._head_ended():
                return False
            self._read_head(cfg)
        return self._end is None or self._read_body()

    def _head_ended(self) -> bool:
        data, start = self.received, max(0, self._searched - 3)
        self._searched = len(data)
        # gunicorn refuses a bare LF at once; an end after it would never come.
        return data.find(b"\r\n\r\n", start) >= 0 or len(data) > HEAD_BYTES or bool(BARE_LF.search(data, start))

    def _read_head(self, cfg):
        unreader = Received()
        unreader.unread(self.received)
        self.number += 1
        try:
            request = Request(cfg, unreader, self.client, self.number)
        except OSError:  # gunicorn's NoMoreData
            raise Refused(431, "Request Header Fields Too Large") from None
        self.received = bytearray(unreader.take_buffered())
        self.request = request
        # Sent by the worker, and only if it has to wait for the body.
        self.expects_continue, request._expected_100_continue = request._expected_100_continue, False
        reader = request.body.reader
        if isinstance(reader, ChunkedReader):
            # What follows is not read: nobody can disagree with us about where this body ends.
            request.force_close()
            self._end = ChunkedEnd()
        elif reader.length:
            if reader.length > BODY_BYTES:
                raise Refused(413, "Content Too Large")
            self._end = SizedEnd(reader.length)
        if self._end:
            self.body = tempfile.SpooledTemporaryFile(max_size=BODY_BYTES_IN_MEMORY)  # noqa: SIM115 - finish() closes it

    def _read_body(self) -> bool:
        number, is_whole = self._end.find(self.received)
        self.body.write(bytes(self.received[:number]))
        self.body_size += number
        del self.received[:number]
        if self.body_size > BODY_BYTES:
            raise Refused(413, "Content Too Large")
        if not is_whole:
            return False
        self.body.seek(0)
        is_chunked = isinstance(self._end, ChunkedEnd)
        self.request.body = Body(ChunkedReader(self.request, Received(self.body))) if is_chunked else self.body
        self._end = None
        return True
