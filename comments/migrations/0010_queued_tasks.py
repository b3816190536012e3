"""Queued tasks hold the path of their function, and failed ones that of their error: both moved to comments.mail."""

from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Replace

OLD, NEW = "comments.tasks.", "comments.mail.tasks."


def rename(apps, old, new):
    DBTaskResult = apps.get_model("django_tasks_database", "DBTaskResult")
    for column in ("task_path", "exception_class_path"):
        rows = DBTaskResult.objects.filter(**{f"{column}__startswith": old})
        rows.update(**{column: Replace(column, Value(old), Value(new))})


def forwards(apps, schema_editor):
    rename(apps, OLD, NEW)


def backwards(apps, schema_editor):
    rename(apps, NEW, OLD)


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0009_writer_hash"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
