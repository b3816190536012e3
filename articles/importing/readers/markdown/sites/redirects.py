"""Redirects that a site has itself: pages that lead to another one, and lists for its host."""

import json
import re
import tomllib
from collections.abc import Iterator

from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

MOST_BYTES = 1024 * 1024
START_BYTES = 4_000
REFRESH = re.compile(r"<meta[^>]{1,40}http-equiv=[\"']?refresh[^>]{0,40}url=[\"']?([^\"'>\s]{1,500})", re.IGNORECASE)
_SERVED = re.compile(r"^(?:static|public|docs/public|source)/")
# A part of an address that stands for any words.
_PATTERN = re.compile(r"[*]|/:\w")


def of(files: Files, pages: list[str]) -> Iterator[tuple[str, str]]:
    """Old and new addresses. `pages` are the names of pages of HTML. Patterns are left out."""
    for name in files.names:
        if name.rpartition("/")[2] in ("_redirects", "netlify.toml", "vercel.json"):
            rows = _listed(name, _read(files, name, MOST_BYTES))
            yield from ((old, new) for old, new in rows if not _PATTERN.search(old) and old.startswith("/"))
    for name in pages:
        if found := REFRESH.search(_read(files, name, START_BYTES)):
            yield "/" + _SERVED.sub("", name).removesuffix("index.html"), found[1]


def _read(files: Files, name: str, most: int) -> str:
    try:
        with files.open(name) as file:
            return file.read(most).decode("utf-8", "replace")
    except (Refused, OSError):
        return ""


def _listed(name: str, text: str) -> list[tuple[str, str]]:
    """Of Netlify and Cloudflare, lines "/old /new 301" or a table; of Vercel, JSON."""
    if name.endswith("_redirects"):
        lines = (line.split() for line in text.split("\n") if not line.lstrip().startswith("#"))
        return [(parts[0], parts[1]) for parts in lines if len(parts) > 1 and "=" not in parts[1]]
    try:
        loaded = tomllib.loads(text) if name.endswith(".toml") else json.loads(text)
        rows = [row for row in loaded["redirects"] if isinstance(row, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    keys = ("from", "to") if name.endswith(".toml") else ("source", "destination")
    return [(row[keys[0]], row[keys[1]]) for row in rows if all(isinstance(row.get(key), str) for key in keys)]
