"""The report and the load of `make bench`."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import pytest

from benchmarks.bench import limits, load, plots, report


def worst(limit):
    return 0.0 if limit.at_least else 10.0**9


def test_only_a_count_that_is_worse_than_its_ceiling_is_broken():
    found = {limit.name: worst(limit) for limit in limits.LIMITS}
    counts = {limit.name for limit in limits.LIMITS if limit.is_count}

    assert set(report.broken(found)) == counts
    assert report.broken({limit.name: limit.target for limit in limits.LIMITS}) == []


def test_every_limit_is_shown_beside_what_was_found():
    table = report.limits({limit.name: limit.target for limit in limits.LIMITS})

    assert [limit.name for limit in limits.LIMITS if f"| {limit.name} " not in table] == []
    assert table.count("reached") == len(limits.LIMITS)


def test_a_run_rewrites_its_own_blocks_of_the_documentation():
    page = (
        "before\n<!-- bench: limits -->\nold\n<!-- end -->\nbetween\n<!-- bench: costs -->\nkeep\n<!-- end -->\nafter"
    )

    text = report.rewritten(page, {"limits": "new"})

    assert text == page.replace("\nold\n", "\n\nnew\n\n")


def test_pictures_name_every_page_and_every_size():
    costs = {name: page.cpu_ms for name, page in limits.PAGES.items()}
    growth = ElementTree.fromstring(plots.growth({1000: costs, 20_000: costs}, costs))
    readers = ElementTree.fromstring(plots.readers({"without writes": (99.5, 12.0)}, 500))

    words = {element.text for element in growth.iter("{http://www.w3.org/2000/svg}text")}
    assert {*limits.PAGES, "1,000", "20,000"} <= words
    assert "99.5 %" in {element.text for element in readers.iter("{http://www.w3.org/2000/svg}text")}


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        """No log."""


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that closes early is not an error."""


class OneWorker:
    """A server whose every new connection its only worker has."""

    def __init__(self, port):
        self.port, self.opened = port, 0

    def workers(self):
        return [1]

    def sockets(self):
        self.opened += 1
        return {1: self.opened}


@pytest.fixture
def server():
    server = Server(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield OneWorker(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_open_loop_sends_everything_and_counts_each_answer_once(server):
    seconds = []
    messages = [load.request("/missing" if number % 4 == 0 else "/") for number in range(40)]

    sample = load.open_loop(server, messages, 20, lambda: seconds.append(1), connections=4)

    assert (sample.statuses[200], sample.statuses[404], sample.statuses["unanswered"]) == (30, 10, 0)
    assert len(sample.latencies) == 40
    assert len(seconds) == 2


def test_load_ends_at_an_answer_of_another_status(server):
    with pytest.raises(load.WrongAnswer, match="404"):
        load.closed_loop(server, load.request("/missing"), 2, 60)
