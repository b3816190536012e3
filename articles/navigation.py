"""The menus in the head and at the foot of every page."""

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import JSONField, TextField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.bases import addressed
from publishing.bases.publishable import Publishable
from publishing.cache import pages, values
from publishing.text import languages

from .models import Article, Category, Menu, MenuEntry, Page
from .models.sections import first_published

# At the foot: of pages without a menu for it, and of sections.
MOST_PAGES = MOST_SECTIONS = 12
# What articles and quizzes in menus change by: their titles, addresses and dates.
_NAMES = ("articles", "llms", "quiz-list", "quizzes")


@dataclass(frozen=True)
class Entry:
    """A link in a menu; `colour_class` is that of its category.

    It is shown from the moment `since` on, never if that is None. Pages that show it have the `name`.
    """

    words: str
    url: str
    colour_class: str = ""
    since: datetime | None = datetime(1970, 1, 1, tzinfo=UTC)
    name: str = ""


def sections() -> list[Category]:
    """All categories in order, cached."""
    return _sections.get()


_sections = values.CachedValue(lambda: list(Category.objects.all()), default=list, names=("categories",))


def header_menu(request=None) -> list[Entry]:
    """The entries in the head of every page, in order. No query while nothing has changed."""
    return _shown(request, _menu(Menu.Place.HEADER))


def footer_menu(request=None) -> list[Entry]:
    """The same for the foot."""
    return _shown(request, _menu(Menu.Place.FOOTER))


def footer_sections(request=None) -> list[Entry]:
    """The entries of the head that the foot has not got besides; of many the first, and where all sections are."""
    others = {entry.url for entry in footer_menu(request)}
    entries = [entry for entry in header_menu(request) if entry.url not in others]
    if len(entries) <= MOST_SECTIONS:
        return entries
    return [*entries[: MOST_SECTIONS - 1], Entry(_("All sections"), reverse("articles:categories"))]


def _shown(request, entries: list[Entry]) -> list[Entry]:
    """Those that readers can open now. A public page gets their names, and ends when the next one appears."""
    now = timezone.now()
    if getattr(request, "shown_names", None):
        pages.cacheable(request, *(entry.name for entry in entries if entry.name))
        for entry in entries:
            pages.changes_at(request, entry.since)
    return [entry for entry in entries if entry.since is not None and entry.since <= now]


# --- what the site chooses ---


@languages.of_the_site()
def _default(place: str) -> list[Entry]:
    if place == Menu.Place.HEADER:
        return [
            *(_of_row(row, since=row.first) for row in first_published(Article.objects, Category.objects.all())),
            Entry(_("Quizzes"), reverse("quizzes:list")),
        ]
    released = Page.objects.released().only("title", "slug", "status", "published_at")
    return [
        *(_of_row(page) for page in released[:MOST_PAGES]),
        Entry(_("Authors"), reverse("articles:authors")),
        Entry(_("Tags"), reverse("articles:tags")),
        Entry(_("Series"), reverse("articles:all-series")),
        Entry(_("Archive"), reverse("articles:archive")),
        Entry(_("Corrections"), reverse("articles:corrections")),
    ]


# --- what editors chose ---


def _of_row(row, words: str = "", **others) -> Entry:
    if isinstance(row, Publishable):
        others.setdefault("since", row.published_at if row.is_released else None)
    return Entry(words or str(row), row.get_absolute_url(), getattr(row, "colour_class", ""), **others)


def rows_of(places) -> dict[tuple[str, int], object]:
    """The rows by kind and key, without long texts. A query for each kind."""
    keys, found = defaultdict(set), {}
    for kind, key in places:
        keys[kind].add(key)
    for kind, some in keys.items():
        model = addressed.model_of(kind)
        long = [field.name for field in model._meta.concrete_fields if isinstance(field, TextField | JSONField)]
        rows = model._default_manager.defer(*long).in_bulk(some)
        found |= {(kind, key): row for key, row in rows.items()}
    return found


def _name_of(entry: MenuEntry) -> str:
    """The name of pages that link to the row."""
    return f"{'link' if entry.kind == 'article' else entry.kind}:{entry.key}"


def _composed(stored: list[MenuEntry], kinds: Container[str] | None = None) -> dict[str, list[Entry]]:
    """The entries of each menu; of those that lead to rows only these `kinds`."""
    wanted = [entry for entry in stored if entry.kind and (kinds is None or entry.kind in kinds)]
    rows, menus = rows_of((entry.kind, entry.key) for entry in wanted), {}
    for entry in stored:
        entries, row = menus.setdefault(entry.menu_id, []), rows.get((entry.kind, entry.key))
        if row is not None:
            entries.append(_of_row(row, entry.words, name=_name_of(entry)))
        elif not entry.kind:
            entries.append(Entry(entry.words, entry.address))
    return {place: menus[place] if place in menus else _default(place) for place in Menu.Place.values}


def _load_steady() -> tuple[dict[str, list[Entry]], list[MenuEntry]]:
    stored = list(MenuEntry.objects.all())
    return _composed(stored, _STEADY), stored


def _load_changing() -> dict[str, list[Entry]]:
    _, stored = _steady.get()
    return _composed(stored) if {entry.kind for entry in stored} - {"", *_STEADY} else {}


def _menu(place: str) -> list[Entry]:
    return (_changing.get() or _steady.get()[0])[place]


# A change of these rows invalidates all pages, and with them every cached value.
_STEADY = ("category", "page")
_steady = values.CachedValue(_load_steady, default=lambda: (dict.fromkeys(Menu.Place.values, []), []))
# Empty, without a query, as long as no menu leads to other rows, which change often.
_changing = values.CachedValue(_load_changing, default=dict, names=_NAMES)
