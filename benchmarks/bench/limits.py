"""The limits of what is measured.

`target` is the goal. `ceiling` is the present value of a count that has not reached it: `make bench-short` fails above
it, so that it only improves; lower it when the count is lower. Without one, the target is the ceiling. Times have none,
since they vary with the load of the machine.
"""

from typing import NamedTuple


class Limit(NamedTuple):
    """`at_least` instead of at most; `is_count` if no other program disturbs it."""

    name: str
    target: float
    unit: str = ""
    ceiling: float | None = None
    at_least: bool = False
    is_count: bool = False

    def is_reached(self, found: float) -> bool:
        return found >= self.target if self.at_least else found <= self.target

    def is_kept(self, found: float) -> bool:
        """Whether it is no worse than it was."""
        if not self.is_count:
            return True
        edge = self.target if self.ceiling is None else self.ceiling
        return found >= edge if self.at_least else found <= edge


class Page(NamedTuple):
    """Limits of an uncached page: its CPU, and the growth of its work from the smallest size to the largest."""

    cpu_ms: float
    growth: float
    growth_ceiling: float | None = None


# By the names of `addresses.pages` and of `inside/costs.py`.
PAGES = {
    "article": Page(12, 1.1),
    "home": Page(14, 1.1),
    "home, last page": Page(10, 1.3),
    "category": Page(10, 1.3),
    "category, last page": Page(10, 1.3),
    "tag": Page(10, 1.3),
    "archive": Page(10, 1.3),
    "month": Page(10, 1.3),
    "search, common word": Page(10, 2),
    "search, rare word": Page(4, 2),
    "search, phrase": Page(12, 2),
    "sitemap index": Page(20, 1.3),
    # A file has 2,000 articles, or all 1,000 of them.
    "sitemap, one file": Page(60, 2.1),
    "feed": Page(8, 1.3),
    "home, after a change": Page(14, 1.1),
    "category, last page, after a change": Page(10, 1.3),
    "archive, after a change": Page(10, 1.3),
    "comment posted": Page(5, 1.1),
}
ON_POSTGRES = ("article", "search, common word", "search, rare word", "search, phrase")


def of_pages() -> list[Limit]:
    limits = []
    for name, page in PAGES.items():
        limits.append(Limit(f"{name}: CPU ms", page.cpu_ms, "ms"))
        limits.append(Limit(f"{name}: growth", page.growth, "×", page.growth_ceiling, is_count=True))
    return limits


LIMITS = [
    Limit("cached article, plain, of bare gunicorn", 0.95, "×", at_least=True),
    Limit("cached article, compressed, of bare gunicorn", 0.95, "×", at_least=True),
    Limit("cached article, plain, of bare granian", 0.85, "×", at_least=True),
    Limit("cached article, compressed, of bare granian", 0.85, "×", at_least=True),
    Limit("hit rate with an approval a second", 99, "%", at_least=True, is_count=True),
    Limit("hit rate with a draft saved a second", 99.9, "%", at_least=True, is_count=True),
    Limit("p99 with an approval a second, of that without writes", 1.5, "×"),
    Limit("p99 with a draft saved a second, of that without writes", 1.5, "×"),
    Limit("renders when 200 clients ask after a change", 1, is_count=True),
    Limit("article: function calls", 38_000, is_count=True),
    Limit("article: queries", 8, is_count=True),
    Limit("home: queries", 8, is_count=True),
    *of_pages(),
    *(Limit(f"{name} on PostgreSQL: ms by the clock", PAGES[name].cpu_ms, "ms") for name in ON_POSTGRES),
    Limit("comment posted: queries", 8, is_count=True),
    Limit("comments a second, 2 workers", 150, at_least=True),
    Limit("memory after many pages, 2 workers", 160, "MiB"),
    Limit("memory after as many again", 1.05, "×"),
    Limit("launch to first answer", 0.8, "s"),
    Limit("later make run to first answer", 2.5, "s"),
    Limit("first view of an article", 72, "kB", is_count=True),
]  # fmt: skip
