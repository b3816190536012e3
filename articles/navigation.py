"""The categories in the navigation of every page."""

from publishing.cache import values

from .models import Category

_sections = values.CachedValue(lambda: list(Category.objects.all()), default=list, names=("categories",))


def sections() -> list[Category]:
    """All categories in order, cached."""
    return _sections.get()
