from django.core.management.base import BaseCommand, CommandError

from articles.lists.recounting import recount


class Command(BaseCommand):
    help = (
        "Check that the stored numbers of articles of all lists match the articles. Prints a line for each difference "
        "and exits with status 1 if there is any that is not repaired."
    )

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="correct the stored numbers")

    def handle(self, *args, repair, verbosity, **options):
        wrong = recount(repair=repair)
        for (kind, key), (stored, counted) in wrong.items():
            name = f"{kind} {key}" if key else kind
            self.stdout.write(f"{name}: {stored} stored, {counted} counted{', repaired' if repair else ''}")
        if wrong and not repair:
            raise CommandError(f"{len(wrong)} numbers are wrong.")
        if verbosity and not wrong:
            self.stdout.write("All numbers are correct.")
