"""The addresses of articles that were published and are archived answer that they were withdrawn."""

from django.db import migrations
from django.utils import timezone


def withdraw(apps, schema_editor):
    article, redirect = apps.get_model("articles", "Article"), apps.get_model("publishing", "Redirect")
    archived = article.objects.filter(status="archived", published_at__lte=timezone.now())
    rows = [redirect(old_path=f"/articles/{slug}", new_path="") for slug in archived.values_list("slug", flat=True)]
    redirect.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_search_index"), ("publishing", "0002_withdrawn_addresses")]

    # Back: the code before ignores these rows.
    operations = [migrations.RunPython(withdraw, migrations.RunPython.noop)]
