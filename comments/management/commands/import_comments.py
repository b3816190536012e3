from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments.transfer import disqus, jsonl, wordpress, xml_files, yaml_list
from comments.transfer.importer import Importer

XML = {"rss": wordpress, "disqus": disqus}


class Command(BaseCommand):
    help = (
        "Take in comments: an export of this site, a WordPress export (WXR), a Disqus export, or a YAML list of "
        "{article (its slug), name, body, date, state, reason, kind, id, reply_to, editorial, pinned}. The articles "
        "have to be here, under the slug or an old address of theirs. Addresses of people are never taken in. The same "
        "file again changes nothing; a comment that cannot be taken in is told why and stops no other."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args, path, dry_run, verbosity, **options):
        intake = Importer(self.stderr.write, dry_run=dry_run)
        try:
            entries = reader_of(path).entries
            # Read through once before anything is stored, so that a broken file leaves nothing behind.
            for _ in entries(path):
                pass
            intake.take_all(entries(path))
        except xml_files.Unreadable as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        if verbosity:
            counts = ", ".join(f"{intake.counts[result]} {result}" for result in ("created", "unchanged", "skipped"))
            self.stdout.write(f"Would be: {counts}" if dry_run else counts)


def reader_of(path):
    """The module that reads the format of a file, as told by how it begins. Raises `xml_files.Unreadable`."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4096).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    except OSError as error:
        raise xml_files.Unreadable(str(error)) from error
    if start.startswith(b"{"):
        return jsonl
    if not start.startswith(b"<"):
        return yaml_list
    name = xml_files.root_name(path)
    if name not in XML:
        raise xml_files.Unreadable(f"“{name[:40]}” is the export neither of WordPress nor of Disqus")
    return XML[name]
