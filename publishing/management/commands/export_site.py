"""Export the whole publication as one zip."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from publishing.transfer.export.tables import left_behind
from publishing.transfer.export.writing import Exported, export
from publishing.transfer.lock import Busy, exclusive


class Command(BaseCommand):
    help = (
        "Export the whole publication as a zip: articles with their versions, pages, pictures, comments, quizzes and "
        "settings, as data that import_site reads into an empty publication, and as Markdown that Hugo and other "
        "generators read. Without accounts, and without addresses and keys of readers. Nothing is locked meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument("output", type=Path, metavar="OUT.zip")
        parser.add_argument("--no-pictures", action="store_true", help="leave out the files of pictures")

    def handle(self, *args, output, no_pictures, verbosity, **options):
        if output.is_dir():
            raise CommandError(f"{output} is a folder. Give the name of a file.")
        is_shown = verbosity and self.stdout.isatty()
        report = self._progress if is_shown else lambda text: None
        try:
            with exclusive(gettext("An export")):
                exported = export(output, report, has_files=not no_pictures)
        except Busy as busy:
            raise CommandError(f"Nothing was exported: {busy}") from busy
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror or error}.") from error
        if is_shown:
            self._progress("")
        if verbosity:
            self._summary(exported, output)

    def _progress(self, text: str) -> None:
        self.stdout.write(f"\r{text:<60}", ending="\r")
        self.stdout.flush()

    def _summary(self, exported: Exported, output: Path) -> None:
        for label, number in exported.rows.items():
            self.stdout.write(f"{number:>9,}  {label}")
        if exported.missing:
            named = ", ".join(exported.missing[:5]) + (" …" if exported.missing[5:] else "")
            self.stderr.write(f"Files that are gone and so not in it: {len(exported.missing)} ({named})")
        left = ", ".join(name for names in left_behind().values() for name in names)
        self.stdout.write(f"Stays behind: accounts, {left}.")
        self.stdout.write(f"{exported.files:,} files in {output}, {output.stat().st_size / 1e6:,.1f} MB.")
