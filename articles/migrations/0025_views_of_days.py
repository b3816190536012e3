import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0024_bulk_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="articlecounts",
            name="day",
            field=models.DateField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name="articlecounts",
            name="day_views",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="DailyViews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("views", models.PositiveIntegerField()),
                (
                    "counts",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="articles.articlecounts",
                    ),
                ),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.AddConstraint(
            model_name="dailyviews",
            constraint=models.UniqueConstraint(fields=("counts", "day"), name="daily_views_once"),
        ),
    ]
