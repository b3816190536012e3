"""Drawings in SVG as pictures of pixels, which show the same everywhere and in which no script or address is left.

They are drawn in a process of its own with little memory and time: an SVG of a few lines can ask for any amount of
both, and the library ends the process that asks for too much.
"""

import gzip
import re
import signal
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from publishing.transfer.notes import Refused

from ...models.picture_files import HEIGHT, MOST_BYTES, WIDTH

_DRAWING = Path(__file__).with_name("svg_process.py")
SECONDS = 15
MOST_ELEMENTS = 100_000
_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>|<!--.{0,5000}?-->|<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,20000}\]\s*)?>|\s)*"
    rb"<(?:[\w-]{1,20}:)?svg\b",
    re.DOTALL | re.IGNORECASE,
)
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_INSIDE = re.compile(r"\s*(?:#|data:image/(?:png|jpe?g|gif|webp)[;,])", re.IGNORECASE)
_LEFT_OUT = frozenset(f"{{{_SVG}}}{name}" for name in ("script", "foreignObject", "iframe", "audio", "video"))
_ENTITY = re.compile(r"<!ENTITY\s+(\w+)\s+(?:\"([^\"&<%]{0,300})\"|'([^'&<%]{0,300})')\s*>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([\d.]+(?:e\d+)?)\s*(px|pt|pc|mm|cm|in|em|rem)?\s*$", re.IGNORECASE)
_PIXELS = {"pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "em": 16, "rem": 16}
# From this width on, it is taken to fill the column, and drawn as sharp as any picture.
_FILLS = 320


def is_svg(data: bytes) -> bool:
    return data[:2] == b"\x1f\x8b" or bool(_START.match(data.removeprefix(b"\xef\xbb\xbf")[:65536]))


def rasterised(data: bytes) -> bytes:
    """A PNG of at most the size of our pictures. Raises Refused. A quarter of a second."""
    root = _cleaned(_unpacked(data))
    _set_size(root)
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    buffer, command = BytesIO(), [sys.executable, "-I", str(_DRAWING)]
    try:
        ElementTree.ElementTree(root).write(buffer, "utf-8")
        # Our own script, which needs none of our secrets.
        done = subprocess.run(  # noqa: S603
            command, input=buffer.getvalue(), capture_output=True, timeout=SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(_("the SVG takes too long to draw")) from error
    except RecursionError as error:
        raise Refused(_("the SVG is nested too deep")) from error
    if done.returncode == -signal.SIGXCPU:
        raise Refused(_("the SVG takes too long to draw"))
    if done.returncode or not done.stdout:
        raise Refused(_("the SVG cannot be drawn"))
    return done.stdout


def _unpacked(data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Refused(_("the SVG is damaged")) from error
    if len(data) > MOST_BYTES or not is_svg(data) or data[:2] == b"\x1f\x8b":
        raise Refused(_("no SVG is packed in it"))
    return data


def _cleaned(data: bytes) -> ElementTree.Element:
    """Without scripts and without what it would load."""
    try:
        root = fromstring(_without_entities(data), forbid_entities=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise Refused(_("the SVG is damaged")) from error
    count = 0
    for parent in root.iter():
        count += 1
        for child in [child for child in parent if child.tag in _LEFT_OUT]:
            parent.remove(child)
        for name in [name for name in parent.attrib if name.rpartition("}")[2] in ("href", "src", "base")]:
            if not _INSIDE.match(parent.attrib[name]):
                del parent.attrib[name]
    if count > MOST_ELEMENTS:
        raise Refused(_("the SVG has too many elements"))
    return root


def _without_entities(data: bytes) -> bytes:
    """Names that a drawing program gives to short texts are replaced by them; others stay, and are refused."""
    if b"<!ENTITY" not in data[:65536]:
        return data
    text = data.decode("utf-8", "replace")
    told = {name: one or other for name, one, other in _ENTITY.findall(text[:65536])[:50]}
    text = _DOCTYPE.sub("", text, count=1)
    return re.sub(r"&(\w+);", lambda use: told.get(use[1], use[0]), text).encode()


def _set_size(root: ElementTree.Element) -> None:
    """Give it a size in pixels that is not larger than those of our pictures."""
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    box = [float(number) for number in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", root.get("viewBox", ""))[:4]]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        ratio = box[3] / box[2]
        width = width or (height and height / ratio) or box[2]
        height = height or width * ratio
    elif width and height:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    else:
        width, height = width or 300, height or 150
    scale = WIDTH / width if width >= _FILLS else 1
    scale = min(scale, WIDTH / width, HEIGHT / height)
    root.set("width", f"{max(1, round(width * scale))}")
    root.set("height", f"{max(1, round(height * scale))}")


def _pixels(length: str) -> float:
    found = _LENGTH.match(length)
    number = float(found[1]) * _PIXELS.get((found[2] or "").lower(), 1) if found else 0
    return number if 0 < number < 1e9 else 0
