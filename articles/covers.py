"""Covers of articles without an image, drawn from the lines of their text as SVG for pages and PNG for sharing.

Grey lines are prose, blue ones code with its indent, black ones headings.
"""

import json
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 320, 200
LEFT, TOP = 24, 16
CHARACTER = 4.4
HEADING_CHARACTER = 5.6
CARD_WIDTH, CARD_HEIGHT = 1200, 630

# Part of the address of every card: raise it when cards are drawn in another way.
CARD_VERSION = 1
DIGEST_LENGTH = 12

_CLASSES = {"heading": "a", "code": "b", "prose": "c"}
# The palette of a card: paper, then the colours of the bars.
_CARD_PALETTE = [0xF4, 0xF1, 0xEA, 0x1C, 0x1B, 0x19, 0x0B, 0x5C, 0x8A, 0xC9, 0xC5, 0xBC]
_CARD_COLOURS = {"a": 1, "b": 2, "c": 3}


def bars(shape: list, height: int = HEIGHT) -> list[dict]:
    """The lines of an article's `shape` as bars in a box 320 wide, ending above `height` − 12.

    Each is {"kind": "a" heading | "b" code | "c" prose, "x", "y", "width", "height"} in whole units.
    """
    result, y = [], TOP
    for kind, indent, length in shape:
        if kind == "gap":
            y += 8
            continue
        thickness = 7 if kind == "heading" else 4
        if y + thickness > height - 12:
            break
        x = LEFT + (16 if kind == "code" else 0) + round(indent * CHARACTER)
        width = round(length * (HEADING_CHARACTER if kind == "heading" else CHARACTER))
        width = max(8, min(width, WIDTH - LEFT - x))
        result.append({"kind": _CLASSES[kind], "x": x, "y": y, "width": width, "height": thickness})
        y += thickness + 5
    return result


def paths(shape: list) -> dict[str, str]:
    """The bars as the `d` of one SVG path for each kind."""
    paths = dict.fromkeys("cba", "")
    for bar in bars(shape):
        paths[bar["kind"]] += f"M{bar['x']} {bar['y']}h{bar['width']}"
    return paths


def png(shape: list) -> bytes:
    """The bars as a picture for sharing, `CARD_WIDTH` × `CARD_HEIGHT` pixels. Four colours take two bits a pixel."""
    card = Image.new("P", (CARD_WIDTH, CARD_HEIGHT), 0)
    card.putpalette(_CARD_PALETTE)
    draw = ImageDraw.Draw(card)
    scale = CARD_WIDTH / WIDTH
    for bar in bars(shape, round(CARD_HEIGHT / scale)):
        box = [bar["x"], bar["y"], bar["x"] + bar["width"], bar["y"] + bar["height"]]
        draw.rounded_rectangle([round(edge * scale) for edge in box], radius=4, fill=_CARD_COLOURS[bar["kind"]])
    buffer = BytesIO()
    card.save(buffer, "PNG", bits=2)
    return buffer.getvalue()


def card_digest(shape: list) -> str:
    """Changes with the picture that `png` draws: it is part of the address."""
    return sha256(json.dumps([CARD_VERSION, shape]).encode()).hexdigest()[:DIGEST_LENGTH]
