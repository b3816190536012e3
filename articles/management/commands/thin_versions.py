from django.core.management.base import BaseCommand

from articles.versions import thinning


class Command(BaseCommand):
    help = (
        "Delete old versions of articles: all of 30 days are kept, then one a week, and what was published for ever. "
        "Run it daily."
    )

    def handle(self, *args, verbosity, **options):
        number = thinning.thin()
        if verbosity:
            self.stdout.write(f"{number} versions deleted")
