"""What keeps the quizzes open while the database is stopped."""

from django.core.management.base import BaseCommand

from quizzes.taking import offline_queue, snapshots, submitting


class Command(BaseCommand):
    help = (
        "Write every published quiz to the folder from which it is served while the database does not answer, and "
        "store the attempts that waited there. Safe to run at any time, on every machine that serves."
    )

    def handle(self, *args, verbosity, **options):
        kept = snapshots.keep_all()
        taken = offline_queue.take_in(submitting.store)
        if verbosity:
            self.stdout.write(f"Quizzes kept: {kept}. Attempts taken in: {taken}.")
