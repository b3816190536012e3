"""Take a GIFT, Aiken, Moodle XML or JSON file into a quiz."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from publishing.text.validators import sentences
from quizzes.models import Difficulty, Status
from quizzes.transfer.importer import MAX_BYTES, QuizFields, import_file


class Command(BaseCommand):
    help = (
        "Take the questions of a file into a quiz: GIFT, Aiken, Moodle XML or our own JSON, told apart by their "
        "content. The same file again changes nothing; a changed file changes the questions of its own quiz, and of "
        "no other. Lines like “// title: …” at the top of a GIFT file describe the quiz. Every question is accounted "
        "for, by its line: new, shared with another quiz, changed, or unchanged."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="FILE", help="at most 10 MB")
        parser.add_argument("--dry-run", action="store_true", help="report what would change, without saving")
        parser.add_argument("--title", help="default: the file's own, else made from the file's name")
        parser.add_argument("--slug", help="which quiz; default: the file's own, else made from the title")
        parser.add_argument("--summary")
        parser.add_argument("--difficulty", choices=Difficulty.values)
        parser.add_argument("--category", metavar="SLUG", help="of the publication, over the quiz's title")
        parser.add_argument(
            "--article", action="append", metavar="SLUG", help="an article to link to; may be given again"
        )
        parser.add_argument(
            "--status", choices=Status.values, help="published: give it to the readers (default: draft)"
        )

    def handle(self, *args, path, dry_run, verbosity, **options):
        articles = tuple(options["article"]) if options["article"] else None
        names = ("title", "slug", "summary", "difficulty", "category", "status")
        given = {name: options[name] for name in names}
        fields = QuizFields(articles=articles, **given)
        try:
            report = import_file(self.read(path), path.name, lambda own: own.overridden_by(fields), dry_run=dry_run)
        except ValidationError as error:
            raise CommandError(f"{path}: {' '.join(sentences(error))}") from error
        for row in report.having("wrong"):
            self.stderr.write(f"{path}, line {row.line}: {row.reason}")
        if not report.has_imported:
            self.tell_rows(report)
            raise CommandError(f"{path} holds no question that can be taken in. Nothing was stored.")
        if verbosity:
            self.tell(report)

    def read(self, path):
        """The bytes of the file, and no more of it than shows that it is too large."""
        try:
            with path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def tell_rows(self, report):
        for row in report.rows:
            if row.outcome == "wrong":
                continue
            words = filter(None, [row.name and f"“{row.name}”.", row.reason])
            self.stdout.write(f"line {row.line}: {row.outcome}: {' '.join(words)}")
            for sign, line in row.changes:
                self.stdout.write(f"    {sign} {line}".rstrip())

    def tell(self, report):
        self.tell_rows(report)
        for note in report.notes:
            self.stdout.write(note)
        if not report.is_stored:
            self.stdout.write("Dry run: nothing was saved.")
        self.stdout.write(f"{report.quiz.title} (/quizzes/{report.quiz.slug}/). {report.counts}")
