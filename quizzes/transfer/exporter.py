"""Export a quiz to any of the file formats."""

from collections.abc import Sequence

from .. import formats
from ..formats.items import Item, normal, what_is_missing
from ..models import Placement, Quiz
from .import_question import item_of

# The ending of the name of a file in each format.
FORMATS = formats.FORMATS


def placements_of(quiz: Quiz) -> list[Placement]:
    """The saved questions in order, with all that a file contains."""
    placements = quiz.placements.select_related("question__category", "question__article")
    return list(placements.prefetch_related("question__choices", "question__tags"))


def header_of(quiz: Quiz, placements: Sequence[Placement], items: Sequence[Item]) -> dict[str, str]:
    """The fields of the quiz, as `importer.Fields`. "always" has the numbers of questions in the file."""
    written = [
        placement for placement, item in zip(placements, items, strict=True) if not what_is_missing(normal(item))
    ]
    header = {
        "title": quiz.title,
        "slug": quiz.slug,
        "summary": quiz.summary,
        "difficulty": str(quiz.difficulty),
        "articles": ", ".join(quiz.articles.order_by("slug").values_list("slug", flat=True)),
        "category": quiz.category.slug if quiz.category else "",
        "status": str(quiz.status),
        "draw_count": str(quiz.draw_count or ""),
        "shuffle_questions": "true" if quiz.shuffle_questions else "",
        "time_limit": str(quiz.time_limit or ""),
        "layout": str(quiz.layout),
        "always": ", ".join(str(number) for number, placement in enumerate(written, 1) if placement.is_always),
    }
    return {key: value for key, value in header.items() if value}


def written(quiz: Quiz, file_format: str) -> formats.Written:
    """The quiz as a file, and the questions that are left out. Raises KeyError for an unknown format."""
    placements = placements_of(quiz)
    items = [item_of(placement.question, number) for number, placement in enumerate(placements, 1)]
    return formats.write(file_format, items, header=header_of(quiz, placements, items))
