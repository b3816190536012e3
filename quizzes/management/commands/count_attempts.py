"""Keeps the statistics of quizzes up to date, so that no page has much left to count."""

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef

from quizzes import tallies
from quizzes.models import Attempt, Edition


class Command(BaseCommand):
    help = (
        "Add the attempts that came in since the last time to the statistics of their editions, and count an edition "
        "anew whose repairs have changed. Safe to run at any time. Pages of statistics are right without it, too, and "
        "take the longer the more there is left to count."
    )

    def handle(self, *args, verbosity, **options):
        attempts = Attempt.objects.filter(edition=OuterRef("pk"))
        waiting = Attempt.objects.filter(**tallies.TO_COUNT)
        before = waiting.count()
        for edition in Edition.objects.filter(Exists(attempts)).iterator(chunk_size=20):
            tallies.brought_up_to_date(edition)
        if verbosity:
            self.stdout.write(f"Attempts counted: {before - waiting.count()}.")
