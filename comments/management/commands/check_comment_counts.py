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
        checked, wrong = 0, 0
        for checked, found in enumerate(self.articles(article), start=1):  # noqa: B007 - used after the loop
            differences = count_check.differences(found)
            for difference in differences:
                self.stdout.write(f"{found.slug}: {difference}")
            if differences and repair:
                count_check.repair(found)
                differences = count_check.differences(Article.objects.get(pk=found.pk))
                said = f"not repaired: {'; '.join(differences)}" if differences else "repaired"
                self.stdout.write(f"{found.slug}: {said}")
            wrong += bool(differences)
        if wrong:
            raise CommandError(f"{wrong} of {checked} threads are wrong.")
        if verbosity:
            self.stdout.write(f"{checked} threads are correct.")

    def articles(self, slug):
        """What has comments, or a thread that says so."""
        if slug is not None:
            found = Article.objects.filter(slug=slug)
            if not found:
                raise CommandError(f"There is no article “{slug}”.")
            return found
        commented = Exists(Comment.objects.filter(article=OuterRef("pk")))
        threads = Exists(Thread.objects.filter(article=OuterRef("pk")))
        numbers = list(Article.objects.filter(commented | threads).order_by("slug").values_list("pk", flat=True))
        return (Article.objects.get(pk=number) for number in numbers)
