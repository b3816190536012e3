"""Under a server that needs a thread for a cached page: which requests wait, and which never do."""

import select
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from socket import create_connection

import pytest

from publishing.serving.places import THREADS_PER_PLACE, Places
from publishing.tests.served import ROOT, free_port, wait_for
from publishing.tests.serving.application import PAGE

PLACES = 2


class Application:
    """Has / in memory; renders others until it is told to go on, and sends /stream in pieces."""

    def __init__(self):
        self.inside, self.most, self.go, self.lock = 0, 0, threading.Event(), threading.Lock()
        self.begun = threading.Semaphore(0)

    def answer(self, environ):
        return ("200 OK", [], b"in memory") if environ["PATH_INFO"] == "/" else None

    def __call__(self, environ, start_response):
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/stream":
            return iter([b"a", b"b"])
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.begun.release()
        assert self.go.wait(20)
        with self.lock:
            self.inside -= 1
        return [b"rendered"]


def ask(places, path):
    statuses = []
    chunks = places({"PATH_INFO": path}, lambda status, headers: statuses.append(status[:3]))
    return statuses[0], chunks


@pytest.fixture
def application():
    return Application()


def test_the_last_thread_is_left_to_pages_in_memory(application):
    places, answers = Places(application, PLACES), []
    threads = [
        threading.Thread(target=lambda: answers.append(ask(places, "/article")))
        for _ in range(PLACES * THREADS_PER_PLACE - 1)
    ]
    with ExitStack() as stack:
        stack.callback(lambda: [thread.join() for thread in threads])
        stack.callback(application.go.set)
        for thread in threads:
            thread.start()
        for _ in range(PLACES):
            assert application.begun.acquire(timeout=20)
        while places._threads._value:
            time.sleep(0.01)
        assert ask(places, "/article")[0] == "503"
        assert ask(places, "/") == ("200", [b"in memory"])

    assert answers == [("200", [b"rendered"])] * len(threads)
    assert application.most == PLACES
    assert ask(places, "/article")[0] == "200"


@pytest.mark.parametrize("end", [lambda body: body.close(), lambda body: None], ids=["closed", "forgotten"])
def test_an_answer_in_pieces_has_its_place_until_it_is_closed_or_forgotten(application, end):
    application.go.set()
    places = Places(application, 1)
    for _ in range(THREADS_PER_PLACE * 2):
        _, body = ask(places, "/stream")
        assert b"".join(body) == b"ab"
        assert not places._places.acquire(blocking=False)
        end(body)
        del body

    assert ask(places, "/article") == ("200", [b"rendered"])


@pytest.fixture
def granian():
    """The port of a real one with one place."""
    port = free_port()
    options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", str(THREADS_PER_PLACE)]
    command = [sys.executable, "-m", "granian", *options, "publishing.tests.serving.application:in_places"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


def test_granian_answers_a_page_in_memory_while_others_wait_for_a_place(granian):
    with ExitStack() as stack:
        sleeping = [stack.enter_context(create_connection(("127.0.0.1", granian), timeout=60)) for _ in range(3)]
        for connection in sleeping:
            connection.sendall(b"GET /sleep HTTP/1.1\r\nHost: localhost\r\n\r\n")
        page = HTTPConnection("127.0.0.1", granian, timeout=60)
        page.request("GET", "/")
        assert page.getresponse().read() == PAGE
        assert len(select.select(sleeping, [], [], 0)[0]) < len(sleeping)
        for connection in sleeping:
            response = HTTPResponse(connection)
            response.begin()
            assert response.read() == b"awake"
        page.close()
