from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments.transfer.finding import Articles, read_map
from comments.transfer.formats import format_of
from comments.transfer.importer import Importer
from publishing.transfer.files import open_source
from publishing.transfer.notes import Refused


class Command(BaseCommand):
    help = (
        "Import comments from an export of this site, a WordPress export (WXR), a Disqus export, the JSON of a Ghost "
        "backup, or a YAML list of {article (its slug), name, body, date, state, reason, kind, id, reply_to, "
        "editorial, pinned}. The articles must exist: they are found by their old address or their slug. E-mail "
        "addresses are never imported. Importing a file again changes nothing. A comment that cannot be imported is "
        "reported and skipped."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report what would change, without saving")
        parser.add_argument(
            "--map", type=Path, help="a CSV file with an old address and a slug in each line, for what is not found"
        )

    def handle(self, *args, path, dry_run, verbosity, **options):
        articles = Articles(moved=self._read(read_map, options["map"])) if options["map"] else None
        importer = Importer(lambda sentence, is_loss: self.stderr.write(sentence), dry_run=dry_run, articles=articles)
        self._read(lambda path: import_path(importer, path), path)
        if verbosity:
            self.stdout.write(f"Would be: {importer.results}" if dry_run else importer.results)

    @staticmethod
    def _read(read, path):
        try:
            return read(path)
        except Refused as error:
            raise CommandError(f"{path} cannot be read: {error}") from error


def import_path(importer: Importer, path: Path) -> None:
    """Import one file, or each of a zip. Raises Refused."""
    if path.is_dir():
        raise Refused("it is a folder")
    files = open_source(path)
    for name in files.names:
        importer.import_file(format_of(files, name), files, name)
