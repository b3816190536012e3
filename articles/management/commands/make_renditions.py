"""Makes the renditions of pictures that were uploaded before there were any, or whose task failed."""

from django.core.management.base import BaseCommand

from articles.models import Image
from articles.models.picture_files import WIDTHS


class Command(BaseCommand):
    help = "Makes the missing renditions of all pictures, and renders the articles again that show them."

    def handle(self, **options):
        failed = 0
        for image in Image.objects.filter(width__gt=WIDTHS[0]).iterator(chunk_size=100):
            try:
                image.make_renditions()
            except (OSError, ValueError) as error:
                failed += 1
                self.stderr.write(f"{image}: {error}")
        self.stdout.write(f"Done; failed: {failed}.")
