from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from comments.models import Comment
from comments.transfer import jsonl
from publishing import files
from publishing.web.anonymous_ids import KEY_PATTERN


class Command(BaseCommand):
    help = (
        "Export comments as JSON lines, which import_comments reads: all of them, those of one article, or those of "
        "one reader. The file contains no e-mail addresses, reader keys or networks."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG")
        parser.add_argument("--reader", metavar="KEY", help="the 32 hexadecimal digits of the reader's cookie")
        parser.add_argument("--output", metavar="FILE", type=Path, help="the file to write (default: standard output)")

    def handle(self, *args, article, reader, output, verbosity, **options):
        comments = Comment.objects.outside_trash()
        if article:
            if not Article.objects.filter(slug=article).exists():
                raise CommandError(f"There is no article “{article}”.")
            comments = comments.filter(article__slug=article)
        if reader is not None:
            if not KEY_PATTERN.fullmatch(reader):
                raise CommandError("A reader's key has 32 hexadecimal digits.")
            comments = comments.by_reader(reader)
        if output is None:
            jsonl.write(comments, self.stdout)
            return
        try:
            with files.whole(output, permissions=0o644, text=True) as stream:
                number = jsonl.write(comments, stream)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error}") from error
        if verbosity:
            self.stdout.write(f"{number} written to {output}")
