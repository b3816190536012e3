from django.core.management.base import BaseCommand

from publishing.moving import running


class Command(BaseCommand):
    help = "Delete uploads and exports that nobody has used for a week, and reports of moves after 90 days."

    def handle(self, *, verbosity, **options):
        files, reports = running.delete_old()
        if verbosity:
            self.stdout.write(f"Files deleted: {files}. Reports: {reports}.")
