from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Now


def from_versions(apps, schema_editor):
    """What is live was worked on when it was saved; without a version, when its text changed."""
    article_model, version_model = (apps.get_model("articles", name) for name in ("Article", "Version"))
    live = version_model.objects.filter(article=OuterRef("pk"), state="live").order_by().values("changed_at")[:1]
    article_model.objects.update(worked_on_at=Coalesce(Subquery(live), F("modified_at")))


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_corrections")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="worked_on_at",
            field=models.DateTimeField(auto_now=True, db_default=Now()),
        ),
        migrations.RunPython(from_versions, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["-worked_on_at", "-id"], name="article_last_worked_on"),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("state", "working")),
                fields=["-changed_at", "-article"],
                name="version_last_worked_on",
            ),
        ),
    ]
