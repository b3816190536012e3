"""A load generator: as many requests as a server answers over a number of kept connections, every answer checked.

Each connection sends its next request when it has the whole answer to the last one, so the number of connections is
the number of requests in flight. One thread, standard library only.
"""

import selectors
import socket
import time
from dataclasses import dataclass, field
from statistics import median

TIMEOUT_SECONDS = 30
RECEIVE_BYTES = 1 << 18


class WrongAnswer(Exception):
    """The server answered with something else than the page, or not at all."""


@dataclass
class Sample:
    """One spell of load: how many answers came in how many seconds, and how many seconds each of them took."""

    answers: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds

    def percentile(self, percent: float) -> float:
        """The latency, in seconds, that so many percent of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def joined(samples: list[Sample]) -> tuple[float, Sample]:
    """The median rate of several spells, and one sample with the answers of all."""
    whole = Sample(sum(s.answers for s in samples), sum(s.seconds for s in samples))
    for sample in samples:
        whole.latencies += sample.latencies
    return median(sample.rate for sample in samples), whole


def request(port: int, path: str, encoding: str = "") -> bytes:
    accept = f"Accept-Encoding: {encoding}\r\n" if encoding else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{accept}\r\n".encode()


class Connection:
    """One kept connection with one request in flight."""

    def __init__(self, port: int, message: bytes):
        self.message = message
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        self.parts, self.received, self.size = [], 0, None
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.message)

    def receive(self) -> bool:
        """Take what has arrived; returns whether the answer is complete. Raises WrongAnswer for a bad one."""
        part = self.socket.recv(RECEIVE_BYTES)
        if not part:
            raise WrongAnswer(f"The connection was closed after {self.received} bytes of an answer.")
        self.parts.append(part)
        self.received += len(part)
        if self.size is None:
            self._read_head()
        return self.size is not None and self.received >= self.size

    def _read_head(self):
        start = b"".join(self.parts)
        end = start.find(b"\r\n\r\n")
        if end < 0:
            return
        if not start.startswith(b"HTTP/1.1 200 "):
            raise WrongAnswer(start[:end].decode("latin-1"))
        head = start[:end].lower()
        at = head.find(b"\r\ncontent-length:")
        if at < 0:
            raise WrongAnswer(f"An answer without a length: {head.decode('latin-1')}")
        value = head[at + 17 :].split(b"\r\n", 1)[0]
        self.head, self.body_length = end + 4, int(value)
        self.size = self.head + self.body_length

    def body(self) -> bytes:
        """The body of the complete answer."""
        return b"".join(self.parts)[self.head :]

    def headers(self) -> list[tuple[str, str]]:
        lines = b"".join(self.parts)[: self.head - 4].decode("latin-1").split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def fetch(port: int, path: str, encoding: str = "") -> tuple[list[tuple[str, str]], bytes]:
    """One page: its headers and its body as sent. Raises WrongAnswer unless the status is 200."""
    connection = Connection(port, request(port, path, encoding))
    connection.send()
    while not connection.receive():
        pass
    connection.socket.close()
    return connection.headers(), connection.body()


def run(port: int, message: bytes, length: int, connections: int, seconds: float) -> Sample:
    """Load the server for about so many seconds. Raises WrongAnswer unless every answer is a 200 of `length` bytes."""
    sample = Sample()
    opened = [Connection(port, message) for _ in range(connections)]
    with selectors.DefaultSelector() as selector:
        for connection in opened:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        started = time.perf_counter()
        until, waiting = started + seconds, len(opened)
        for connection in opened:
            connection.send()
        while waiting:
            events = selector.select(TIMEOUT_SECONDS)
            if not events:
                raise WrongAnswer(f"No answer for {TIMEOUT_SECONDS} seconds.")
            for key, _ in events:
                connection = key.data
                if not connection.receive():
                    continue
                if connection.body_length != length or connection.received != connection.size:
                    raise WrongAnswer(f"A body of {connection.body_length} bytes instead of {length}.")
                now = time.perf_counter()
                sample.latencies.append(now - connection.sent_at)
                if now < until:
                    connection.send()
                else:
                    waiting -= 1
        sample.seconds = time.perf_counter() - started
    for connection in opened:
        connection.socket.close()
    sample.answers = len(sample.latencies)
    return sample
