from django.core.management.base import BaseCommand, CommandError

from articles.checks import checking
from articles.models import Article


class Command(BaseCommand):
    help = (
        "Check all published articles, as the writing screen does. Prints each article with what is found and exits "
        "with status 1 if anything is found that would stop a first publication."
    )

    def add_arguments(self, parser):
        parser.add_argument("--blocking", action="store_true", help="only what would stop a first publication")
        parser.add_argument("--slug", nargs="+", metavar="SLUG", help="only these articles, published or not")

    def handle(self, *args, blocking, slug, verbosity, **options):
        articles = Article.objects.filter(slug__in=slug) if slug else Article.objects.published()
        checked = wrong = 0
        for article, findings in checking.stored(articles):
            checked += 1
            wrong += any(found.is_blocking for found in findings)
            findings = [found for found in findings if found.is_blocking or not blocking]
            if findings:
                self.stdout.write(f"{article.slug}: {article.title}")
            for found in findings:
                line = f"{found.field}, line {found.line}" if found.line else found.field
                self.stdout.write(f"  {'blocking' if found.is_blocking else 'warning'} {found.code} ({line}): {found}")
        if slug and checked < len(set(slug)):
            raise CommandError(f"{len(set(slug)) - checked} of these articles do not exist.")
        if wrong:
            raise CommandError(f"{wrong} of {checked} articles have something that would stop a first publication.")
        if verbosity:
            self.stdout.write(f"{checked} articles checked.")
