"""Load on a server of this machine, from one thread, over persistent connections spread evenly over its workers.

A closed loop sends the next request when it has the answer to the last one: it finds the highest rate. An open loop
sends by the clock, as readers do: an answer is late from the moment at which its request was due.
"""

import os
import random
import selectors
import signal
import socket
import time
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat

TIMEOUT_SECONDS = 30
ACCEPT_SECONDS = 0.2
RECEIVE_BYTES = 1 << 18
# An open loop gives up this long after its last request was due.
PATIENCE_SECONDS = 20


class WrongAnswer(Exception):
    """The server gave another answer than expected, or none."""


@dataclass
class Sample:
    """One spell of load: how long it was, and how many seconds each answer took."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """The latency in milliseconds that `percent` of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def request(path: str, encoding: str = "", method: str = "GET", body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"Accept-Encoding: {encoding}"] if encoding else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One persistent connection with at most one request in flight. Reopened when the server has closed it."""

    def __init__(self, port: int, selector: selectors.BaseSelector | None = None):
        self.port, self.selector, self.message = port, selector, b""
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.selector:
            self.selector.register(self.socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        if self.selector:
            self.selector.unregister(self.socket)
        self.socket.close()

    def send(self, message: bytes) -> None:
        self.message, self.received, self.size, self.sent_at = message, b"", None, time.perf_counter()
        try:
            self.socket.sendall(message)
        except OSError:
            self.close()
            self.open()
            self.socket.sendall(message)

    def receive(self) -> bool:
        """Take what has arrived; returns whether the answer is complete.

        A connection that the server closed before it answered is opened again, with the same request.
        """
        part = self.socket.recv(RECEIVE_BYTES)
        if not part:
            self.close()
            self.open()
            if self.message:
                self.socket.sendall(self.message)
                self.received, self.size = b"", None
            return False
        self.received += part
        if self.size is None:
            self._read_head()
        if self.size is None or len(self.received) < self.size:
            return False
        self.message = b""
        return True

    def _read_head(self):
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.received[:end].lower()
        self.status, self.head = int(head[9:12]), end + 4
        at = head.find(b"\r\ncontent-length:")
        if at < 0 and self.status not in (204, 304):
            raise WrongAnswer(f"An answer without a length: {head.decode('latin-1')}")
        self.size = self.head + (int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0)
        self.closes = b"\r\nconnection: close" in head

    def ask(self, message: bytes) -> bytes:
        """Send, and wait for the whole answer; returns its body."""
        self.send(message)
        while not self.receive():
            pass
        if self.closes:
            self.close()
            self.open()
        return self.received[self.head : self.size]

    def headers(self) -> list[tuple[str, str]]:
        lines = self.received[: self.head - 4].decode("latin-1").split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def fetch(port: int, path: str, encoding: str = "") -> tuple[list[tuple[str, str]], bytes]:
    """One page: its headers and its body as sent. Raises WrongAnswer unless the status is 200."""
    connection = Connection(port)
    body = connection.ask(request(path, encoding))
    connection.socket.close()
    if connection.status != 200:
        raise WrongAnswer(f"{path}: {connection.status}")
    return connection.headers(), body


@contextmanager
def stopped(processes: list[int]) -> Iterator[None]:
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def accepted(port: int) -> Connection:
    """A connection of a worker that runs. The kernel gives some to stopped workers: these are closed."""
    for _ in range(200):
        connection = Connection(port)
        connection.socket.settimeout(ACCEPT_SECONDS)
        try:
            connection.ask(request("/healthz"))
        except TimeoutError:
            connection.close()
        else:
            connection.socket.settimeout(TIMEOUT_SECONDS)
            return connection
    raise WrongAnswer("No worker accepts a connection.")


@contextmanager
def spread(server, number: int, selector=None) -> Iterator[list[Connection]]:
    """`number` connections, as many to each worker, until the block ends. Each has been used once.

    A connection is accepted by whichever worker is awake first, so the others are stopped for a moment.
    """
    workers, opened = server.workers(), []
    for place, worker in enumerate(workers):
        share = number // len(workers) + (place < number % len(workers))
        with stopped([other for other in workers if other != worker]):
            opened += [accepted(server.port) for _ in range(share)]
    for connection in opened if selector else []:
        connection.selector = selector
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    try:
        # By turns, so that what is sent to the first few goes to all workers.
        yield random.Random(1).sample(opened, len(opened))
    finally:
        for connection in opened:
            connection.close()


def closed_loop(
    server, messages: bytes | Iterator[bytes], connections: int, seconds: float, expected: Collection[int] = (200,)
) -> Sample:
    """As many answers as the server gives. Raises WrongAnswer for one of another status than is expected."""
    messages = repeat(messages) if isinstance(messages, bytes) else messages
    sample, waiting = Sample(), 0
    with selectors.DefaultSelector() as selector, spread(server, connections, selector) as opened:
        started = time.perf_counter()
        for connection, message in zip(opened, messages, strict=False):
            connection.send(message)
            waiting += 1
        while waiting:
            events = selector.select(TIMEOUT_SECONDS)
            if not events:
                raise WrongAnswer(f"No answer for {TIMEOUT_SECONDS} seconds.")
            for key, _ in events:
                connection = key.data
                if not connection.receive():
                    continue
                if connection.status not in expected:
                    raise WrongAnswer(f"{connection.status} instead of {expected}")
                sample.statuses[connection.status] += 1
                now = time.perf_counter()
                sample.latencies.append(now - connection.sent_at)
                message = next(messages, None) if now < started + seconds else None
                if message is None:
                    waiting -= 1
                    continue
                if connection.closes:
                    connection.close()
                    connection.open()
                connection.send(message)
        sample.seconds = time.perf_counter() - started
    return sample


def open_loop(server, messages: Iterable[bytes], rate: int, each_second=None, connections: int = 64) -> Sample:
    """Send one message after the other, `rate` a second, and count each answer from the moment its request was due.

    `each_second` is called whenever a second's requests have been sent, however late they are.
    """
    messages, sample, due = list(messages), Sample(), deque()
    with selectors.DefaultSelector() as selector, spread(server, connections, selector) as opened:
        free, flying, sent = deque(opened), {}, 0
        started = time.perf_counter()
        last = started + len(messages) / rate + PATIENCE_SECONDS
        while len(sample.latencies) < len(messages) and time.perf_counter() < last:
            now = time.perf_counter() - started
            while sent < len(messages) and sent / rate <= now:
                due.append(sent)
                sent += 1
            while due and free:
                connection, number = free.popleft(), due.popleft()
                flying[connection] = number
                connection.send(messages[number])
                if each_second and number % rate == 0:
                    each_second()
            pause = sent / rate - now if sent < len(messages) else 0.05
            for key, _ in selector.select(max(0.0, min(0.05, pause))):
                connection = key.data
                if not connection.receive() or connection not in flying:
                    continue
                sample.latencies.append(time.perf_counter() - started - flying.pop(connection) / rate)
                sample.statuses[connection.status] += 1
                if connection.closes:
                    connection.close()
                    connection.open()
                free.append(connection)
        sample.seconds = time.perf_counter() - started
        # What is not answered yet took at least this long.
        unanswered = [*flying.values(), *due, *range(sent, len(messages))]
        sample.statuses["unanswered"] += len(unanswered)
        sample.latencies += [sample.seconds - number / rate for number in unanswered]
    return sample
