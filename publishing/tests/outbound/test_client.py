"""Requests to addresses that somebody typed reach nothing but the public internet, and end."""

import socket
from unittest.mock import patch

import pytest

from publishing.outbound import addresses, client
from publishing.outbound.client import NotFetched, fetch

from .web import serve

HTML = {"kinds": ("text/html",), "most_bytes": 1000, "user_agent": "tests"}


@pytest.fixture
def elsewhere():
    with serve() as server:
        yield server


@pytest.fixture
def no_connection():
    """Fails if a connection is tried."""
    with patch.object(socket, "create_connection", side_effect=AssertionError("connected")):
        yield


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(client, "DEADLINE", 0.25)


def resolving(monkeypatch, *answers):
    """The resolver says these lists of addresses, one after the other; returns the hosts that it was asked for."""
    asked, waiting = [], list(answers)

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in waiting.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


# --- which addresses ---


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.9.9.9", "169.254.169.254",
        "168.63.129.16", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd00:ec2::254",
        "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_public_internet_is_refused(address):
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111"])
def test_a_public_address_is_not(address):
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/",
        "http://0/", "http://localhost/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://169.254.169.254/latest/meta-data/",
        "http://１２７.0.0.1/", "http://127。0。0。1/",
        "https://127.0.0.1/", "http://127.0.0.1:443/",
        "http://example.org:22/", "http://example.org:8080/", "http://example.org:99999/", "http://example.org:x/",
        "http://user@example.org/", "http://user:secret@example.org/", "http://a\\@127.0.0.1/", "http://@example.org/",
        "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "//example.org/", "example.org",
        "javascript:alert(1)", "http://", "http:///path", "http://.example.org/", "http://exa mple.org/",
        "http://example.org\r\nHost: other/", "http://[::1", f"http://{'a' * 64}.example/",
        f"http://example.org/{'a' * 2000}",
    ],
)  # fmt: skip
def test_what_is_not_on_the_public_web_is_refused_before_a_connection(url, no_connection):
    with pytest.raises(NotFetched):
        fetch(url, **HTML)


def test_a_host_with_one_private_address_is_refused(monkeypatch, no_connection):
    resolving(monkeypatch, ["93.184.216.34", "10.0.0.1"])

    with pytest.raises(NotFetched, match="public internet"):
        fetch("http://example.org/", **HTML)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A name server that says 127.0.0.1 the second time is not asked a second time."""
    asked = resolving(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    connected = []
    monkeypatch.setattr(socket, "create_connection", lambda address, **options: connected.append(address) or _refuse())

    with pytest.raises(NotFetched, match="does not answer"):
        fetch("http://example.org/", **HTML)
    assert asked == ["example.org"]
    assert connected == [("93.184.216.34", 80)]


def _refuse():
    raise ConnectionRefusedError


# --- what is sent and received ---


def test_a_page_is_fetched_without_anything_of_ours(elsewhere):
    url = elsewhere.page("/a?b=c", "<title>A</title>")

    found = fetch(f"{url}#part", **HTML)

    assert (found.body, found.charset) == (b"<title>A</title>", "utf-8")
    ((path, headers),) = elsewhere.requests
    assert path == "/a?b=c"
    assert set(headers) == {"Host", "Accept", "Accept-Encoding", "User-Agent"}


def test_redirects_are_followed_three_times_and_checked_each_time(elsewhere):
    for number in range(5):
        elsewhere.page(f"/{number}", status=302, Location=f"{number + 1}")
    elsewhere.page("/5", "end")
    assert fetch(f"{elsewhere.url}/2", **HTML).body == b"end"
    with pytest.raises(NotFetched, match="too often"):
        fetch(f"{elsewhere.url}/1", **HTML)


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.2:{port}/", "http://169.254.169.254/", "file:///etc/passwd", "http://[::1]:{port}/",
     "http://127.0.0.1:22/", "http://a:b@127.0.0.1:{port}/"],
)  # fmt: skip
def test_a_redirect_leads_nowhere_that_the_address_itself_could_not(elsewhere, target):
    url = elsewhere.page("/", status=301, Location=target.format(port=elsewhere.server_port))

    with pytest.raises(NotFetched, match="public|web|name or password"):
        fetch(url, **HTML)
    assert len(elsewhere.requests) == 1


def test_a_large_page_is_cut_and_anything_else_that_is_large_is_refused(elsewhere):
    url = elsewhere.page("/", b"x" * 5_000_000)

    assert fetch(url, **HTML, may_cut=True).body == b"x" * 1000
    with pytest.raises(NotFetched, match="larger"):
        fetch(url, **HTML)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ({"kind": "image/png"}, "not text/html"),
        ({"kind": "nonsense"}, "not text/html"),
        ({"status": 404}, "404"),
        ({"status": 503}, "503"),
        ({"Content_Encoding": "gzip"}, "compressed"),
    ],
)
def test_another_answer_than_was_asked_for_is_refused(elsewhere, page, reason):
    with pytest.raises(NotFetched, match=reason):
        fetch(elsewhere.page("/", "x", **page), **HTML)


def test_a_server_that_speaks_no_http_is_refused(elsewhere):
    elsewhere.pages["/"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")
    with pytest.raises(NotFetched, match="as a web server"):
        fetch(f"{elsewhere.url}/", **HTML)

    elsewhere.pages["/"] = lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000 + b"\r\n")
    with pytest.raises(NotFetched):
        fetch(f"{elsewhere.url}/", **HTML)


def drip(start, piece):
    def write(handler):
        handler.wfile.write(start)
        for _ in range(200):
            handler.wfile.write(piece)
            handler.wfile.flush()
            if handler.server.is_over.wait(0.02):
                return

    return write


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "length", "chunks", "header", "continue"],
)
def test_a_server_that_sends_slowly_has_an_end(elsewhere, quick, answer):
    elsewhere.pages["/"] = answer

    with pytest.raises(NotFetched, match="too slow"):
        fetch(f"{elsewhere.url}/", **HTML)
    elsewhere.is_over.set()


def test_a_server_that_is_silent_after_the_connection_has_an_end_also_with_encryption(monkeypatch, quick):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(addresses, "is_public", lambda address: True)
        monkeypatch.setattr(client, "PORTS", {port})

        for scheme in ("http", "https"):
            with pytest.raises(NotFetched, match="too slow"):
                fetch(f"{scheme}://127.0.0.1:{port}/", **HTML)


def test_the_certificate_of_a_server_is_checked(elsewhere):
    with pytest.raises(NotFetched):
        fetch(elsewhere.url.replace("http:", "https:"), **HTML)


def test_redirects_share_one_deadline(elsewhere, quick):
    def slow(handler):
        handler.server.is_over.wait(0.15)
        handler.send_response(302)
        handler.send_header("Location", "/")
        handler.end_headers()

    elsewhere.pages["/"] = slow
    with pytest.raises(NotFetched, match="too slow"):
        fetch(f"{elsewhere.url}/", **HTML)
