"""Renders again what an earlier version of the renderer made."""

from django.core.management.base import BaseCommand

from articles.models import Article, Author, Correction, Page
from articles.models.images import render_articles
from publishing.text import markdown

BATCH = 100


class Command(BaseCommand):
    help = (
        "Have articles rendered again whose HTML is of another version of the renderer or another language of the "
        "site: by the worker, each in a transaction of its own. `migrate` does this too. Safe to run at any time."
    )

    def handle(self, *args, verbosity, **options):
        keys = list(Article.objects.outdated().values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            render_articles.enqueue(keys[start : start + BATCH])
        # Short and few, so without a version.
        for author in Author.objects.exclude(biography=""):
            if author.biography_html != markdown.render_fragment(author.biography):
                author.save()
        for correction in Correction.objects.iterator():
            if correction.note_html != markdown.render_line(correction.note):
                correction.save()
        for page in Page.objects.iterator():
            before = page.html, page.text_language
            page.render()
            if (page.html, page.text_language) != before:
                page.render_again()
        if verbosity:
            self.stdout.write(f"Articles for the worker: {len(keys)}.")
