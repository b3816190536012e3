import errno
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext

from publishing.transfer.backup import writing
from publishing.transfer.lock import Busy, exclusive
from publishing.transfer.notes import Refused


class Command(BaseCommand):
    help = (
        "Write one file with the database, the uploads and what waits to be stored, and check that it opens. The site "
        "may run. The file has the hashes of passwords and no SECRET_KEY: keep both, in different places."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BACKUP_DIR, metavar="DIR")
        parser.add_argument("--keep", type=int, metavar="N", help="then delete all backups in DIR but the newest N")
        parser.add_argument("--with-bucket", action="store_true", help="copy uploads of a bucket, too (STORAGE_URL)")
        parser.add_argument(
            "--wait", type=float, default=0, metavar="SECONDS", help="for an import or another backup that runs"
        )

    def handle(self, *, folder, keep, with_bucket, wait, verbosity, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep is at least 1.")
        try:
            with exclusive(gettext("A backup"), wait):
                path = writing.back_up(folder, with_bucket=with_bucket)
                old = writing.remove_old(folder, keep) if keep else []
        except Busy as busy:
            raise CommandError(f"No backup was made: {busy}") from busy
        except Refused as refused:
            raise CommandError(f"No backup was made. {refused}") from refused
        except DatabaseError as error:
            raise CommandError(f"No backup was made. The database: {error}") from error
        except OSError as error:
            reason = "no space left on the disk" if error.errno == errno.ENOSPC else error.strerror or error
            raise CommandError(f"No backup was made in {folder}: {reason}.") from error
        if verbosity:
            self.stdout.write(f"{path} ({path.stat().st_size / 2**20:,.1f} MB, checked)")
            if old:
                self.stdout.write(f"Deleted {len(old)} older.")
