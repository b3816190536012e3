"""Import the questions of a file into a quiz."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from publishing.text.validators import sentences
from quizzes.models import Difficulty, Status
from quizzes.transfer.importer import MAX_BYTES, import_file

FIELDS = ("title", "slug", "summary", "difficulty", "category", "status")


class Command(BaseCommand):
    help = (
        "Import the questions of a GIFT, Aiken, Moodle XML or JSON file into a quiz. The format is detected. "
        "Importing the same file again changes nothing, and no import changes the questions of another quiz. "
        "Lines such as “// title: …” at the top of a GIFT file set fields of the quiz. "
        "Each question is reported with its line: new, shared with another quiz, changed, unchanged, skipped or error."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="FILE", help="up to 10 MB")
        parser.add_argument("--dry-run", action="store_true", help="report what would change, without saving")
        parser.add_argument("--title", help="default: the title in the file, or the file's name")
        parser.add_argument("--slug", help="slug of the quiz; default: the one in the file, or made from the title")
        parser.add_argument("--summary")
        parser.add_argument("--difficulty", choices=Difficulty.values)
        parser.add_argument("--category", metavar="SLUG", help="category of the quiz")
        parser.add_argument("--article", action="append", metavar="SLUG", help="article to link; can be repeated")
        parser.add_argument("--status", choices=Status.values, help="default for a new quiz: draft")

    def handle(self, *args, path, dry_run, verbosity, **options):
        fields = {name: options[name] for name in FIELDS if options[name] is not None}
        if options["article"]:
            fields["articles"] = ",".join(options["article"])
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            report = import_file(data, path.name, lambda in_file: in_file | fields, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except ValidationError as error:
            raise CommandError(f"{path}: {' '.join(sentences(error))}") from error
        self.print_rows(path, report.rows, is_verbose=verbosity or not report.has_imported)
        if not report.has_imported:
            raise CommandError(f"{path} has no questions to import. Nothing was saved.")
        if verbosity:
            for note in report.notes:
                self.stdout.write(note)
            if not report.is_saved:
                self.stdout.write("Dry run: nothing was saved.")
            self.stdout.write(f"{report.quiz.title} (/quizzes/{report.quiz.slug}/). {report.counts}")

    def print_rows(self, path, rows, *, is_verbose):
        for row in rows:
            if row.outcome == "error":
                self.stderr.write(f"{path}, line {row.line}: {row.reason}")
            elif is_verbose:
                words = filter(None, [row.name and f"“{row.name}”.", row.reason])
                self.stdout.write(f"line {row.line}: {row.outcome}: {' '.join(words)}")
                for sign, line in row.changes:
                    self.stdout.write(f"    {sign} {line}".rstrip())
