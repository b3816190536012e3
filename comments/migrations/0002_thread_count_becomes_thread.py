import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The row that held an article's number of comments becomes the place of all that is decided for its thread."""

    dependencies = [("comments", "0001_initial")]

    operations = [
        migrations.RenameModel("ThreadCount", "Thread"),
        migrations.RenameField("Thread", "approved", "comment_count"),
        migrations.AlterField(
            "Thread",
            "article",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="thread",
                serialize=False,
                to="articles.article",
            ),
        ),
    ]
