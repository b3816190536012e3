import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_search_index"),
        ("comments", "0007_ended_mailboxes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article_number", models.BigIntegerField()),
                ("comment_number", models.BigIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("approve", "Approve"),
                            ("reject", "Reject"),
                            ("spam", "Mark as spam"),
                            ("remove", "Remove"),
                            ("restore", "Put back into the queue"),
                            ("ban", "Ban, with what they wrote"),
                            ("undo", "Undo"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "was",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "Waiting"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("spam", "Spam"),
                            ("removed", "Removed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("seen", models.CharField(blank=True, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("already", "Already"),
                            ("changed", "Changed"),
                            ("decided", "Decided"),
                            ("final", "Final"),
                            ("claimed", "Claimed"),
                            ("gone", "Gone"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("approve", "Approve"),
                            ("reject", "Reject"),
                            ("spam", "Mark as spam"),
                            ("remove", "Remove"),
                            ("restore", "Put back into the queue"),
                            ("ban", "Ban, with what they wrote"),
                            ("undo", "Undo"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("off-topic", "It is not about this article."),
                            ("unkind", "It attacks a person instead of an opinion."),
                            ("advertising", "It advertises something."),
                            ("private", "It gives away personal details of someone."),
                            ("repeated", "It says what another comment says already."),
                            ("unclear", "We could not make out what it says."),
                            ("other", "It does not fit our rules for comments."),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "ban",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="comments.ban"
                    ),
                ),
                (
                    "moderator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="undone_by",
                        to="comments.batch",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk decision",
                "verbose_name_plural": "bulk decisions",
                "ordering": ["-created_at", "-pk"],
                "default_permissions": [],
            },
        ),
        migrations.AddField(
            model_name="moderationentry",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="entries",
                to="comments.batch",
            ),
        ),
        migrations.AddIndex(
            model_name="moderationentry",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch", "comment"], name="entry_by_batch"
            ),
        ),
        migrations.AddField(
            model_name="batchitem",
            name="batch",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="items", to="comments.batch"
            ),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["-created_at", "-id"], name="batch_newest"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["approve", "reject", "spam", "remove", "restore", "ban", "undo"])),
                name="batch_action_known",
            ),
        ),
        migrations.AddIndex(
            model_name="batchitem",
            index=models.Index(
                condition=models.Q(("outcome", "")),
                fields=["batch", "article_number", "comment_number"],
                name="item_to_decide",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchitem",
            constraint=models.UniqueConstraint(fields=("batch", "comment_number"), name="item_once_per_batch"),
        ),
    ]
