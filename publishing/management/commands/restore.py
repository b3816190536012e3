import errno
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from publishing.database.schema import is_behind
from publishing.transfer.backup import restoring
from publishing.transfer.lock import Busy, exclusive
from publishing.transfer.notes import Refused


class Command(BaseCommand):
    help = "Put a backup in the place of what this site has. Stop the site and the worker before, and start them after."
    # The database may be empty or damaged.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="also if there is anything in the database")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, file, replace, yes, **options):
        try:
            with exclusive(gettext("A restore")):
                self.restore(file, replace, yes)
        except Busy as busy:
            raise CommandError(f"Nothing was restored: {busy}") from busy
        except Refused as refused:
            raise CommandError(f"Nothing was restored. {refused}") from refused
        except OSError as error:
            reason = "no space left on the disk" if error.errno == errno.ENOSPC else error.strerror or error
            raise CommandError(f"Nothing was restored: {reason}.") from error

    def restore(self, file, replace, yes):
        manifest = restoring.what_is_in(file)
        rows = sum(manifest.counts.values())
        is_in_use = restoring.is_in_use()
        if is_in_use and not replace:
            raise Refused("There is something in the database of this site. To replace it, add --replace.")
        question = f"Restore the backup of {manifest.created_at} ({rows:,} rows, {len(manifest.files):,} files)"
        question += " in the place of what this site has" if is_in_use else ""
        if not yes and input(f"{question}? [y/N] ").strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was restored.")
        restoring.restore(file)
        self.stdout.write(f"Restored {rows:,} rows. Start the site and the worker again; everybody signs in again.")
        if is_behind():
            self.stdout.write("The backup is of an earlier version: run manage.py migrate first.")
        else:
            call_command("keep_quizzes", stdout=self.stdout, verbosity=0)
