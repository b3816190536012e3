"""Keep quizzes open while the database is down."""

from django.core.management.base import BaseCommand

from quizzes.taking import offline_queue, snapshots, submitting


class Command(BaseCommand):
    help = (
        "Write every published quiz to the folder from which it is served while the database is down, and store the "
        "attempts that wait there. Safe to run at any time, on every machine that serves."
    )

    def handle(self, *args, verbosity, **options):
        written = snapshots.keep_all()
        stored = offline_queue.flush(submitting.store)
        if verbosity:
            self.stdout.write(f"Quizzes written: {written}. Attempts stored: {stored}.")
