import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def out_of_the_trash(apps, schema_editor):
    """The code before it knows no such state: what lies there is archived, at its address if that is free."""
    articles = apps.get_model("articles", "Article").objects
    for row in apps.get_model("articles", "TrashedArticle").objects.all():
        slug = {} if articles.filter(slug=row.slug).exists() else {"slug": row.slug}
        articles.filter(pk=row.pk).update(status="archived", **slug)
    apps.get_model("articles", "BulkChange").objects.filter(action="trash").delete()
    if schema_editor.connection.vendor == "postgresql":
        # Before the tables change.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0025_views_of_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TrashedArticle",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="trashed",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("review", "In review"),
                            ("published", "Published"),
                            ("archived", "Archived"),
                        ],
                        max_length=10,
                    ),
                ),
                ("slug", models.SlugField(db_index=False, max_length=200)),
                ("series_position", models.PositiveSmallIntegerField(null=True)),
                ("source", models.CharField(max_length=400, null=True)),
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
                "ordering": ["-at", "-article"],
                "default_permissions": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "review", "published", "archived"])),
                        name="trashed_article_status_known",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="article", name="article_status_known"),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "review", "published", "archived", "trashed"])),
                name="article_status_known",
            ),
        ),
        migrations.RemoveIndex(model_name="article", name="article_last_worked_on"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["-worked_on_at", "-id", "status"], name="article_last_worked_on"),
        ),
        migrations.RemoveConstraint(model_name="bulkchange", name="bulk_change_action_known"),
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
                    ("trash", "Move to the trash"),
                    ("undo", "Undo"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("action__in", ["publish", "archive", "unpublish", "category", "tag", "trash", "undo"])
                ),
                name="bulk_change_action_known",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, out_of_the_trash),
    ]
