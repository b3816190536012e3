"""What the tests of import and export share: running the commands, and looking at all that is stored."""

from io import StringIO

from django.core.management import call_command

from articles.models import Image
from quizzes.models import BankCategory, Choice, Edition, Placement, Question, QuestionTag, Quiz


def taken_in(path, text, *options):
    """Write a file and import it; returns what was said and what was complained of."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out, errors = StringIO(), StringIO()
    call_command("import_quiz", str(path), *options, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def exported(quiz, file_format):
    """The text of the file, and what was complained of."""
    out, errors = StringIO(), StringIO()
    call_command("export_quiz", quiz.slug, "--format", file_format, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


MODELS = (Quiz, Question, Choice, Placement, Edition, BankCategory, QuestionTag, Image)


def everything():
    """All rows, the links between them included."""
    links = (Quiz.articles.through, Question.tags.through)
    return [list(model.objects.order_by("pk").values()) for model in (*MODELS, *links)]
