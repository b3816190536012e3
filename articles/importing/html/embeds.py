"""Players and frames of other sites: the address at which people see the same."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

from .tree import Node

_YOUTUBE = re.compile(r"(?:youtube(?:-nocookie)?\.com/(?:embed|v|shorts)/|youtu\.be/)([\w-]{6,})")
_PATTERNS = [
    (re.compile(r"player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
    (re.compile(r"open\.spotify\.com/embed(?:-podcast)?/(\w+/\w+)"), "https://open.spotify.com/{}"),
    (re.compile(r"dailymotion\.com/embed/video/(\w+)"), "https://www.dailymotion.com/video/{}"),
    (re.compile(r"codepen\.io/([\w-]+)/embed/(?:preview/)?(\w+)"), "https://codepen.io/{}/pen/{}"),
    (re.compile(r"gist\.github\.com/([\w./-]+?)(?:\.js|\.pibb)?(?:[?#]|$)"), "https://gist.github.com/{}"),
    (re.compile(r"jsfiddle\.net/([\w/-]+?)/embedded"), "https://jsfiddle.net/{}/"),
    (re.compile(r"fast\.wistia\.(?:net|com)/embed/iframe/(\w+)"), "https://fast.wistia.net/embed/iframe/{}"),
]


def watch_address(source: str) -> str:
    """Where people see what a frame of `source` shows; `source` itself if no better address is known."""
    source = unescape(source.strip())
    source = f"https:{source}" if source.startswith("//") else source
    if found := _YOUTUBE.search(source):
        if found[1] != "videoseries":
            return f"https://www.youtube.com/watch?v={found[1]}"
        playlist = parse_qs(urlsplit(source).query).get("list")
        return f"https://www.youtube.com/playlist?list={playlist[0]}" if playlist else source
    for pattern, address in _PATTERNS:
        if found := pattern.search(source):
            return address.format(*found.groups())
    for name in ("src", "url", "href"):
        if "embed" in source or "/plugins/" in source or "w.soundcloud.com" in source:
            try:
                inner = parse_qs(urlsplit(source).query).get(name)
            except ValueError:
                break
            if inner and re.match(r"https?://[^\s<>\"]+\Z", unquote(inner[0])):
                return watch_address(unquote(inner[0])) if inner[0] != source else source
    return source


def source_of(node: Node) -> str:
    """Of an element that shows something of another file."""
    names = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-url", "data")
    for element in [node, *node.all("source", "embed", "iframe", "param")]:
        for name in names:
            if element.get(name) and not element.get(name).startswith(("data:", "about:")):
                return element.get(name)
    return next((a.get("href") for a in node.all("a") if a.get("href")), "")
