"""A picture keeps its key, the start of the name of its file, when the file is replaced."""

from pathlib import PurePosixPath

from django.db import migrations, models

LENGTH = 24


def fill(apps, schema_editor):
    image, used = apps.get_model("articles", "Image"), set()
    for row in image.objects.order_by("pk").only("file").iterator():
        key = PurePosixPath(row.file.name).stem[:LENGTH]
        row.key = f"{key}-{row.pk}" if key in used else key
        used.add(row.key)
        row.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_list_counts")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="key",
            field=models.CharField(editable=False, max_length=100, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="image",
            name="original",
            field=models.CharField(
                blank=True, db_default="", editable=False, help_text="What was uploaded; not public.", max_length=100
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
