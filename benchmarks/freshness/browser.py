"""Requests to workers, and a browser that sends forms to them."""

import time
from hashlib import blake2b
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from itertools import count
from typing import NamedTuple

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

_numbers = count(1)


class Found(NamedTuple):
    """A response, with a digest of its body; `is_cached` if it came from the page store."""

    status: int
    digest: bytes
    is_cached: bool = False
    names: frozenset = frozenset()

    @property
    def page(self):
        return self.status, self.digest


def digest_of(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


def ask(port, method, url, body=None, headers=None):
    """The status, headers and body of a request from a network of its own."""
    number = next(_numbers)
    forwarded = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"X-Forwarded-For": forwarded, "Sec-Fetch-Site": "same-origin"} | (headers or {})
        connection.request(method, url, body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def page(port, url) -> Found:
    status, headers, body = ask(port, "GET", url)
    return Found(status, digest_of(body), "Age" in headers)


class Response(NamedTuple):
    """As much of a response of Django's test client as changes read."""

    status_code: int
    content: bytes
    headers: dict


class Browser:
    """Has the interface of Django's test client; the workers answer in turn."""

    def __init__(self, ports, cookies=None):
        self.ports, self.cookies = ports, dict(cookies or {})

    def get(self, url):
        return self._send("GET", url)

    def post(self, url, data=None):
        return self._send("POST", url, encode_multipart(BOUNDARY, data or {}), MULTIPART_CONTENT)

    def _send(self, method, url, body=None, content_type=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if content_type:
            headers["Content-Type"] = content_type
        self.ports.reverse()
        status, found, content = ask(self.ports[0], method, url, body, headers)
        for line in found.get_all("Set-Cookie", []):
            self.cookies |= {cookie.key: cookie.value for cookie in SimpleCookie(line).values()}
        return Response(status, content, dict(found))


def wait_until(moment):
    time.sleep(max(0, moment.timestamp() - time.time()) + 0.05)
