"""The numbers of articles in lists are stored, and counted here for the articles there are.

Reads all articles, and the tables of their tags and authors: a second for 100,000 articles. An article that
is published by older code meanwhile is counted by `check_article_counts --repair`.
"""

from collections import Counter

from django.db import migrations, models
from django.utils import timezone


def fill(apps, schema_editor):
    article, count = apps.get_model("articles", "Article"), apps.get_model("articles", "ListCount")
    released, counted = article.objects.filter(status="published").order_by(), Counter({("all", 0): 0})
    for moment, category, series in released.values_list("published_at", "category", "series").iterator():
        month = timezone.localtime(moment)
        counted.update([("all", 0), ("category", category), ("month", 100 * month.year + month.month)])
        counted.update([("series", series)] if series else ())
    links = {"tag": article.tags.through, "author": apps.get_model("articles", "Byline")}
    for kind, model in links.items():
        numbers = model.objects.filter(article__in=released).order_by().values_list(kind)
        counted.update({(kind, key): number for key, number in numbers.annotate(models.Count("pk"))})
    rows = (count(kind=kind, key=key, number=number) for (kind, key), number in counted.items())
    count.objects.bulk_create(rows, batch_size=300)


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_index_of_series")]

    operations = [
        migrations.CreateModel(
            name="ListCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("key", models.BigIntegerField()),
                ("number", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="list_count_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
