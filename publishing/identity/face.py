"""The look of the publication as every page needs it: its colours as a style sheet, the addresses of logo and icon.

All is cached in each process until something that is on every page changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.http import HttpRequest
from django.urls import reverse

from ..cache.values import CachedValue
from ..models import IdentityFile, Publication
from . import icons
from .colours import ACCENT, Palette, palette

# The palettes of an app, by the class that gets them.
Source = Callable[[], dict[str, Palette]]
_SOURCES: list[Source] = []


def palettes(source: Source) -> Source:
    """Decorate what returns the palettes of an app. No query while nothing has changed."""
    _SOURCES.append(source)
    return source


@dataclass(frozen=True)
class File:
    """A file at an address of its own, which changes with it."""

    use: str
    digest: str
    kind: str
    width: int
    height: int
    is_drawn: bool = False

    @cached_property
    def address(self) -> str:
        return reverse("identity-file", args=[self.use, self.digest, self.kind])


@dataclass(frozen=True)
class Face:
    """The look of a publication. Addresses are paths."""

    publication: Publication
    css: str
    # By use, with _ for -.
    files: dict[str, File]

    @cached_property
    def stylesheet(self) -> str:
        return reverse("identity-stylesheet", args=[digest_of(self.css.encode())])

    @property
    def accent(self) -> str:
        return self.publication.accent or ACCENT


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


def as_css(accent: str, classes: dict[str, Palette]) -> str:
    """The custom properties of the publication, and of each class. An empty accent leaves those of the site."""
    rules = [f":root,:host{{--accent:{_both(palette(accent), 'hue')};{_inks(palette(accent))}}}"] if accent else []
    rules += [f".{name}{{--hue:{_both(made, 'hue')};{_inks(made)}}}" for name, made in classes.items()]
    return "\n".join(rules) + "\n"


def _both(made: Palette, name: str) -> str:
    return f"light-dark({getattr(made, f'{name}_light')},{getattr(made, f'{name}_dark')})"


def _inks(made: Palette) -> str:
    return (
        f"--tint:{_both(made, 'tint')};--deep:{made.deep};--middle:{made.middle};"
        f"--pale:light-dark({made.pale},{made.pale_dark})"
    )


def of(publication: Publication, files: list[File]) -> Face:
    """The look of a publication that may not be stored, with these files. Without an icon, it has the mark."""
    css = as_css(publication.accent, {name: made for source in _SOURCES for name, made in source().items()})
    found = _drawn(publication.accent or ACCENT) | {file.use: file for file in files}
    by_name = {use.replace("-", "_"): file for use, file in found.items()}
    return Face(publication, css, by_name)


def _drawn(accent: str) -> dict[str, File]:
    digest = digest_of(icons.drawn_svg(accent))
    files = {use: File(use, digest, "png", size, size, is_drawn=True) for use, size in icons.SIZES.items()}
    return files | {"icon": File("icon", digest, "svg", 32, 32, is_drawn=True)}


def _load() -> Face:
    rows = IdentityFile.objects.values_list("use", "digest", "kind", "width", "height")
    return of(Publication.current(), [File(*row) for row in rows])


_cached = CachedValue(_load, default=lambda: of(Publication.current(), []))


def current() -> Face:
    """No query while nothing has changed; then one, and those of what it is made from."""
    return _cached.get()


def shown_to(request: HttpRequest) -> Face:
    """The look in the answer to a request: the one that is tried out in a preview, or the current one."""
    return getattr(request, "tried_face", None) or current()
