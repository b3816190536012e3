"""What the last import made of an article, so that the next one sees what was changed here since; and pages' sources."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def from_versions(apps, schema_editor):
    articles, versions = apps.get_model("articles", "Article"), apps.get_model("articles", "Version")
    imported = versions.objects.filter(article=OuterRef("pk"), note="Imported").order_by("-number").values("digest")
    rows = articles._base_manager.filter(source__isnull=False)
    rows.update(imported_digest=Coalesce(Subquery(imported[:1]), models.Value("")))


class Migration(migrations.Migration):
    dependencies = [("articles", "0038_search_words")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="imported_digest",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name="page",
            name="imported_digest",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name="page",
            name="source",
            field=models.CharField(editable=False, max_length=400, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="page",
            name="source_digest",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.RunPython(from_versions, migrations.RunPython.noop),
    ]
