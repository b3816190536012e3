"""Export a quiz as GIFT, Moodle XML, Aiken or JSON."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from publishing import files
from quizzes.models import Quiz
from quizzes.transfer import exporter


class Command(BaseCommand):
    help = (
        "Export the saved questions of a quiz, published or not. GIFT, XML and JSON files can be imported again "
        "without loss; Aiken files have single choice questions only. Questions that are left out are reported."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("--format", choices=exporter.FORMATS, default="json")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")

    def handle(self, *args, slug, output, **options):
        quiz = Quiz.objects.filter(slug=slug).first()
        if quiz is None:
            raise CommandError(f"There is no quiz “{slug}”.")
        written = exporter.written(quiz, options["format"])
        for problem in written.left_out:
            self.stderr.write(f"question {problem.line}: {problem.message}")
        if output is None:
            self.stdout.write(written.text, ending="")
            return
        try:
            with files.whole(output, permissions=0o644) as file:
                file.write(written.text.encode())
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
