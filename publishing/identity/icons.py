"""The icon of the publication in all its sizes: a picture, or its mark in the colour of the publication."""

from io import BytesIO

from PIL import Image, ImageDraw

from .colours import palette

# In pixels, by the use of the file. Only the icon in the tab of a browser may be transparent: others get a ground.
SIZES = {"icon": 48, "touch-icon": 180, "icon-192": 192, "icon-512": 512}
GROUND = "#fdfcf9"
_DARK, _PALE = "#1b1a18", "#e2dfd8"
# Of a square of 32: what is dark, and what has the colour. Lines of text, indented.
_LINES = [(4, 3, 28, 8), (4, 24, 28, 29)]
_INDENTED = [(13, 10, 28, 15), (13, 17, 28, 22)]


def drawn_svg(accent: str) -> bytes:
    """The mark as SVG, for both schemes."""
    colours = palette(accent)
    lines, indented = ("".join(map(_path, boxes)) for boxes in (_LINES, _INDENTED))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f"<style>.a{{fill:{_DARK}}}.b{{fill:{colours.hue_light}}}@media (prefers-color-scheme:dark)"
        f"{{.a{{fill:{_PALE}}}.b{{fill:{colours.hue_dark}}}}}</style>"
        f'<path class="a" d="{lines}"/><path class="b" d="{indented}"/></svg>'
    ).encode()


def _path(box) -> str:
    left, top, right, bottom = box
    return f"M{left} {top}h{right - left}v{bottom - top}h{left - right}z"


def drawn(accent: str, size: int) -> Image.Image:
    """The mark as a picture."""
    picture = Image.new("RGB", (size, size), GROUND)
    draw = ImageDraw.Draw(picture)
    # A margin for systems that cut off the corners.
    margin = size / 8
    scale = (size - 2 * margin) / 32
    for boxes, colour in ((_LINES, _DARK), (_INDENTED, palette(accent).hue_light)):
        for left, top, right, bottom in boxes:
            corners = [round(margin + scale * edge) for edge in (left, top, right, bottom)]
            draw.rectangle([*corners[:2], corners[2] - 1, corners[3] - 1], fill=colour)
    return picture


def as_png(picture: Image.Image, size: int, *, on_ground: bool = True) -> bytes:
    """The picture as a square, whole; what is transparent or left over has the colour of the page if `on_ground`."""
    square = Image.new("RGBA", (size, size), GROUND if on_ground else "#0000")
    scale = size / max(picture.size)
    width, height = (max(1, round(edge * scale)) for edge in picture.size)
    smaller = picture.convert("RGBA").resize((width, height), Image.Resampling.LANCZOS)
    square.alpha_composite(smaller, ((size - width) // 2, (size - height) // 2))
    buffer = BytesIO()
    (square.convert("RGB") if on_ground else square).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def as_ico(png: bytes) -> bytes:
    """A PNG as the file that programs ask for at /favicon.ico."""
    buffer = BytesIO()
    Image.open(BytesIO(png)).save(buffer, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return buffer.getvalue()
