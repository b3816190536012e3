"""The look of the publication as every page needs it: its colours as a style sheet, the addresses of logo and icon.

All is cached in each process until something that is on every page changes.
"""

from base64 import b64encode
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.urls import reverse

from ..cache.values import CachedValue
from ..links import lines
from ..models import IdentityFile, Publication
from . import icons
from .colours import ACCENT, Palette, palette

TYPES = {"svg": "image/svg+xml", "png": "image/png", "webp": "image/webp", "ico": "image/x-icon"}
# Of a logo in the line at the top, in CSS pixels.
LOGO_HEIGHT = 32
LOGO = ".wordmark img{height:2rem;width:auto;min-width:0;max-width:14rem;object-fit:contain}"
# A reader's own choice of theme counts more than that of the system.
_BOTH_LOGOS = """.logo-dark{display:none}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]) .logo-dark{display:inline}
:root:not([data-theme=light]) .logo-light{display:none}}
[data-theme=dark] .logo-dark{display:inline}
[data-theme=dark] .logo-light{display:none}
"""
# The path of a page that shows the look, for the preview, or a view of one that has no path; None if there is none.
Shown = Callable[[], str | Callable | None]
# By name: the words for it, and what finds it.
PREVIEWS: dict[str, tuple[str, Shown]] = {}
# The palettes of an app, by the class that gets them.
Source = Callable[[], dict[str, Palette]]
_SOURCES: list[Source] = []


def palettes(source: Source) -> Source:
    """Decorate what returns the palettes of an app. No query while nothing has changed."""
    _SOURCES.append(source)
    return source


def preview(name: str, words: str) -> Callable[[Shown], Shown]:
    """Decorate what finds a page for the preview of the look, whose name is a slug."""

    def register(path: Shown) -> Shown:
        PREVIEWS[name] = words, path
        return path

    return register


@dataclass(frozen=True)
class File:
    """A file at an address of its own, which changes with it."""

    use: str
    digest: str
    kind: str
    width: int
    height: int
    is_drawn: bool = False
    # Of one that is tried out: its content as an address.
    inline: str = ""

    def __str__(self):
        return f"{self.use}.{self.kind}"

    @property
    def shown_width(self) -> int:
        """How wide it is where it is `LOGO_HEIGHT` high."""
        return max(1, round(LOGO_HEIGHT * self.width / self.height))

    @property
    def url(self) -> str:
        """As Django calls the address of a file that a form has."""
        return self.address

    @cached_property
    def address(self) -> str:
        return self.inline or reverse("identity-file", args=[self.use, self.digest, self.kind])


def inline(use: str, made) -> File:
    """A file that is not stored, whose address is its content."""
    address = f"data:{TYPES[made.kind]};base64,{b64encode(made.content).decode()}"
    return File(use, "", made.kind, made.width, made.height, inline=address)


@dataclass(frozen=True)
class Face:
    """The look of a publication. Addresses are paths."""

    publication: Publication
    # By use, with _ for -.
    files: dict[str, File]
    # Of one that is tried out.
    other_stylesheet: str = ""

    @property
    def logos(self) -> list[File]:
        """That of light pages, and that of dark ones if there are both; of one, that one."""
        return [self.files[name] for name in ("logo_light", "logo_dark") if name in self.files]

    @cached_property
    def css(self) -> str:
        return css_with(self.publication.accent, len(self.logos))

    @cached_property
    def stylesheet(self) -> str:
        return self.other_stylesheet or reverse("identity-stylesheet", args=[digest_of(self.css.encode())])

    @property
    def accent(self) -> str:
        return self.publication.accent or ACCENT

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """Words and address of each."""
        return lines.links_in(self.publication.link_lines)


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


def css_with(accent: str, logos: int = 0) -> str:
    """The custom properties of an accent and of each class. An empty accent leaves those of the site."""
    rules = [f":root,:host{{--accent:{_both(palette(accent), 'hue')};{_inks(palette(accent))}}}"] if accent else []
    for source in _SOURCES:
        rules += [f".{name}{{--hue:{_both(made, 'hue')};{_inks(made)}}}" for name, made in source().items()]
    return "\n".join([*rules, *[LOGO] * bool(logos), _BOTH_LOGOS * (logos > 1)])


def _both(made: Palette, name: str) -> str:
    return f"light-dark({getattr(made, f'{name}_light')},{getattr(made, f'{name}_dark')})"


def _inks(made: Palette) -> str:
    return (
        f"--tint:{_both(made, 'tint')};--deep:{made.deep};--middle:{made.middle};"
        f"--pale:light-dark({made.pale},{made.pale_dark})"
    )


def of(publication: Publication, files: list[File]) -> Face:
    """The look of a publication that may not be stored, with these files. Without an icon, it has the mark."""
    found = _drawn(publication.accent or ACCENT) | {file.use: file for file in files}
    by_name = {use.replace("-", "_"): file for use, file in found.items()}
    return Face(publication, by_name)


def _drawn(accent: str) -> dict[str, File]:
    digest = digest_of(icons.drawn_svg(accent))
    files = {use: File(use, digest, "png", size, size, is_drawn=True) for use, size in icons.SIZES.items()}
    return files | {"icon": File("icon", digest, "svg", 32, 32, is_drawn=True)}


def stored_files() -> list[File]:
    """Those of the logo and the icon. One query."""
    return [File(*row) for row in IdentityFile.objects.values_list("use", "digest", "kind", "width", "height")]


def _load() -> Face:
    return of(Publication.current(), stored_files())


_cached = CachedValue(_load, default=lambda: of(Publication.current(), []))


# The look that is tried out in a preview, while it is rendered.
_tried: ContextVar[Face | None] = ContextVar("tried", default=None)


def current() -> Face:
    """No query while nothing has changed; then one, and those of what it is made from."""
    return _tried.get() or _cached.get()


def is_tried() -> bool:
    """Whether what is rendered is a preview of a look that is not stored, so that no other address knows it."""
    return _tried.get() is not None


@contextmanager
def trying(look: Face):
    """Inside, `look` is the current one."""
    token = _tried.set(look)
    try:
        yield
    finally:
        _tried.reset(token)
