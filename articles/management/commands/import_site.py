import sys
from contextlib import nullcontext
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from articles.importing.options import DATE_FROM, PARTS, Options, is_pattern
from articles.importing.running import Import
from publishing.transfer.export.archive import is_export
from publishing.transfer.export.restoring import NotEmpty, restore
from publishing.transfer.lock import Busy, exclusive
from publishing.transfer.notes import Outcome, Refused, Result
from publishing.transfer.reports import Report
from publishing.transfer.stopping import cleaned_up_when_stopped


class Command(BaseCommand):
    help = (
        "Import a magazine: a folder or zip of Markdown or HTML, an export of WordPress (WXR), Ghost, Substack or "
        "Medium, or one of this system. What it is, is told by its content. Importing it again changes only what was "
        "changed there. Each post with a note is reported, and all are counted."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="a folder, a zip, or one file")
        parser.add_argument("--dry-run", action="store_true", help="report what would change, without saving")
        parser.add_argument("--category", default="Articles", help="for posts that name none (default: Articles)")
        parser.add_argument(
            "--old-url",
            default="",
            help="where the posts were published, such as /blog/{year}/{stem}/; gets a redirect. Parts: "
            + ", ".join(f"{{{part}}}" for part in PARTS),
        )
        parser.add_argument("--date-from", choices=DATE_FROM, default="none", help="for posts without a date")
        parser.add_argument("--zone", help="of dates without one, such as Europe/Berlin (default: that of this site)")
        parser.add_argument("--media", type=Path, action="append", default=[], help="a folder with the site's pictures")
        parser.add_argument("--fetch", action="store_true", help="download pictures from other sites")
        parser.add_argument(
            "--merge",
            action="store_true",
            help="add texts and comments of an export of this system to what is here; without it, the site is empty",
        )
        parser.add_argument("--overwrite", action="store_true", help="replace what was changed here, too")
        parser.add_argument("--strict", action="store_true", help="end with an error if anything was lost")
        parser.add_argument("--report", type=Path, help="write all notes into this CSV file")

    def handle(self, *args, path, strict, report, merge, verbosity, **chosen):
        options, site_import = self._options(chosen), None
        try:
            if not merge and is_export(path):
                self._restore(path, verbosity, dry_run=options.dry_run)
                return
            site_import = Import(path, options)
            total = site_import.prepare()
            if verbosity:
                self.stdout.write(f"{site_import.reader.label}: {total} posts")
            lock = nullcontext() if options.dry_run else exclusive(gettext("An import"))
            opened = report.open("w", newline="", encoding="utf-8") if report else nullcontext()
            with lock, cleaned_up_when_stopped(), opened as file:
                table = Report(file) if file else None
                for number, outcome in enumerate(site_import.outcomes(), 1):
                    if table:
                        table.add(outcome)
                    self._tell(outcome, number, total, verbosity)
        except Busy as busy:
            raise CommandError(f"Nothing was imported: {busy}") from busy
        except Refused as error:
            if site_import:
                self._sum_up(site_import, verbosity)
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}") from error
        self._sum_up(site_import, verbosity)
        if strict and site_import.summary.has_loss:
            raise CommandError("Something was lost; see above.")

    def _sum_up(self, site_import: Import, verbosity: int) -> None:
        if verbosity:
            start = ["Dry run: nothing was saved."] * site_import.options.dry_run
            self.stdout.write("\n".join([*start, *site_import.summary.lines()]))

    def _restore(self, path: Path, verbosity: int, *, dry_run: bool) -> None:
        """Take all rows of an export of this system into an empty one. Raises Refused."""
        is_shown = verbosity and sys.stderr.isatty()
        try:
            with exclusive(gettext("An import")):
                rows = restore(path, self._progress if is_shown else lambda text: None, dry_run=dry_run)
        except Busy as busy:
            raise CommandError(f"Nothing was imported: {busy}") from busy
        except NotEmpty as error:
            raise CommandError(f"{error}. With --merge, texts and comments are added to what is here.") from error
        if verbosity:
            for label, number in rows.items():
                self.stdout.write(f"{number:>9,}  {label}")
            self.stdout.write("Dry run: nothing was saved." if dry_run else "Everything of the export is here.")

    def _progress(self, text: str) -> None:
        self.stderr.write(f"\r{text:<60}", ending="")

    def _options(self, chosen) -> Options:
        if not is_pattern(chosen["old_url"]):
            parts = " ".join(f"{{{part}}}" for part in PARTS)
            raise CommandError(f"--old-url may contain {parts} and no other braces.")
        try:
            zone = ZoneInfo(chosen["zone"]) if chosen["zone"] else None
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise CommandError(f"--zone: there is no time zone {chosen['zone']}.") from error
        if missing := [folder for folder in chosen["media"] if not folder.is_dir()]:
            raise CommandError(f"--media: {missing[0]} is not a folder.")
        names = ("category", "old_url", "date_from", "fetch", "overwrite", "dry_run")
        return Options(**{name: chosen[name] for name in names}, zone=zone, media=tuple(chosen["media"]))

    def _tell(self, outcome: Outcome, number: int, total: int, verbosity: int) -> None:
        is_told = outcome.reason or outcome.notes or outcome.result == Result.CONFLICT
        if verbosity > 1 or (verbosity and is_told):
            details = "; ".join(filter(None, [outcome.reason, *(note.text for note in outcome.notes)]))
            self.stdout.write(f"{outcome.result:9} {outcome.name}{': ' + details if details else ''}")
        elif verbosity and sys.stderr.isatty():
            self.stderr.write(f"\r{number} of {total}", ending="")
