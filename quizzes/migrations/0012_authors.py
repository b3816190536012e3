import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def out_of_review(apps, schema_editor):
    apps.get_model("quizzes", "Quiz").objects.filter(status="review").update(status="draft")


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0011_plain_category_path"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="written_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="quiz",
            name="review_note",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=300, verbose_name="note"),
        ),
        migrations.RemoveConstraint(model_name="quiz", name="quiz_status_known"),
        migrations.AlterField(
            model_name="quiz",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("review", "In review"),
                    ("published", "Published"),
                    ("archived", "Archived"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "review", "published", "archived"])),
                name="quiz_status_known",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, out_of_review),
    ]
