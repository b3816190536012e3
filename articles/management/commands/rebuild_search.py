from django.core.management.base import BaseCommand, CommandError

from articles.search import rebuild


class Command(BaseCommand):
    help = (
        "Index all articles for the search again, in batches: everything is found meanwhile. Once after an update that "
        "says so, and after a restored backup of a part."
    )

    def add_arguments(self, parser):
        parser.add_argument("--after", type=int, default=0, metavar="KEY", help="go on after this article")

    def handle(self, *args, after, verbosity, **options):
        reached = after
        try:
            for done, total, reached in rebuild(after):  # noqa: B007 - said if it is stopped
                if verbosity:
                    self.stdout.write(f"{done:,} of {total:,} articles")
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. Go on with --after {reached}.") from None
        if verbosity:
            self.stdout.write("The search has all articles.")
