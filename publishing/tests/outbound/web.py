"""A site of others: a real HTTP server on this machine, whose address and port a test allows."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from unittest.mock import patch

from publishing.outbound import addresses, client


class Site(ThreadingHTTPServer):
    """`pages` by path: (status, headers, body), or a function that gets the handler and writes the answer itself."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages, self.requests, self.is_over = {}, [], Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def page(self, path="/", body="", kind="text/html; charset=utf-8", status=200, **headers):
        """Serve this at `path`; returns the address."""
        body = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, {"Content-Type": kind} | named, body)
        return self.url + path


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers)))
        page = self.server.pages.get(self.path, (404, {}, b""))
        if callable(page):
            page(self)
            return
        status, headers, body = page
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Nothing: the tests look at `requests`."""


@contextmanager
def serve():
    """A `Site` whose address and port are allowed; 127.0.0.2 and all others stay refused."""
    server = Site()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    is_public = addresses.is_public
    try:
        with (
            patch.object(addresses, "is_public", lambda address: address == "127.0.0.1" or is_public(address)),
            patch.object(client, "PORTS", {*client.PORTS, server.server_port}),
        ):
            yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
