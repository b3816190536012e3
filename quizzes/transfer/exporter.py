"""Export a quiz to any of the file formats."""

from .. import formats
from ..formats.items import normal, what_is_missing
from ..models import Placement, Quiz
from .import_question import item_of

# The ending of the name of a file in each format.
FORMATS = formats.FORMATS
# The fields of a quiz that a file has as they are.
FIELDS = ("title", "slug", "summary", "difficulty", "status", "draw_count", "time_limit", "layout")


def placements_of(quiz: Quiz) -> list[Placement]:
    """The saved questions in order, with all that a file contains."""
    placements = quiz.placements.select_related("question__category", "question__article")
    return list(placements.prefetch_related("question__choices", "question__tags"))


def written(quiz: Quiz, file_format: str) -> formats.Written:
    """The quiz as a file, and the questions that are left out. Raises KeyError for an unknown format."""
    placements = placements_of(quiz)
    items = [item_of(placement.question) for placement in placements]
    in_file = [
        placement for placement, item in zip(placements, items, strict=True) if not what_is_missing(normal(item))
    ]
    header = {name: str(getattr(quiz, name) or "") for name in FIELDS} | {
        "articles": ", ".join(quiz.articles.order_by("slug").values_list("slug", flat=True)),
        "category": quiz.category.slug if quiz.category else "",
        "shuffle_questions": "true" if quiz.shuffle_questions else "",
        # The numbers of the questions in the file.
        "always": ", ".join(str(number) for number, placement in enumerate(in_file, 1) if placement.is_always),
    }
    return formats.write(file_format, items, header)
