"""A question belongs to the bank and no longer to one quiz."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0003_fill_question_bank")]

    operations = [
        migrations.RemoveConstraint(model_name="question", name="question_external_id_once"),
        migrations.AlterField(
            model_name="question",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="quizzes.bankcategory"
            ),
        ),
        migrations.AlterModelOptions(name="question", options={"ordering": ["category__path", "name", "pk"]}),
        migrations.RemoveField(model_name="question", name="quiz"),
        migrations.RemoveField(model_name="question", name="position"),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("category", "external_id"),
                name="question_external_id_once",
                violation_error_message="Another question of this category has this external id.",
            ),
        ),
    ]
