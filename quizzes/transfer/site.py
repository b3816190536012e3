"""What an export of the publication has of quizzes: the bank, quizzes, editions and counts, and no attempts."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.text.blocks.cleaning import cleaned_again
from publishing.transfer.export.tables import READERS, Part, Table, register

from ..editing import freezing
from ..models import (
    Attempt,
    BankCategory,
    Choice,
    Correction,
    Edition,
    FunnelCount,
    Placement,
    Question,
    QuestionTag,
    Quiz,
)
from . import exporter

# Of the texts of a bundle, those that are HTML; the others are escaped when they are shown.
_HTML = {"stem", "explanation", "hints", "html", "feedback", "program_html"}
_QUIZ = {"format": int, "title": str, "questions": list}
_QUESTION = {"id": int, "kind": str, "stem": str, "choices": list}


def _edition(row: Edition) -> None:
    """Its texts were rendered when it was published: whatever no renderer of ours writes is taken out."""
    bundle = row.bundle
    if not _has(bundle, _QUIZ) or not all(_has(question, _QUESTION) for question in bundle["questions"]):
        raise ValidationError(_("A published quiz is not as this site stores it."))
    row.bundle = _cleaned(bundle)
    try:
        freezing.upgraded(row.bundle)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValidationError(_("A published quiz is not as this site stores it.")) from error


def _has(value, shape: dict) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name), kind) for name, kind in shape.items())


def _cleaned(value, *, is_html: bool = False):
    match value:
        case str():
            return cleaned_again(value) if is_html else value
        case list():
            return [_cleaned(one, is_html=is_html) for one in value]
        case dict():
            return {name: _cleaned(one, is_html=name in _HTML) for name, one in value.items()}
    return value


def _complete() -> Iterator[int]:
    """Write the files from which quizzes are served while the database is down."""
    for quiz in Quiz.objects.filter(edition_number__gt=0).order_by("pk").only("pk").iterator():
        quiz.write_snapshot()
        yield 1


def _readable() -> Iterator[tuple[str, list[bytes]]]:
    for quiz in Quiz.objects.order_by("pk"):
        yield f"quizzes/{quiz.slug}.json", [exporter.written(quiz, "json").text.encode()]


register(
    Part(
        place=40,
        tables=(
            Table(BankCategory),
            Table(QuestionTag),
            Table(Question),
            Table(Question.tags.through),
            Table(Choice),
            Table(Quiz),
            Table(Quiz.articles.through),
            Table(Placement),
            # A bundle has all questions of a quiz.
            Table(Edition, prepare=_edition, batch=20),
            Table(Correction),
            Table(FunnelCount),
        ),
        left={Attempt: READERS},
        complete=_complete,
        readable=_readable,
    )
)
