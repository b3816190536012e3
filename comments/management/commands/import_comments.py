from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments.transfer import disqus, jsonl, wordpress, xml_files, yaml_list
from comments.transfer.importer import Importer, Unreadable

XML = {"rss": wordpress, "disqus": disqus}


class Command(BaseCommand):
    help = (
        "Import comments from an export of this site, a WordPress export (WXR), a Disqus export, or a YAML list of "
        "{article (its slug), name, body, date, state, reason, kind, id, reply_to, editorial, pinned}. The articles "
        "must exist, under this slug or an old one. E-mail addresses are never imported. Importing a file again "
        "changes nothing. A comment that cannot be imported is reported and skipped."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report what would change, without saving")

    def handle(self, *args, path, dry_run, verbosity, **options):
        importer = Importer(self.stderr.write, dry_run=dry_run)
        try:
            importer.import_file(format_of(path), path)
        except Unreadable as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        if verbosity:
            counts = ", ".join(f"{importer.counts[result]} {result}" for result in ("created", "unchanged", "skipped"))
            self.stdout.write(f"Would be: {counts}" if dry_run else counts)


def format_of(path):
    """The module for the format of a file, which its beginning shows. Raises `Unreadable`."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4096).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    except OSError as error:
        raise Unreadable(str(error)) from error
    if start.startswith(b"{"):
        return jsonl
    if not start.startswith(b"<"):
        return yaml_list
    name = xml_files.root_name(path)
    if name not in XML:
        raise Unreadable(f"“{name[:40]}” is the export neither of WordPress nor of Disqus")
    return XML[name]
