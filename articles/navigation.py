"""The entries of the menu in the head and at the foot of every page."""

from dataclasses import dataclass

from django.urls import reverse

from publishing.cache import values

from .models import Category


@dataclass(frozen=True)
class Entry:
    """A link in a menu; `colour_class` is that of its category."""

    words: str
    url: str
    colour_class: str = ""


def sections() -> list[Category]:
    """All categories in order, cached."""
    return _sections.get()


def _entries():
    entries = [Entry(row.name, row.get_absolute_url(), getattr(row, "colour_class", "")) for row in sections()]
    return [*entries, Entry("Quizzes", reverse("quizzes:list")), Entry("Archive", reverse("articles:archive"))]


_sections = values.CachedValue(lambda: list(Category.objects.all()), default=list, names=("categories",))
_header = values.CachedValue(_entries, default=list, names=("categories",))


def header_menu() -> list[Entry]:
    """The entries in the head of every page, in order, cached."""
    return _header.get()
