"""Add to the statistics what was handed in since they were last added to."""

from django.core.management.base import BaseCommand

from quizzes.models import Edition
from quizzes.statistics import tally_store


class Command(BaseCommand):
    help = (
        "Count the attempts that no tally holds yet, each once. The desk shows them all the same; it has less to read "
        "when this ran lately. Safe to run at any time."
    )

    def handle(self, *args, verbosity, **options):
        waiting = Edition.objects.filter(attempts__is_counted=False, attempts__is_first=True, attempts__is_late=False)
        editions = list(waiting.distinct())
        for edition in editions:
            tally_store.brought_up_to_date(edition)
        if verbosity:
            self.stdout.write(f"Editions counted: {len(editions)}.")
