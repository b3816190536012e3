"""Which articles were read most in the last 7 and 30 days, as a table and a chart of bars."""

from dataclasses import dataclass

from django.core.cache import caches
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from publishing.inbox.sections import Section, source

from ..lists import most_read as counting
from ..lists.most_read import MONTH, WEEK
from ..models import Article
from ..versions.buttons import may_publish

# Of each span; in seconds, how long the numbers are cached in a process.
SHOWN, CACHED_SECONDS = 5, 10 * 60
# Of the chart: height of a row and of its two bars in pixels, room left and right of the bars in percent.
ROW, BAR, LEFT, RIGHT = 34, 11, 6, 16


@dataclass(frozen=True)
class Read:
    """An article with its views, and what the chart needs as text: templates format no numbers."""

    rank: int
    title: str
    url: str
    week: int
    month: int
    most: int

    @property
    def top(self) -> int:
        return (self.rank - 1) * ROW

    def _bar(self, views: int) -> dict:
        width = (100 - LEFT - RIGHT) * views / self.most
        return {
            "width": f"{width:.2f}%",
            "end": f"{LEFT + width + 1:.2f}%",
            "views": number_format(views, force_grouping=True),
        }

    @property
    def bars(self) -> list[dict]:
        spans = (("week", self.week, 4), ("month", self.month, 4 + BAR))
        return [
            {"span": span, "y": self.top + y, "base": self.top + y + BAR - 1} | self._bar(n) for span, n, y in spans
        ]


def numbers(user) -> list[tuple[int, int, int]]:
    """The most read of all articles, of an author's own. Two queries if they are not cached."""
    is_editor = may_publish(user)

    def load():
        own = None if is_editor else Article.objects.written_by(user).values("pk")
        return [row for days in (WEEK, MONTH) for row in counting.most_read(own, days, 2 * SHOWN)]

    return caches["local"].get_or_set(f"most-read:{'' if is_editor else user.pk}", load, CACHED_SECONDS)


@source
def most_read(request):
    """One query, two more every ten minutes."""
    user = request.user
    if not user.has_perm("articles.change_article"):
        return []
    found = numbers(user)
    titles = dict(Article.objects.published().filter(pk__in={key for key, *_spans in found}).values_list("pk", "title"))
    # Some may have been withdrawn since.
    public = [row for row in dict.fromkeys(found) if row[0] in titles and row[2]]
    spans = [sorted(public, key=lambda row, by=column: (-row[by], row[0]))[:SHOWN] for column in (1, 2)]
    chosen = sorted({*spans[0], *spans[1]}, key=lambda row: (-row[1], -row[2], row[0]))
    if not chosen:
        return []
    most = max(month for _key, _week, month in chosen)
    rows = [
        Read(rank, titles[key], reverse("admin:articles_article_change", args=[key]), week, month, most)
        for rank, (key, week, month) in enumerate(chosen, 1)
    ]
    context = {"rows": rows, "height": len(rows) * ROW}
    template = "admin/articles/_most_read.html"
    return [Section("most-read", _("Most read"), 30, is_aside=True, template=template, context=context)]
