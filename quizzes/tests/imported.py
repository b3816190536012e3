"""Helpers of the tests of import and export: run the commands, and read all rows."""

from io import StringIO

from django.core.management import call_command

from articles.models import Image
from quizzes.models import BankCategory, Choice, Edition, Placement, Question, QuestionTag, Quiz


def imported(path, text, *options):
    """Write a file and import it; returns standard output and errors."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out, errors = StringIO(), StringIO()
    call_command("import_quiz", str(path), *options, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def exported(quiz, file_format):
    """The text of the file, and the errors."""
    out, errors = StringIO(), StringIO()
    call_command("export_quiz", quiz.slug, "--format", file_format, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


MODELS = (Quiz, Question, Choice, Placement, Edition, BankCategory, QuestionTag, Image)


def everything():
    """All rows with the links between them."""
    links = (Quiz.articles.through, Question.tags.through)
    return [list(model.objects.order_by("pk").values()) for model in (*MODELS, *links)]
