"""What is measured of a slot: widths of the window, what comes into the box, and what was found. Pure."""

from dataclasses import asdict, dataclass

from ..slots import sizes

# Of windows, in CSS pixels; a slot with a box in broad windows only is measured in one.
WIDTHS, BROAD_WIDTH = (360, 768, 1280), 1440
PLACEHOLDER, SMALL, LARGE, NONE, BLOCKED = OUTCOMES = ("placeholder", "small", "large", "none", "blocked")
# Of a box, in CSS pixels: less is how sizes are rounded.
SAME = 0.5


@dataclass(frozen=True)
class Case:
    """One width and outcome: the layout shift, and the box when it was first there and at the end, if it is there.

    `is_played` says that what should have come did.
    """

    width: int
    outcome: str
    shift: float
    first: tuple[float, float] | None
    last: tuple[float, float] | None
    is_played: bool = True

    @property
    def problem(self) -> str:
        """In English; empty if nothing moved."""
        if not self.is_played:
            return "nothing came into the box"
        if self.shift:
            return f"shift {self.shift:.4f}"
        if bool(self.first) != bool(self.last):
            return "the box came or went"
        if self.first and max(abs(one - other) for one, other in zip(self.first, self.last, strict=True)) > SAME:
            return f"the box was {_words(self.first)} and became {_words(self.last)}"
        return ""

    def row(self) -> dict:
        """As it is stored."""
        return asdict(self) | {"problem": self.problem}


def _words(box) -> str:
    return "×".join(f"{side:g}" for side in box)


def widths(key: str, here: dict) -> tuple[int, ...]:
    """Of windows for a slot that holds the sizes `here`."""
    is_broad = key == "beside" and sizes.is_broad(here)
    return (*WIDTHS[:-1], BROAD_WIDTH) if is_broad else WIDTHS


def size_of(here: dict, width: int, outcome: str) -> tuple[int, int] | None:
    """What comes into the box in a window: the smallest of the sizes that it may hold there, or the largest."""
    at = [name for name, start in sizes.BREAKPOINTS.items() if start <= width]
    chosen = next((here[name] for name in reversed(at) if name in here), None)
    if not chosen or outcome not in (SMALL, LARGE):
        return None
    choose = min if outcome == SMALL else max
    return choose(chosen, key=lambda size: size[0] * size[1])
