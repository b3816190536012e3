"""The categories in the navigation of every page."""

from publishing.cache import generations

from .models import Category

_sections = generations.CachedValue(lambda: list(Category.objects.all()), default=list)


def sections() -> list[Category]:
    """All categories in order, cached."""
    return _sections.get()
