from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0032_author_faces"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="renderer",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["renderer"], name="article_renderer"),
        ),
    ]
