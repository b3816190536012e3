"""Colours that can be read on the pages, computed from the one that an editor chooses.

Lightness, chroma and hue are those of OKLCH (CSS Color 4), contrast is that of WCAG 2.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import atan2, cos, degrees, hypot, radians, sin

# The backgrounds of static/css/site/tokens.css.
LIGHT = ("#fdfcf9", "#f4f1ea")
DARK = ("#151618", "#1f2124")
# Of WCAG 2, level AA, for text.
ENOUGH = 4.5
HEX = re.compile(r"#[0-9a-f]{6}")

# Of a publication that chose none; the one of tokens.css.
ACCENT = "#0b5c8a"
# Of categories without a colour, told apart from their neighbours in the list.
AUTOMATIC = [
    *("#ad2f17", "#0d6650", "#805000", "#86286f", "#1f5aa8", "#5a6a10"),
    *("#a3285a", "#0b6a7d", "#5b3fa3", "#8f3d12", "#2f6b2a", "#4a5568"),
]


@dataclass(frozen=True)
class Palette:
    """Colours of one hue as `#rrggbb`: `hue` for text and rules, `tint` for areas, the others are inks of covers."""

    hue_light: str
    hue_dark: str
    tint_light: str
    tint_dark: str
    deep: str
    middle: str
    pale: str
    pale_dark: str


def automatic(number: int) -> str:
    """The colour of the category with this number, from 1 on."""
    return AUTOMATIC[(number - 1) % len(AUTOMATIC)]


@lru_cache(maxsize=512)
def palette(colour: str) -> Palette:
    """The palette of a colour. Where it fails on a background, a darker or lighter one of its hue replaces it.

    Raises ValueError if it is not `#rrggbb`.
    """
    lightness, chroma, hue = to_oklch(colour)
    # Yellow is yellow only while it is light, and turns to orange as it darkens.
    yellow = max(0, 1 - abs(hue - 85) / 40)
    bright = hue + 0.75 * yellow * (88 - hue)
    tint_light = from_oklch(0.932 + 0.012 * yellow, min(0.036 + 0.015 * yellow, 0.4 * chroma), bright)
    tint_dark = from_oklch(0.292, min(0.055, 0.5 * chroma), bright)
    hue_light = _readable((lightness, chroma, hue), [*LIGHT, tint_light], -0.005)
    hue_dark = _readable((lightness, chroma, hue), [*DARK, tint_dark], 0.005, (0.79, min(0.125, chroma), bright))
    depth = to_oklch(hue_light)[0]
    return Palette(
        hue_light,
        hue_dark,
        tint_light,
        tint_dark,
        deep=from_oklch(min(0.46, max(0.3, 0.88 * depth)), 0.88 * chroma, hue),
        middle=from_oklch(0.69 + 0.1 * yellow, min(0.155, 1.2 * chroma), bright),
        pale=tint_light,
        pale_dark=from_oklch(0.852, min(0.045 + 0.02 * yellow, 0.4 * chroma), bright),
    )


@dataclass(frozen=True)
class Reading:
    """How a colour is shown in a scheme: its worst contrast there, and `shown` with that of its own."""

    scheme: str
    background: str
    given: str
    ratio: float
    shown: str
    shown_ratio: float

    @property
    def is_kept(self) -> bool:
        return self.given == self.shown


def readings(colour: str) -> list[Reading]:
    """How a colour is shown in light and dark pages. Raises ValueError if it is not `#rrggbb`."""
    made = palette(colour)
    schemes = [
        ("light", [*LIGHT, made.tint_light], made.hue_light),
        ("dark", [*DARK, made.tint_dark], made.hue_dark),
    ]
    return [
        Reading(name, backgrounds[0], colour, worst(colour, backgrounds), shown, worst(shown, backgrounds))
        for name, backgrounds, shown in schemes
    ]


def _readable(given, backgrounds: list[str], step: float, start=None) -> str:
    """The colour if it can be read on all backgrounds; else the first one from `start` on, in steps of lightness."""
    if passes(colour := from_oklch(*given), backgrounds):
        return colour
    lightness, chroma, hue = start or given
    lightness = max(lightness, given[0]) if step > 0 else lightness
    shades = (from_oklch(min(1, max(0, lightness + number * step)), chroma, hue) for number in count())
    return next(shade for shade in shades if passes(shade, backgrounds))


def passes(colour: str, backgrounds) -> bool:
    return worst(colour, backgrounds) >= ENOUGH


def worst(colour: str, backgrounds) -> float:
    return min(contrast(colour, background) for background in backgrounds)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted(_luminance(_linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb) -> float:
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), rgb, strict=True))


def _linear(colour: str) -> list[float]:
    if not HEX.fullmatch(colour):
        raise ValueError(f"Not a colour: {colour}")
    values = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]


def _product(rows, column) -> list[float]:
    return [sum(a * b for a, b in zip(row, column, strict=True)) for row in rows]


# The matrices of https://bottosson.github.io/posts/oklab/, to cone responses and to OKLab, and back.
_TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB = (
    (1, 0.3963377774, 0.2158037573),
    (1, -0.1055613458, -0.0638541728),
    (1, -0.0894841775, -1.2914855480),
)
_FROM_CONES = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def to_oklch(colour: str) -> tuple[float, float, float]:
    """Lightness from 0 to 1, chroma, and hue in degrees. Raises ValueError if it is not `#rrggbb`."""
    cones = _product(_TO_CONES, _linear(colour))
    lightness, a, b = _product(_TO_LAB, [value ** (1 / 3) for value in cones])
    return lightness, hypot(a, b), degrees(atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The colour on a screen; with the chroma that the screen can show."""
    low, high = 0.0, chroma
    if _on_screen(rgb := _rgb(lightness, chroma, hue)):
        low = chroma
    for _ in range(0 if low else 16):
        middle = (low + high) / 2
        low, high = (middle, high) if _on_screen(_rgb(lightness, middle, hue)) else (low, middle)
    rgb = [min(1, max(0, value)) for value in _rgb(lightness, low, hue)]
    coded = [12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055 for value in rgb]
    return "#" + "".join(f"{round(255 * value):02x}" for value in coded)


def _rgb(lightness: float, chroma: float, hue: float) -> list[float]:
    lab = (lightness, chroma * cos(radians(hue)), chroma * sin(radians(hue)))
    return _product(_FROM_CONES, [value**3 for value in _product(_FROM_LAB, lab)])


def _on_screen(rgb) -> bool:
    # A thousandth is less than a step of 8 bits.
    return all(-0.001 <= value <= 1.001 for value in rgb)
