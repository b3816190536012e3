"""Indexes that hold the keys of whole lists in their order, for readers and for the admin."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_plain_publication_date")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["category", "status", "-published_at", "-id"], name="article_of_category"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["series", "status", "series_position", "published_at", "id"], name="article_of_series"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["-published_at", "-id"], name="article_by_date"),
        ),
        migrations.RemoveIndex(model_name="article", name="article_by_category"),
    ]
