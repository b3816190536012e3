from django.core.management.base import BaseCommand

from publishing.cache import changes, pages


class Command(BaseCommand):
    help = (
        "Invalidate the cached pages that show one of these names, such as article:7 or category:3; without names all "
        "pages, for example after the database was restored from a backup."
    )

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", metavar="name")

    def handle(self, *, names, **options):
        pages.withdraw(*(names or [changes.SITE]))
        self.stdout.write("The pages are rendered again at their next request.")
