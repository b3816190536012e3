"""Which covers an editor would take for the same."""

from ..models import Article
from . import drawn

# The newest of a category: they may stand beside each other.
NUMBER = 24


def alike(article) -> list[Article]:
    """The newest articles of its category whose drawn covers show the same letters. One query."""
    if article.category_id is None or not (letters := drawn(article).letters):
        return []
    others = Article.objects.released().filter(category=article.category_id, cover=None).exclude(pk=article.pk)
    newest = others.newest_first().for_cover()[:NUMBER]
    return [other for other in newest if drawn(other).letters == letters]
