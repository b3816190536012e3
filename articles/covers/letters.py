"""Large letters that the edge of a picture cuts, and a sign behind them. The same for the same text. Pure."""

from typing import NamedTuple

from publishing.drawing.outlines import outline

# Letters stand closer than in a text, in thousandths of their size.
TRACKING = -24
# How much of the picture's width or height is cut off.
CUT = 0.045


class Inks(NamedTuple):
    """Colours as `#rrggbb`: of the paper, of what stands out most, and of what is behind that."""

    ground: str
    ink: str
    tone: str


def orders(deep: str, middle: str, pale: str) -> list[Inks]:
    return [
        Inks(pale, deep, middle), Inks(deep, middle, pale), Inks(middle, deep, pale),
        Inks(pale, middle, deep), Inks(deep, pale, middle), Inks(middle, pale, deep),
    ]  # fmt: skip


class Placed(NamedTuple):
    """A text that begins at `x` on the baseline `y`."""

    text: str
    x: float
    y: float
    size: float
    fill: str

    @property
    def svg(self) -> str:
        place = f"translate({self.x:.0f} {self.y:.0f})scale({self.size / 1000:.3f})"
        return f'<path fill="{self.fill}" transform="{place}" d="{outline(self.text, TRACKING).path}"/>'


def place(width: int, height: int, text: str, sign: str, seed: bytes, inks: Inks) -> list[Placed]:
    """The sign, then the letters at the other side. Of a picture that is not wide, one letter."""
    on_left, grown, is_wide = seed[2] % 2 == 0, seed[4] / 255, width > 1.3 * height
    wide, high = _size(text[:1])
    # Some show one letter, so large that little more than its form is left; a narrow one would be a stroke.
    is_single = not is_wide or (seed[1] % 5 == 0 and wide > 0.6 * high)
    text = text[:1] if is_single else text
    wide, high = _size(text)
    tall, share = (1.1, 0.84) if not is_wide else (1.5, 0.72) if is_single else (1.12, 0.74)
    scale = min((tall + 0.22 * grown) * height / high, (share + 0.1 * grown) * width / wide)
    spare = height - high * scale
    above = -CUT * height
    # Cut below, in the middle, cut above; or with air around them.
    top = (spare - above, spare / 2, above) if spare < 0.2 * height else (0.65 * spare, 0.5 * spare, 0.35 * spare)
    word, free = _at(text, on_left, width, top[seed[3] % 3], scale, inks.ink), width * (1 + CUT) - wide * scale
    wide, high = _size(sign)
    scale = min(1.1 * height / high, max(1.25 * free, 0.42 * width) / wide)
    spare = height - high * scale
    # Quotation marks hang.
    y = above if sign == "“" and spare > 0 else spare / 2 if spare < 0.15 * height else spare - above
    return [_at(sign, not on_left, width, y, scale, inks.tone), word]


def _size(text: str) -> tuple[int, int]:
    left, top, right, bottom = outline(text, TRACKING).box
    return right - left, bottom - top


def _at(text: str, on_left: bool, width: int, top: float, scale: float, fill: str) -> Placed:
    """The text at one side, which cuts it, with its highest point at `top`."""
    (left, highest, right, _), _ = outline(text, TRACKING)
    x = -CUT * width if on_left else width * (1 + CUT) - (right - left) * scale
    return Placed(text, x - left * scale, top - highest * scale, 1000 * scale, fill)
