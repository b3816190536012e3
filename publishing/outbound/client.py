"""Fetches an address of another site that somebody typed, without reaching anything but the public internet.

A host is resolved once, all of its addresses are checked, and the connection is made to one of these, for each
redirect again. Proxies of the environment are not used: they would resolve names themselves.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.encoding import iri_to_uri, punycode
from django.utils.translation import gettext

from . import addresses

# In seconds: of a fetch with its redirects, but for the resolver of the system; and until a host accepts a connection.
DEADLINE, CONNECT_SECONDS = 10, 5
PORTS = frozenset({80, 443})
DEFAULT_PORTS = {"http": 80, "https": 443}
MOST_REDIRECTS = 3
# Of a host, to which a connection is tried.
MOST_ADDRESSES = 3
MOST_CHARACTERS = 2000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class NotFetched(Exception):  # noqa: N818 - not an error of the program
    """What went wrong, as a sentence for an editor."""


@dataclass(frozen=True)
class Fetched:
    """The body, cut at the limit if that is allowed; the charset that the server names; the address in the end."""

    body: bytes
    charset: str
    url: str
    headers: Message = field(default_factory=Message)


def fetch(
    url: str, *, kinds: tuple[str, ...], most_bytes: int, user_agent: str, may_cut: bool = False, own: str = ""
) -> Fetched:
    """GET `url`, following redirects. Raises NotFetched unless it ends with a 200 of one of `kinds`, before `DEADLINE`.

    A body of more than `most_bytes` is refused; with `may_cut` no more of it is read. The origin `own` is that of this
    site, from the settings: it may have any address and port.
    """
    ends = monotonic() + DEADLINE
    headers = {"Accept": ", ".join(kinds), "Accept-Encoding": "identity", "User-Agent": user_agent}
    for _ in range(MOST_REDIRECTS + 1):
        parts, is_own = _checked(url, own)
        with _connected(parts, ends, is_own) as connection:
            query = f"?{parts.query}" if parts.query else ""
            connection.request("GET", f"{parts.path or '/'}{query}", headers=headers)
            response = connection.getresponse()
            # Headers that are cut look like all of them.
            _check_time(ends)
            if response.status not in _REDIRECTS:
                body = _body(response, kinds, most_bytes, may_cut)
                _check_time(ends)
                charset = response.headers.get_content_charset() or ""
                return Fetched(body, charset, parts.geturl(), response.headers)
            url = urljoin(parts.geturl(), response.getheader("Location", ""))
    raise NotFetched(gettext("It redirects too often."))


def _checked(url: str, own: str) -> tuple[SplitResult, bool]:
    """The parts of an address that may be fetched, in ASCII, and whether it is of `own`. Raises NotFetched."""
    try:
        parts, host = urlsplit(iri_to_uri(url)), punycode(urlsplit(url).hostname or "")
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except (ValueError, UnicodeError) as error:
        raise NotFetched(gettext("It is no valid address.")) from error
    has_space = any(letter <= " " for letter in host)
    if len(url) > MOST_CHARACTERS or parts.scheme not in DEFAULT_PORTS or not host or has_space:
        raise NotFetched(gettext("It is no address of the web."))
    if parts.username is not None or parts.password is not None:
        raise NotFetched(gettext("It has a name or password in it."))
    is_own = bool(own) and (parts.scheme, host, port) == _origin(own)
    if port not in PORTS and not is_own:
        raise NotFetched(gettext("Its port is not one of the web."))
    netloc = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return parts._replace(netloc=netloc, fragment=""), is_own


def _origin(own: str) -> tuple[str, str, int | None]:
    parts = urlsplit(own)
    return parts.scheme, punycode(parts.hostname or ""), parts.port or DEFAULT_PORTS.get(parts.scheme)


@contextmanager
def _connected(parts: SplitResult, ends: float, is_own: bool) -> Iterator[HTTPConnection]:
    """A connection to a checked address of the host. At `ends` it is shut, however slowly the server sends."""
    host, port, is_secure = parts.hostname, parts.port, parts.scheme == "https"
    try:
        sock = _open(addresses.resolve(host, port, only_public=not is_own), port, ends)
    except addresses.NotPublic as error:
        raise NotFetched(str(error)) from error
    if is_secure:
        sock = _encrypted(sock, host)
    connection = (HTTPSConnection if is_secure else HTTPConnection)(host, port)
    # With a socket it does not resolve the name again.
    connection.sock = sock
    watch = Timer(max(0, ends - monotonic()), _shut, [sock])
    watch.daemon = True
    watch.start()
    try:
        if is_secure:
            sock.do_handshake()
        yield connection
    except (OSError, HTTPException, ValueError) as error:
        _check_time(ends)
        raise NotFetched(gettext("Its server does not answer as a web server does.")) from error
    finally:
        watch.cancel()
        connection.close()
        sock.close()


def _open(found: list[str], port: int, ends: float) -> socket.socket:
    for address in found[:MOST_ADDRESSES]:
        _check_time(ends)
        left = ends - monotonic()
        with suppress(OSError):
            sock = socket.create_connection((address, port), timeout=min(CONNECT_SECONDS, left))
            sock.settimeout(left)
            return sock
    raise NotFetched(gettext("Its server does not answer."))


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _encrypted(sock: socket.socket, host: str) -> ssl.SSLSocket:
    """Before the handshake, which the connection does when its time is watched."""
    try:
        return _tls().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    except ValueError as error:
        sock.close()
        raise NotFetched(gettext("It is no valid address.")) from error


def _shut(sock: socket.socket) -> None:
    """Whoever waits for it reads its end. Not `SSLSocket.shutdown`, which takes the encryption from under a reader."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _check_time(ends: float) -> None:
    if monotonic() >= ends:
        raise NotFetched(gettext("Its server is too slow."))


def _body(response: HTTPResponse, kinds: tuple[str, ...], most_bytes: int, may_cut: bool) -> bytes:
    if response.status != 200:
        raise NotFetched(gettext("Its server answers %(status)s.") % {"status": response.status})
    if response.headers.get_content_type() not in kinds:
        raise NotFetched(gettext("It is not %(kind)s.") % {"kind": ", ".join(kinds)})
    if response.getheader("Content-Encoding", "identity").lower() != "identity":
        # A few bytes could become gigabytes.
        raise NotFetched(gettext("Its server sends it compressed without being asked."))
    body = response.read(most_bytes + 1)
    if len(body) > most_bytes and not may_cut:
        raise NotFetched(gettext("It is larger than %(most)s kB.") % {"most": most_bytes // 1024})
    return body[:most_bytes]
