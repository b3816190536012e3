"""The worker under a real gunicorn: clients that are slow, silent or odd keep nobody else from a page."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest

from publishing.tests.served import ROOT, free_port, wait_for
from publishing.tests.serving.application import LARGE, PAGE

# Many more than there are threads.
THREADS, MANY = 2, 40
SMALL = b"name=Ann&body=Hello"


class Server:
    def __init__(self, port):
        self.port = port

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def get(self, path="/", method="GET", body=None, **headers):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@contextmanager
def serve(folder, *options):
    server = Server(free_port())
    command = [
        sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{server.port}",
        "--workers", "1", "--threads", str(THREADS), *options, "publishing.tests.serving.application:application",
    ]  # fmt: skip
    environment = {**os.environ, "GUNICORN_LOG_LEVEL": "info", "PRELOAD": "False"}
    with (folder / "log").open("w") as log:
        server.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)
    try:
        wait_for(server.port, server.process)
        server.get()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(timeout=60)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("worker"), "--worker-connections", "300") as server:
        yield server


def head(path="/", *lines, method="GET", version="1.1"):
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: localhost", *lines, "", ""]).encode()


def answer_on(connection, method="GET"):
    """The next answer on an open connection: (status, body, headers)."""
    response = HTTPResponse(connection, method=method)
    response.begin()
    return response.status, response.read(), response.headers


def digest(body):
    return f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode()


# --- what a client may do ---


def test_a_page_in_memory_needs_no_thread_and_any_other_has_one(server):
    assert server.get() == (200, PAGE)
    assert b"ThreadPoolExecutor" in server.get("/thread")[1]


def test_several_requests_on_one_connection_are_answered_in_turn(server):
    with server.connect() as connection:
        for path in ("/", "/thread", "/"):
            connection.sendall(head(path))
            assert answer_on(connection)[0] == 200

        connection.sendall(head("/echo", f"Content-Length: {len(SMALL)}", method="POST") + SMALL)
        assert answer_on(connection)[1] == digest(SMALL)


def test_requests_that_are_sent_in_a_row_are_answered_in_their_order(server):
    post = head("/echo", f"Content-Length: {len(SMALL)}", method="POST") + SMALL
    with server.connect() as connection, connection.makefile("rb") as file:
        connection.sendall((head() + post + head("/thread")) * 20 + head("/", "Connection: close"))
        answers = file.read().split(b"HTTP/1.1 200 OK\r\n")[1:]

    bodies = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert bodies[::3] == [PAGE] * 21
    assert bodies[1::3] == [digest(SMALL)] * 20


def test_head_has_the_length_and_no_body(server):
    with server.connect() as connection:
        connection.sendall(head(method="HEAD"))
        status, body, headers = answer_on(connection, "HEAD")
        assert (status, body, headers["Content-Length"]) == (200, b"", str(len(PAGE)))
        connection.sendall(head())
        assert answer_on(connection)[1] == PAGE


def test_the_connection_is_closed_after_an_answer_if_the_client_asks_or_speaks_http_1_0(server):
    for request in (head("/", "Connection: close"), head(version="1.0"), head("/thread", "Connection: close")):
        with server.connect() as connection, connection.makefile("rb") as file:
            connection.sendall(request)
            assert b"Connection: close" in file.read()


def test_a_body_is_received_whole_whatever_its_size_and_in_whatever_pieces(server):
    for body in (SMALL, os.urandom(6_000_000)):
        assert server.get("/echo", "POST", body) == (200, digest(body))

    with server.connect() as connection:
        for piece in [head("/echo", f"Content-Length: {len(SMALL)}", method="POST"), SMALL[:5], SMALL[5:]]:
            connection.sendall(piece)
            time.sleep(0.05)
        assert answer_on(connection)[1] == digest(SMALL)


def test_a_chunked_body_is_received_whole_and_ends_the_connection(server):
    body = os.urandom(1_000_000)
    pieces = [body[at : at + 70_001] for at in range(0, len(body), 70_001)]
    with server.connect() as connection:
        connection.sendall(head("/echo", "Transfer-Encoding: chunked", method="POST"))
        for piece in pieces:
            connection.sendall(b"%x;name=value\r\n" % len(piece) + piece + b"\r\n")
        connection.sendall(b"0\r\nX-Checksum: value\r\n\r\n" + head("/thread"))
        status, found, headers = answer_on(connection)

        assert (status, found, headers["Connection"]) == (200, digest(body), "close")
        assert connection.recv(100) == b""


def test_a_client_that_asks_is_told_to_send_its_body(server):
    with server.connect() as connection:
        connection.sendall(head("/echo", f"Content-Length: {len(SMALL)}", "Expect: 100-continue", method="POST"))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(SMALL)
        assert answer_on(connection)[1] == digest(SMALL)


@pytest.mark.parametrize(
    "request_bytes, status",
    [
        (b"GET / HTTP/1.1\n\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (head("/echo", "Content-Length: 3", "Transfer-Encoding: chunked", method="POST") + b"0\r\n\r\n", 400),
        (head("/echo", "Content-Length: 3", "Content-Length: 4", method="POST") + b"abcd", 400),
        (head("/echo", "Transfer-Encoding: chunked", method="POST") + b"0x3\r\nabc\r\n0\r\n\r\n", 400),
        (head("/echo", "Transfer-Encoding: chunked", method="POST") + b"3\r\nabcde\r\n0\r\n\r\n", 400),
        (head("/echo", "Content-Length: 13000000", "Expect: 100-continue", method="POST"), 413),
        (head("/", *(f"X-{number}: {'x' * 1000}" for number in range(120)))[:-4], 431),
        (head("/" + "x" * 9000), 414),
    ],
)
def test_what_is_no_request_is_refused_and_nothing_after_it_is_read(server, request_bytes, status):
    with server.connect() as connection, connection.makefile("rb") as file:
        connection.sendall(request_bytes + head("/thread"))
        answers = file.read()

    assert answers.startswith(b"HTTP/1.1 %d " % status)
    assert answers.count(b"HTTP/1.1 ") == 1


# --- what a client may do to others ---


def half_a_head(connection):
    connection.sendall(head()[:-4])


def half_a_body(connection):
    connection.sendall(head("/echo", "Content-Length: 1000", method="POST") + SMALL)


def half_a_chunk(connection):
    connection.sendall(head("/echo", "Transfer-Encoding: chunked", method="POST") + b"ff\r\n" + SMALL)


def nothing(connection):
    pass


def one_request_that_asks_for_close(connection):
    connection.sendall(head("/", "Connection: close"))


def one_request_for_what_it_does_not_read(connection):
    connection.sendall(head("/large"))


def one_request_for_a_file_that_it_does_not_read(connection):
    connection.sendall(head("/file"))


@pytest.mark.parametrize(
    "act",
    [
        half_a_head, half_a_body, half_a_chunk, nothing, one_request_that_asks_for_close,
        one_request_for_what_it_does_not_read, one_request_for_a_file_that_it_does_not_read,
    ],
)  # fmt: skip
def test_many_clients_that_wait_keep_nobody_from_a_page_or_a_thread(server, act):
    with ExitStack() as stack:
        for _ in range(MANY):
            act(stack.enter_context(server.connect()))

        started = time.monotonic()
        for _ in range(10):
            assert server.get() == (200, PAGE)
            assert server.get("/echo", "POST", SMALL) == (200, digest(SMALL))
        # A worker that waits for its clients answers after seconds each, or never.
        assert time.monotonic() - started < 10


def test_pages_in_memory_are_answered_while_every_thread_is_busy(server):
    with ExitStack() as stack:
        busy = [stack.enter_context(server.connect()) for _ in range(THREADS)]
        for connection in busy:
            connection.sendall(head("/sleep"))
        assert [server.get() for _ in range(20)] == [(200, PAGE)] * 20
        for connection in busy:
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)


@pytest.mark.parametrize("path", ["/large", "/file", "/stream"])
def test_a_slow_reader_gets_all_of_a_large_answer(server, path):
    with server.connect() as connection:
        connection.sendall(head(path))
        time.sleep(0.3)
        assert answer_on(connection)[1] == LARGE


def test_more_silent_connections_than_there_may_be_make_room_for_new_ones(server):
    with ExitStack() as stack:
        silent = [stack.enter_context(server.connect()) for _ in range(350)]
        assert [server.get() for _ in range(20)] == [(200, PAGE)] * 20
        # The oldest is closed first.
        assert silent[0].recv(1) == b""


def test_clients_that_do_not_go_on_are_told_so_and_closed(tmp_path):
    worker = "publishing.tests.serving.application.HastyWorker"
    with serve(tmp_path, "--worker-class", worker, "--keep-alive", "1") as server, ExitStack() as stack:
        for act in (half_a_head, half_a_body, half_a_chunk):
            connection = stack.enter_context(server.connect())
            act(connection)
            assert answer_on(connection)[0] == 408
            assert connection.recv(1) == b""

        kept, silent, stream = [stack.enter_context(server.connect()) for _ in range(3)]
        kept.sendall(head())
        assert answer_on(kept)[1] == PAGE
        stream.sendall(head("/stream"))
        assert kept.recv(1) == silent.recv(1) == b""
        time.sleep(1)
        assert len(b"".join(iter(lambda: stream.recv(1_000_000), b""))) < len(LARGE)


def test_workers_share_connections_that_are_opened_in_one_moment(tmp_path):
    with serve(tmp_path, "--workers", "2") as server, ExitStack() as stack:
        time.sleep(0.5)
        connections = [stack.enter_context(server.connect()) for _ in range(20)]
        for connection in connections:
            connection.sendall(head("/process"))
        found = Counter(answer_on(connection)[1] for connection in connections)

    # The first to wake would have all of them.
    assert len(found) == 2 and min(found.values()) >= 4


# --- the end ---


def test_a_worker_that_stops_finishes_what_it_has_begun(tmp_path):
    with serve(tmp_path) as server, server.connect() as in_pool, server.connect() as kept, server.connect() as half:
        kept.sendall(head())
        assert answer_on(kept)[0] == 200
        in_pool.sendall(head("/sleep"))
        half.sendall(head("/echo", f"Content-Length: {len(SMALL)}", method="POST"))
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        half.sendall(SMALL)
        kept.sendall(head())

        assert answer_on(half)[1:2] == (digest(SMALL),)
        assert answer_on(in_pool)[1] == b"awake"
        status, body, headers = answer_on(kept)
        assert (status, body, headers["Connection"]) == (200, PAGE, "close")
        assert server.process.wait(timeout=60) == 0


def test_a_worker_is_replaced_after_its_number_of_requests_and_loses_none(tmp_path):
    options = ["--max-requests", "5", "--max-requests-jitter", "0", "--access-logfile", "-"]
    with serve(tmp_path, *options) as server:
        assert [server.get() for _ in range(30)] == [(200, PAGE)] * 30

    log = (tmp_path / "log").read_text()
    assert log.count("Autorestarting worker") >= 3
    assert log.count('"GET / HTTP/1.1" 200') == 31
