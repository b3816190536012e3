"""Figures whose number and size follow the words of a title, as SVG. The same for the same text. Pure."""

from .letters import Inks


def _path(fill: str, parts: list[str]) -> str:
    return f'<path fill="{fill}" d="{"".join(parts)}"/>' if parts else ""


def _circle(x: int, y: int, radius: int) -> str:
    return f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z"


def _facing(width, height, lengths, seed, inks):
    """Two who speak with each other, the first one for as long as the longest word."""
    one, other = 58 + 3 * min(max(lengths), 13), 46 + seed[2] % 36
    x, y = int(width * 0.3) + seed[3] % 24 - 12, 84 + seed[4] % 34
    far, low = width - int(width * 0.3) - seed[5] % 24 + 12, 196 - y + seed[6] % 24 - 12
    # The other way round than the circle, a figure would cut a hole into it.
    first = [_circle(x, y, one), f"M{x - one} {y}v{one + 18}l{one}-18z"]
    second = [_circle(far, low, other), f"M{far + other} {low}v{-other - 18}l{-other} 18z"]
    return _path(inks.tone, second) + _path(inks.ink, first)


def _tiles(width, height, lengths, seed, inks):
    """Quarters of circles, laid like tiles: a column for each letter of a word, over and over."""
    rows, side = 3, -(-height // 3)
    columns, fills = -(-width // side), {inks.ink: [], inks.tone: []}
    for index in range(rows * columns):
        x, y, value = index % columns * side, index // columns * side, seed[index % 16] + lengths[index % len(lengths)]
        figures = (
            f"M{x} {y}h{side}a{side} {side} 0 0 1-{side} {side}z",
            f"M{x + side} {y}v{side}a{side} {side} 0 0 1-{side}-{side}z",
            f"M{x + side} {y + side}h-{side}a{side} {side} 0 0 1 {side}-{side}z",
            f"M{x} {y + side}v-{side}a{side} {side} 0 0 1 {side} {side}z",
            f"M{x} {y}h{side}v{side}z",
            _circle(x + side // 2, y + side // 2, side // 2),
            "",
        )
        fills[inks.ink if value & 8 else inks.tone].append(figures[value % 7])
    return "".join(_path(fill, parts) for fill, parts in fills.items())


def _steps(width, height, lengths, seed, inks):
    """A step for each word, as high as the word is long, and what stands on it."""
    number = min(max(len(lengths), 4), 8)
    wide, longest, steps, others = -(-width // number), max(lengths), [], []
    for index in range(number):
        x, length = index * wide, lengths[index % len(lengths)]
        top = height - 24 - 130 * length // longest
        steps.append(f"M{x} {top}h{wide}V{height}h-{wide}z")
        if seed[index] & 1:
            others.append(f"M{x} {max(0, top - 26 - seed[index] % 48)}h{wide}V{top}h-{wide}z")
        elif seed[index] & 2:
            others.append(_circle(x + wide // 2, top - wide // 2, wide // 2))
        else:
            others.append(_circle(x + wide // 2, top + 22, 8))
    return _path(inks.ink, steps) + _path(inks.tone, others)


def _rings(width, height, lengths, seed, inks):
    """A ring for each word round something small."""
    x, y = width * (2 + seed[1] % 5) // 8, height * (2 + seed[2] % 5) // 8
    number, radius, drawn = min(max(len(lengths), 6), 8), 14, []
    for index in range(number):
        drawn.append((radius, (inks.ink, inks.ground, inks.tone, inks.ground)[index % 4]))
        radius += 16 + 3 * min(lengths[index % len(lengths)], 8)
    is_square = seed[3] % 3 == 0
    figures = [(f"M{x - r} {y - r}h{2 * r}v{2 * r}h{-2 * r}z" if is_square else _circle(x, y, r), c) for r, c in drawn]
    return "".join(_path(fill, [figure]) for figure, fill in reversed(figures))


def _waves(width, height, lengths, seed, inks):
    """Rows of arcs, wide ones for long words, one row above the other like scales."""
    parts = []
    for row in range(5):
        radius = 16 + 3 * min(lengths[row % len(lengths)], 9)
        y, start = 20 + row * 46, -(seed[row] % (2 * radius))
        arcs = f"a{radius} {radius} 0 0 1 {2 * radius} 0" * (-(-(width - start) // (2 * radius)))
        fill = (inks.tone, inks.ink, inks.ground)[row % 3]
        parts.append(_path(fill, [f"M{start} {y + radius}{arcs}V{height + 9}H{start}z"]))
    return "".join(parts)


def _beams(width, height, lengths, seed, inks):
    """Slanted beams, each as wide as a word is long."""
    slant, x, fills = (90, -90)[seed[1] % 2], -120 + seed[2] % 40, {inks.ink: [], inks.tone: []}
    for index in range(24):
        if x > width + 120:
            break
        wide = 8 + 5 * min(lengths[index % len(lengths)], 12)
        fills[(inks.ink, inks.tone)[index % 2]].append(f"M{x} {height}l{slant}-{height}h{wide}l{-slant} {height}z")
        x += wide + 10 + seed[index % 16] % 26
    return "".join(_path(fill, parts) for fill, parts in fills.items())


FIGURES = (_facing, _tiles, _steps, _rings, _waves, _beams)


def draw(width: int, height: int, number: int, lengths: list[int], seed: bytes, inks: Inks) -> str:
    """The figures with this number, counted round; `lengths` are those of the words."""
    return FIGURES[number % len(FIGURES)](width, height, lengths or [1], seed, inks)
