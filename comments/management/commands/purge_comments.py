import argparse

from django.core.management.base import BaseCommand

from comments.privacy import erasure


def days(text):
    """A whole number of days, 0 to 36,500."""
    if not text.isascii() or not text.isdigit() or int(text) > 36_500:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of days")
    return int(text)


class Command(BaseCommand):
    help = (
        "Delete old spam and rejected comments, and expired data. The log of decisions stays, without texts. Run it "
        "daily."
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=days, default=30, help="delete what was decided this long ago (default: 30)")
        parser.add_argument("--dry-run", action="store_true", help="report what would be deleted, without deleting")

    def handle(self, *args, days, dry_run, verbosity, **options):
        counts = erasure.purge(days, dry_run=dry_run)
        if verbosity:
            text = ", ".join(f"{number} {what}" for what, number in counts.items())
            self.stdout.write(f"Would be deleted: {text}" if dry_run else text)
