from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from quizzes import gift
from quizzes.importing import QuizFields, import_gift, sentences
from quizzes.models import Difficulty, Status


class Command(BaseCommand):
    help = (
        "Take a GIFT file into a quiz. The same file again changes nothing; a changed file updates its questions. "
        "Lines like “// title: …” at its top describe the quiz (title, slug, summary, difficulty, articles, status). "
        "Every question is accounted for."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="FILE", help="a GIFT file, UTF-8, at most 10 MB")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, store nothing")
        parser.add_argument("--title", help="default: the file's own, else made from the file's name")
        parser.add_argument("--slug", help="which quiz; default: the file's own, else made from the title")
        parser.add_argument("--summary")
        parser.add_argument("--difficulty", choices=Difficulty.values)
        parser.add_argument(
            "--article", action="append", metavar="SLUG", help="an article to link to; may be given again"
        )
        parser.add_argument(
            "--status", choices=Status.values, help="published: give it to the readers (default: draft)"
        )

    def handle(self, *args, path, dry_run, verbosity, **options):
        try:
            parsed = gift.parse(gift.decode(self.read(path)))
        except gift.UnreadableFile as error:
            raise CommandError(f"{path}: {error}") from error
        if not parsed.questions:
            self.tell_lines(path, [(error.line, error.message) for error in parsed.errors])
            self.tell_lines(path, [(found.line, f"not supported yet: {found.kind}") for found in parsed.unsupported])
            raise CommandError(f"{path} holds no question that can be taken in. Nothing was stored.")
        articles = tuple(options["article"]) if options["article"] else None
        given = {name: options[name] for name in ("title", "slug", "summary", "difficulty", "status")}
        fields = QuizFields.from_header(parsed.header).overridden_by(QuizFields(articles=articles, **given))
        try:
            with transaction.atomic():
                report = import_gift(parsed, fields, default_title=humanised(path.stem))
                if dry_run:
                    transaction.set_rollback(True)
        except ValidationError as error:
            raise CommandError(f"{path}: {' '.join(sentences(error))}") from error
        self.tell_lines(path, report.wrong)
        if verbosity:
            self.tell(report, dry_run)

    def read(self, path):
        """The bytes of the file, and no more of it than shows that it is too large."""
        try:
            with path.open("rb") as file:
                return file.read(gift.MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def tell_lines(self, path, lines):
        for line, reason in lines:
            self.stderr.write(f"{path}, line {line}: {reason}")

    def tell(self, report, dry_run):
        for line, reason in report.skipped:
            self.stdout.write(f"line {line}: {reason}")
        for note in report.notes:
            self.stdout.write(note)
        if dry_run:
            self.stdout.write("Dry run: nothing was stored.")
        self.stdout.write(f"{report.quiz.title} (/quizzes/{report.quiz.slug}/). {report.counts}")


def humanised(stem: str) -> str:
    """A file's name as a title: "routing-and-requests" becomes "Routing and requests"."""
    words = " ".join(stem.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:]
