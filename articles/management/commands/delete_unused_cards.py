from django.core.management.base import BaseCommand

from articles.models import LinkCard


class Command(BaseCommand):
    help = "Delete cards of links, with their pictures, that no article and no version in work has. Run it daily."

    def handle(self, *args, verbosity, **options):
        number = LinkCard.objects.delete_unused()
        if verbosity:
            self.stdout.write(f"{number} cards deleted")
