"""Compression of pages: which codings a client accepts, quickly in a request, and as small as possible afterwards."""

import gzip
import re
import sys
from collections.abc import Callable
from functools import lru_cache

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY = ""
# The first that a client accepts is made in the request. gzip is for old clients and programs. With a window of 64 kB
# Brotli's ninth level takes 0.8 ms for an article of 48 kB, and 13 with the default one. The fifth takes 0.6, for 0.7 %
# more bytes; the tenth 19, for 9 % less.
QUICK: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=9, lgwin=16),
    "zstd": lambda body: zstd.compress(body, 6),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
SMALLEST: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=11),
    "zstd": lambda body: zstd.compress(body, 19),
}
_DECOMPRESS = {IDENTITY: bytes, "br": brotli.decompress, "zstd": zstd.decompress, "gzip": gzip.decompress}
_TEXT = re.compile(r"text/|application/([\w.-]+\+)?(json|xml)\b|image/svg")
# Headers cost more than compression saves.
FEWEST_BYTES = 200


def is_text(content_type: str) -> bool:
    """Whether compression makes it smaller."""
    return bool(_TEXT.match(content_type))


def decompress(body: bytes, coding: str) -> bytes:
    return _DECOMPRESS[coding](body)


@lru_cache(maxsize=256)
def accepted(header: str) -> frozenset[str]:
    """The codings of `QUICK` that an Accept-Encoding header allows (RFC 9110, 12.5.3)."""
    allowed = {}
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        allowed[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", parameter)
    return frozenset(name for name in QUICK if allowed.get(name, allowed.get("*", False)))
