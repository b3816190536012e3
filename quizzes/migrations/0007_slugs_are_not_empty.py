"""No row without a slug: its address could not be made, and every page that lists it would fail."""

from django.db import migrations, models

MODELS = ["quiz"]


def fill(apps, schema_editor):
    """The only row of a table that can lack one is given its number."""
    for name in MODELS:
        rows = apps.get_model("quizzes", name).objects
        for row in rows.filter(slug="").only("pk"):
            slug = f"{name}-{row.pk}"
            while rows.filter(slug=slug).exists():
                slug += "-"
            rows.filter(pk=row.pk).update(slug=slug)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0006_choice_is_offered")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(
            migrations.AddConstraint(
                model_name=name,
                constraint=models.CheckConstraint(
                    condition=models.Q(("slug", ""), _negated=True), name=f"{name}_has_slug"
                ),
            )
            for name in MODELS
        ),
    ]
