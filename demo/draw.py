"""Draw the pictures of the demo publication again: `.venv/bin/python demo/draw.py`, which needs Chromium.

They are stored as drawn (demo/articles/pictures, demo/faces), so that loading the demo needs nothing of this.
"""

import base64
import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
FONTS = HERE.parent / "static" / "fonts"
# Inks of the categories: deep, middle, pale. Deep is the ground, so that a picture suits light pages and dark ones.
PRACTICE = "#095542", "#4eb092", "#d3f0e5"
TOOLS, INTERNALS = ("#6b4200", "#d9a54a", "#fae8cd"), ("#70205d", "#d871bb", "#fae0f1")
COLOURS = 48
STYLE = """
@font-face { font-family: N; src: url(data:font/woff2;base64,%s); font-weight: 200 800 }
body { margin: 0 }
svg { display: block }
text { font-family: N, serif; fill: var(--p) }
path, line, rect.line { fill: none; stroke: var(--p); stroke-width: 3; stroke-linejoin: round }
.code { font-family: "Liberation Mono", "DejaVu Sans Mono", monospace }
.b { font-weight: 700 }
.end { text-anchor: end }
.mid { text-anchor: middle }
.m { fill: var(--m) }
.d { fill: var(--d) }
.mm { stroke: var(--m) !important }
.fill { fill: var(--p); stroke: none }
.mfill { fill: var(--m); stroke: none }
.dfill { fill: var(--d); stroke: none }
.dim { opacity: 0.5 }
text.dim { opacity: 0.8 }
.thick { stroke-width: 5 }
.hand { stroke: var(--d); stroke-width: 11; stroke-linecap: round }
.dash { stroke-dasharray: 3 9; stroke-linecap: round }
"""


def text(x, y, words, size=30, classes="") -> str:
    words = str(words).replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x}" y="{y}" font-size="{size}" class="{classes}" xml:space="preserve">{words}</text>'


def box(x, y, width, height, classes="line", radius=8) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" class="{classes}"/>'


def line(x1, y1, x2, y2, classes="") -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{classes}"/>'


def dot(x, y, radius, classes="fill") -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" class="{classes}"/>'


def arrow(x1, y1, x2, y2, classes="") -> str:
    """A horizontal or vertical line with a head."""
    step = 13
    if y1 == y2:
        back = x2 - step if x2 > x1 else x2 + step
        head = f"M{back} {y2 - 9}L{x2} {y2}L{back} {y2 + 9}"
    else:
        back = y2 - step if y2 > y1 else y2 + step
        head = f"M{x2 - 9} {back}L{x2} {y2}L{x2 + 9} {back}"
    return line(x1, y1, x2, y2, classes) + f'<path d="{head}" class="{classes}"/>'


# --- inside texts: 800 wide, letters of 26 or more, which are read on a phone ---


def request() -> str:
    """Three lines and an empty one."""
    rows = ("GET", " /letter.txt HTTP/1.1"), ("Host:", " localhost"), ("Connection:", " close")
    parts = [text(752, 110, "a sentence", 32, "end"), text(752, 227, "header fields", 32, "end")]
    for number, (first, rest) in enumerate(rows):
        parts.append(
            f'<text x="48" y="{110 + 78 * number}" font-size="30" class="code" xml:space="preserve">'
            f'<tspan class="m b">{first}</tspan>{rest}</text>'
        )
    parts += ['<path d="M500 160h18v104h-18M518 212h18" class="mm"/>']
    parts += [box(46, 306, 330, 54, "line mm dash"), text(68, 342, "\\r\\n", 28, "code m")]
    parts += [text(752, 342, "“That was all.”", 32, "end"), text(48, 428, "Then it waits for the answer.", 32, "dim")]
    return "".join(parts)


def traceback() -> str:
    """Four frames, and the direction in which they are read."""
    parts = []
    for number, name in enumerate(("<module>", "total", "<genexpr>", "convert")):
        y, dim = 50 + 72 * number, "" if number == 3 else " dim"
        parts += [box(48, y, 470, 56, f"line{dim}"), text(72, y + 38, f"in {name}", 28, f"code{dim}")]
    parts += [box(48, 348, 470, 80, "mfill"), text(72, 400, "KeyError: 'sek'", 36, "code b d")]
    parts += [arrow(566, 428, 566, 50, "mm thick")]
    parts += [text(596, y, words, 32) for y, words in ((400, "1  what"), (305, "2  where"), (162, "3  who called"))]
    return "".join(parts)


def lost_update() -> str:
    """Two people, one account, and who overwrites whom."""
    parts = [text(48, 142, "Mei", 38), text(48, 262, "Rafael", 38)]
    parts += [line(190, y, 752, y, "dim") for y in (130, 250)]
    steps = (240, 130, "reads", 100), (360, 250, "reads", 100), (510, 130, "writes", 70), (660, 250, "writes", 80)
    for x, y, what, number in steps:
        over, ink = (-62, -28) if y == 130 else (78, 46), " m" if what == "writes" else ""
        parts.append(dot(x, y, 15, "mfill" if ink else "fill"))
        parts += [text(x, y + over[0], what, 28, "mid dim"), text(x, y + over[1], number, 34, "mid b" + ink)]
    parts += ['<path d="M510 154C510 210 660 170 660 226" class="mm dash"/>', text(622, 180, "lost", 30, "m")]
    return "".join([*parts, text(48, 420, "100 − 30 − 20 = 80", 48), text(752, 420, "without an error", 30, "end dim")])


def cookie() -> str:
    """A note that is handed over and shown again."""
    parts = [
        text(110, 70, "browser", 36, "mid"),
        text(690, 70, "server", 36, "mid"),
        line(110, 95, 110, 440, "dim"),
        line(690, 95, 690, 440, "dim"),
    ]
    rows = (
        (150, "GET /", True, False),
        (235, "Set-Cookie: visits=1", False, True),
        (320, "Cookie: visits=1", True, True),
        (405, "Set-Cookie: visits=2", False, True),
    )
    for y, words, goes, is_note in rows:
        ends = (130, 670) if goes else (670, 130)
        parts += [
            arrow(ends[0], y, ends[1], y, "mm" if is_note else ""),
            text(400, y - 16, words, 28, "mid code"),
        ]
    return "".join(parts)


def dict_layout() -> str:
    """The index of eight slots, and the entries in their order."""
    parts, index = [], [2, None, 0, 3, None, None, None, 1]
    parts += [text(120, 52, "index", 32, "mid"), text(570, 52, "entries", 32, "mid")]
    for slot, entry in enumerate(index):
        y = 74 + 46 * slot
        parts += [
            text(62, y + 31, slot, 26, "end dim"),
            box(78, y, 84, 40, "mfill" if entry is not None else "line dim", 4),
        ]
        if entry is not None:
            to = 130 + 78 * entry
            parts += [
                text(120, y + 31, entry, 28, "mid b d"),
                f'<path d="M162 {y + 20}C280 {y + 20} 280 {to} 396 {to}" class="mm"/>',
                dot(396, to, 6, "mfill"),
            ]
    for place, key in enumerate((42, 7, 15, 3)):
        y = 100 + 78 * place
        parts += [
            box(410, y, 320, 60),
            text(440, y + 41, key, 32, "code b"),
            text(700, y + 41, key * 10 if key != 7 else -1, 32, "code end"),
        ]
    parts += [text(410, 445, "the order in which they came", 27, "dim")]
    return "".join(parts)


# --- covers: 800 × 500, with what counts in the middle square ---


def bisect() -> str:
    """The range that is left after each trial, of two hundred commits."""
    parts, scale, left = [], 3.5, 50
    ranges = ((1, 200), (100, 200), (100, 191), (100, 146), (123, 146), (134, 146), (134, 140), (137, 140), (138, 138))
    for row, (first, last) in enumerate(ranges):
        y = 46 + 46 * row
        x1, x2 = left + scale * (first - 1), left + scale * (last - 1)
        parts += [box(left, y, scale * 199, 22, "fill dim", 2) if row == 0 else ""]
        parts += [box(round(x1, 1), y, round(max(x2 - x1, 8), 1), 22, "mfill" if row else "fill", 2)]
    guilty = left + scale * 137 + 4
    return "".join(
        [
            *parts,
            line(guilty, 20, guilty, 414, "dash"),
            dot(guilty, 425, 17),
            text(guilty - 34, 444, "138", 56, "end b"),
        ]
    )


def night() -> str:
    """A clock at three, and one line of a log that says something."""
    parts = [
        dot(400, 170, 118, "mfill"),
        '<path d="M400 170V84M400 170h62" class="hand"/>',
        dot(400, 170, 9, "dfill"),
    ]
    for row, widths in enumerate(((90, 260, 120), (90, 180, 210), (90, 330, 70), (90, 140, 160))):
        x, y, is_bright = 150, 330 + 40 * row, row == 2
        for width in widths:
            parts.append(box(x, y, width, 18, "fill" if is_bright else "mfill dim", 3))
            x += width + 16
    return "".join(parts)


def conversation() -> str:
    """A question about freshness and the shortest answer."""
    parts = [box(66, 60, 448, 164, "fill", 24), '<path d="M130 223v57l60-57z" class="fill"/>']
    parts += [text(290, 168, "Changed?", 84, "mid b d")]
    parts += [box(326, 270, 408, 164, "mfill", 24), '<path d="M600 433l60 46v-46z" class="mfill"/>']
    return "".join([*parts, text(530, 392, "304", 120, "mid b d")])


def memory() -> str:
    """Keys that arrive in order and are scattered."""
    parts, order = [], (2, 5, 0, 7, 3, 6, 1, 4)
    for place, slot in enumerate(order):
        y, to, is_bright = 47 + 58 * place, 47 + 58 * slot, place % 3 == 0
        ink = "" if is_bright else "mm"
        parts += [f'<path d="M180 {y}C400 {y} 400 {to} 620 {to}" class="thick {ink}"/>']
        parts += [
            dot(165, y, 19, "fill" if is_bright else "mfill"),
            box(606, to - 19, 38, 38, "fill" if is_bright else "mfill", 4),
        ]
    return "".join(parts)


PICTURES = {
    "request": (request, PRACTICE, 470),
    "traceback": (traceback, PRACTICE, 470),
    "lost-update": (lost_update, PRACTICE, 470),
    "cookie": (cookie, INTERNALS, 470),
    "dict-layout": (dict_layout, INTERNALS, 470),
    "bisect": (bisect, TOOLS, 500),
    "night": (night, TOOLS, 500),
    "conversation": (conversation, INTERNALS, 500),
    "scattered": (memory, INTERNALS, 500),
}


def document(body: str, inks: tuple[str, str, str], height: int, width: int = 800) -> str:
    deep, middle, pale = inks
    font = base64.b64encode((FONTS / "newsreader-latin-wght-normal.woff2").read_bytes()).decode()
    return (
        f"<style>{STYLE % font} :root {{ --d: {deep}; --m: {middle}; --p: {pale} }}</style>"
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" style="fill: {deep}"/>{body}</svg>'
    )


def store(page, html: str, size: tuple[int, int], path: Path) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_content(html)
    page.evaluate("document.fonts.ready")
    drawn = Image.open(BytesIO(page.screenshot())).convert("RGB")
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        page = browser.new_page(device_scale_factor=2)
        for name, (draw, inks, height) in PICTURES.items():
            store(page, document(draw(), inks, height), (800, height), HERE / f"articles/pictures/{name}.png")
        for face in sorted((HERE / "faces").glob("*.svg")):
            html = f"<style>body {{ margin: 0 }} svg {{ display: block; width: 192px }}</style>{face.read_text()}"
            store(page, html, (192, 192), face.with_suffix(".png"))
        browser.close()


if __name__ == "__main__":
    main()
