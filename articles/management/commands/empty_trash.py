import logging

from django.core.management.base import BaseCommand, CommandError

from articles.trash import moving

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Delete articles for ever that have been in the trash for 30 days, with their comments. Run it daily."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=moving.KEPT_DAYS, metavar="N", help="default: %(default)s")
        parser.add_argument("--dry-run", action="store_true", help="only list them")

    def handle(self, *args, days, dry_run, verbosity, **options):
        if days < 0:
            raise CommandError("The number of days cannot be negative.")
        rows = list(moving.outdated(days).select_related("article").only("at", "article__title"))
        for row in rows:
            if verbosity:
                self.stdout.write(f"{row.at:%Y-%m-%d} {row.article.title}")
            if not dry_run:
                logger.info("Deleted for ever: article %s, “%s”", row.pk, row.article.title)
                moving.delete(row, by=None)
        if verbosity:
            self.stdout.write(
                f"{len(rows)} article{'' if len(rows) == 1 else 's'}{' would be' if dry_run else ''} deleted"
            )
