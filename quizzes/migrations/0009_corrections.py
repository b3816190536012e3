"""Repairs of published questions are called corrections."""

import django.db.models.deletion
from django.db import migrations, models

RULES = {
    "action_known": models.Q(("action__in", ["disregard", "accept"])),
    "has_note": models.Q(("note", ""), _negated=True),
    "says_what_is_accepted": models.Q(
        models.Q(("action", "disregard"), ("choice__isnull", True), ("text", "")),
        models.Q(
            ("action", "accept"),
            models.Q(("choice__isnull", False), models.Q(("text", ""), _negated=True), _connector="OR"),
        ),
        _connector="OR",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0008_statistics_on_demand")]

    operations = [
        *(migrations.RemoveConstraint("repair", f"repair_{name}") for name in RULES),
        migrations.RenameModel("Repair", "Correction"),
        migrations.AlterField(
            model_name="correction",
            name="quiz",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="quizzes.quiz"
            ),
        ),
        *(
            migrations.AddConstraint(
                "correction", models.CheckConstraint(condition=condition, name=f"correction_{name}")
            )
            for name, condition in RULES.items()
        ),
    ]
