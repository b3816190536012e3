"""Blanks whose texts are chosen from a list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0005_withdrawn_quizzes")]

    operations = [
        migrations.AddField(
            model_name="choice",
            name="is_offered",
            field=models.BooleanField(
                default=False,
                help_text="Fill the blanks: readers choose it from a list instead of typing it.",
                verbose_name="in a list",
            ),
        ),
    ]
