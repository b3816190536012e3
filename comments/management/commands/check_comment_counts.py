from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef

from articles.models import Article
from comments.models import Comment, Thread
from comments.moderation import count_check


class Command(BaseCommand):
    help = (
        "Check that the stored number of comments of each article matches its visible comments. Prints a line for each "
        "difference and exits with status 1 if there is any."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="check only this article")
        parser.add_argument("--repair", action="store_true", help="correct the stored counts")

    def handle(self, *args, article, repair, verbosity, **options):
        articles, wrong = list(self.articles(article)), 0
        for checked in articles:
            differences = count_check.differences(checked)
            for difference in differences:
                self.stdout.write(f"{checked.slug}: {difference}")
            if differences and repair:
                count_check.repair(checked)
                differences = count_check.differences(checked)
                result = f"not repaired: {'; '.join(differences)}" if differences else "repaired"
                self.stdout.write(f"{checked.slug}: {result}")
            wrong += bool(differences)
        if wrong:
            raise CommandError(f"{wrong} of {len(articles)} threads are wrong.")
        if verbosity:
            self.stdout.write(f"{len(articles)} threads are correct.")

    def articles(self, slug):
        """Those with comments, or with a stored count."""
        articles = Article.objects.order_by("slug").only("slug")
        if slug is None:
            commented = Exists(Comment.objects.filter(article=OuterRef("pk")))
            return articles.filter(commented | Exists(Thread.objects.filter(article=OuterRef("pk"))))
        found = articles.filter(slug=slug)
        if not found:
            raise CommandError(f"There is no article “{slug}”.")
        return found
