"""The parts of a series are found by an index that SQLite chooses, instead of among all articles."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_related_articles")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["series", "status", "published_at", "series_position", "id"], name="article_parts_of_series"
            ),
        ),
        migrations.RemoveIndex(model_name="article", name="article_of_series"),
    ]
