"""A request is the same in whatever pieces it arrives."""

import pytest
from gunicorn.config import Config

from publishing.serving.connection import Connection

HEAD = b"POST /path?query HTTP/1.1\r\nHost: localhost\r\nX-Name: value\r\n"
REQUESTS = [
    (b"\r\n" + HEAD + b"\r\n", b""),
    (HEAD + b"Content-Length: 12\r\n\r\n" + b"\r\n\r\nbody\n\n\r\n", b"\r\n\r\nbody\n\n\r\n"),
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\n\r\nx\r\n2\r\nyz\r\n0\r\nX-T: 1\r\n\r\n", b"\r\nxyz"),
]


@pytest.mark.parametrize("request_bytes, body", REQUESTS)
def test_it_is_read_in_any_two_pieces_and_byte_by_byte(request_bytes, body):
    length = len(request_bytes)
    for cuts in [[cut] for cut in range(1, length)] + [list(range(1, length))]:
        conn, start = Connection(None, ("127.0.0.1", 1), ("127.0.0.1", 2)), 0
        for cut in cuts:
            conn.received += request_bytes[start:cut]
            start = cut
            assert not conn.complete(Config()), cuts
        conn.received += request_bytes[start:] + b"next"

        assert conn.complete(Config()), cuts
        assert (conn.request.path, conn.request.body.read(), conn.received) == ("/path", body, b"next")
        conn.finish()
