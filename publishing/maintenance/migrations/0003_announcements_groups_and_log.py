import datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("maintenance", "0002_plain_help_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="window",
            options={
                "ordering": ["-starts_at", "-pk"],
                "permissions": [("bypass_maintenance", "Can use the site while it is closed or read-only")],
                "verbose_name": "maintenance window",
            },
        ),
        migrations.AlterField(
            model_name="window",
            name="ends_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Empty: until somebody ends it. It ends by itself: closed after 24 hours, read-only after "
                "7 days, a banner after 31 days.",
                null=True,
                verbose_name="until",
            ),
        ),
        migrations.AddField(
            model_name="window",
            name="announce_before",
            field=models.DurationField(
                blank=True,
                db_default=datetime.timedelta(0),
                default=datetime.timedelta(0),
                verbose_name="announce before",
            ),
        ),
        migrations.AddField(
            model_name="window",
            name="announcement",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Readers see this before it begins. Empty: the sentence from “Name and wording”.",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="window",
            name="groups",
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name="applies to"),
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("announced", "Announced"),
                            ("changed", "Changed"),
                            ("extended", "Extended"),
                            ("ended", "Ended"),
                            ("link-made", "Link for testers made"),
                            ("link-revoked", "Link for testers revoked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("from_state", models.CharField(max_length=10)),
                ("to_state", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="changes",
                        to="maintenance.window",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of maintenance",
                "verbose_name_plural": "changes of maintenance",
                "ordering": ["-made_at", "-pk"],
                "default_permissions": ["view"],
            },
        ),
        migrations.CreateModel(
            name="PassLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Who gets it. Only staff see this.", max_length=80)),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "link for testers",
                "verbose_name_plural": "links for testers",
                "ordering": ["-created_at", "-pk"],
            },
        ),
    ]
