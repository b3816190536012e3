"""What gunicorn writes an answer to, in place of the socket."""

import errno
import os
import select
from collections import deque
from itertools import islice, takewhile

# An answer in one piece may be larger: a page is there already. One that is made while it is sent waits for the client.
WAITING_BYTES = 1024 * 1024
# At a time, so that one fast client does not keep the others waiting.
SEND_BYTES = 1024 * 1024
# nginx's `send_timeout` is 60: a client that takes nothing for so long is gone.
SEND_SECONDS = 30


class Part:
    """A piece of an open file."""

    def __init__(self, number: int, offset: int, count: int):
        self.number, self.offset, self.count = number, offset, count

    def send(self, socket) -> bool:
        """Send what the socket takes; whether it was all. Raises BlockingIOError."""
        sent = os.sendfile(socket.fileno(), self.number, self.offset, min(self.count, SEND_BYTES))
        if not sent:
            raise BrokenPipeError(errno.EPIPE, "The file is shorter than announced.")
        self.offset += sent
        self.count -= sent
        return not self.count


class Output:
    """Bytes and files that wait for the client to take them.

    The poller sends with `flush()` and never waits. A thread that writes more than `WAITING_BYTES` in pieces waits.
    """

    def __init__(self, socket):
        self._socket = socket
        self._parts: deque = deque()
        self._size = 0

    def sendall(self, data) -> None:
        while self._size > WAITING_BYTES and not self.flush():
            poll = select.poll()
            poll.register(self._socket, select.POLLOUT)
            if not poll.poll(SEND_SECONDS * 1000):
                raise BrokenPipeError(errno.EPIPE, "The client takes nothing.")
        if data:
            self._parts.append(data)
            self._size += len(data)

    def sendfile(self, file, offset=0, count=None) -> None:
        # gunicorn closes the file before it is sent.
        if count:
            self._parts.append(Part(os.dup(file.fileno()), offset, count))

    def gettimeout(self):
        return 0.0

    def setblocking(self, flag):
        """Of no effect: the socket never blocks."""

    def shutdown(self, how):
        raise OSError(errno.ENOTSUP, "The poller closes the connection.")

    def close(self) -> None:
        """Forget what was not sent."""
        for part in self._parts:
            if isinstance(part, Part):
                os.close(part.number)
        self._parts.clear()

    def flush(self) -> bool:
        """Send what the socket takes, about `SEND_BYTES` at most; returns whether nothing is left. Raises OSError."""
        sent = 0
        try:
            while self._parts and sent < SEND_BYTES:
                sent += self._send()
        except BlockingIOError:
            pass
        return not self._parts

    def _send(self) -> int:
        first = self._parts[0]
        if isinstance(first, Part):
            if first.send(self._socket):
                os.close(self._parts.popleft().number)
            return SEND_BYTES
        pieces = takewhile(lambda part: not isinstance(part, Part), islice(self._parts, 16))
        sent = left = self._socket.sendmsg(list(pieces))
        self._size -= sent
        while left:
            first = self._parts.popleft()
            if left < len(first):
                self._parts.appendleft(memoryview(first)[left:])
                break
            left -= len(first)
        return sent
