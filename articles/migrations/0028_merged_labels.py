import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0027_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MergedLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("key", models.BigIntegerField()),
                ("kept", models.BigIntegerField()),
                ("row", models.JSONField()),
                ("articles", models.JSONField()),
                ("places", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": [],
                "indexes": [models.Index(fields=["kind", "kept"], name="merged_label_kept")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="merged_label_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["category", "tag", "author", "series"])),
                        name="merged_label_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", models.F("kept")), _negated=True), name="merged_label_into_another"
                    ),
                ],
            },
        ),
    ]
