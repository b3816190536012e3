from django.db import migrations, models


def without_languages(apps, schema_editor):
    """The code before it knows no such change: what was done stays, and cannot be undone as one."""
    changes = apps.get_model("articles", "BulkChange").objects
    changes.filter(undoes__action="language").delete()
    changes.filter(action="language").delete()
    if schema_editor.connection.vendor == "postgresql":
        # Before the tables change.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


KNOWN = ["publish", "archive", "unpublish", "category", "tag", "language", "trash", "undo"]


class Migration(migrations.Migration):
    dependencies = [("articles", "0043_sensitive_articles_and_categories_without_slots")]

    operations = [
        migrations.RemoveConstraint(model_name="bulkchange", name="bulk_change_action_known"),
        migrations.AddField(
            model_name="bulkchange",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=35),
        ),
        migrations.AlterField(
            model_name="bulkchange",
            name="action",
            field=models.CharField(
                choices=[
                    ("publish", "Publish"),
                    ("archive", "Archive"),
                    ("unpublish", "Unpublish"),
                    ("category", "Change the category"),
                    ("tag", "Add a tag"),
                    ("language", "Change the language"),
                    ("trash", "Move to the trash"),
                    ("undo", "Undo"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", KNOWN)), name="bulk_change_action_known"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, without_languages),
    ]
