"""Statistics are computed from attempts when they are asked for, so nothing is stored of them any more.

Back: the code before counts all attempts again, since none is marked.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0007_slugs_are_not_empty")]

    operations = [
        migrations.RemoveIndex(model_name="attempt", name="attempt_not_counted"),
        migrations.RemoveField(model_name="attempt", name="is_counted"),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                fields=["edition", "id"],
                condition=Q(("is_first", True), ("is_late", False)),
                name="attempt_for_statistics",
            ),
        ),
        migrations.DeleteModel(name="Tally"),
    ]
