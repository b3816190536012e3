"""What is related to an article is stored, and found here for the articles there are.

Takes about half a millisecond for each article; memory grows with the number of tags.
"""

from collections import Counter
from itertools import islice

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

SHOWN, STORED, NEWEST, COMPARED, BATCH = 3, 6, 300, 60, 1000


def fill(apps, schema_editor):
    article, related = apps.get_model("articles", "Article"), apps.get_model("articles", "RelatedArticles")
    links = article.tags.through.objects
    of_tag = {
        tag: [*links.filter(tag=tag).order_by("-pk").values_list("article", flat=True)[:NEWEST]]
        for tag in apps.get_model("articles", "Tag").objects.values_list("pk", flat=True)
    }
    newest = article.objects.filter(status="published", published_at__lte=timezone.now())
    newest = newest.order_by("-published_at", "-pk").values_list("pk", flat=True)
    newest_of = {
        category: [*newest.filter(category=category)[: STORED + 1], *newest[: STORED + 1]]
        for category in apps.get_model("articles", "Category").objects.values_list("pk", flat=True)
    }
    compared = _Compared(article, {key for keys in (*of_tag.values(), *newest_of.values()) for key in keys})
    # The order of an index, so that no row of an article is read.
    order = ("category", "status", "-published_at", "-pk")
    keys = article.objects.order_by(*order).values_list("pk", "category").iterator(chunk_size=BATCH)
    while batch := list(islice(keys, BATCH)):
        tags = _tags(article, [key for key, _ in batch])
        related.objects.bulk_create(
            related(pk=key, keys=compared.best(key, tags[key], category, of_tag, newest_of)) for key, category in batch
        )


def _tags(article, keys):
    tags = {key: set() for key in keys}
    for start in range(0, len(keys), BATCH):
        links = article.tags.through.objects.filter(article__in=keys[start : start + BATCH])
        for key, tag in links.values_list("article", "tag"):
            tags[key].add(tag)
    return tags


class _Compared:
    """The articles that may be related to others: the newest of each tag and category."""

    def __init__(self, article, keys):
        keys, now = sorted(keys), timezone.now()
        self.tags, self.rows, self.scheduled = _tags(article, keys), {}, set()
        for start in range(0, len(keys), BATCH):
            rows = article.objects.filter(pk__in=keys[start : start + BATCH]).order_by()
            for key, category, status, moment in rows.values_list("pk", "category", "status", "published_at"):
                if status == "published":
                    self.rows[key] = category, moment
                    self.scheduled |= {key} if moment > now else set()

    def best(self, article, tags, category, of_tag, newest_of):
        shared = Counter(key for tag in tags for key in of_tag[tag])
        by_tags = sorted(shared, key=lambda key: (shared[key], key), reverse=True)[:COMPARED]
        others = ({*by_tags, *newest_of[category]} - {article}) & self.rows.keys()

        def rank(key):
            of, moment = self.rows[key]
            return len(tags & self.tags[key]), of == category, moment, key

        ranked = sorted(others, key=rank, reverse=True)
        scheduled = sorted(others & self.scheduled, key=lambda key: self.rows[key][1])
        left_out = scheduled[STORED - SHOWN :]
        return [key for key in ranked if key not in left_out][:STORED]


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_list_indexes")]

    operations = [
        migrations.CreateModel(
            name="RelatedArticles",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="related",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("keys", models.JSONField(default=list, editable=False)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
