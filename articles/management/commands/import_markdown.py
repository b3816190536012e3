from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.importing.markdown import import_folder, summary_of


class Command(BaseCommand):
    help = (
        "Import a folder of Markdown files with YAML, TOML or no front matter. A file that was imported before updates "
        "its article. Each file is reported."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="a folder, or one file")
        parser.add_argument("--dry-run", action="store_true", help="report what would change, without saving")
        parser.add_argument("--category", default="Articles", help="for files that name none (default: Articles)")
        parser.add_argument(
            "--old-url", default="", help="where the files were published, such as /blog/{stem}/; gets a redirect"
        )

    def handle(self, *args, path, dry_run, category, old_url, verbosity, **options):
        if not path.exists():
            raise CommandError(f"Not found: {path}.")
        try:
            old_url.format(stem="", slug="")
        except (KeyError, IndexError, ValueError) as error:
            raise CommandError("--old-url may contain {stem} and {slug} and no other braces.") from error
        outcomes = []
        with transaction.atomic() if dry_run else nullcontext():
            for outcome in import_folder(path, category, old_url):
                outcomes.append(outcome)
                details = "; ".join(filter(None, [outcome.reason, *outcome.notes]))
                if verbosity > 1 or (verbosity and details):
                    self.stdout.write(f"{outcome.result:9} {outcome.path}{': ' + details if details else ''}")
            if dry_run:
                transaction.set_rollback(True)
        if verbosity:
            self.stdout.write("\n".join(["Dry run: nothing was saved."] * dry_run + summary_of(outcomes)))
