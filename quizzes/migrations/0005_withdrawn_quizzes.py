"""The addresses of quizzes that were published and are not any more answer that they were withdrawn."""

from django.db import migrations
from django.utils import timezone


def withdraw(apps, schema_editor):
    quiz, redirect = apps.get_model("quizzes", "Quiz"), apps.get_model("publishing", "Redirect")
    withdrawn = quiz.objects.exclude(status="published").filter(edition_number__gt=0, published_at__lte=timezone.now())
    rows = [redirect(old_path=f"/quizzes/{slug}", new_path="") for slug in withdrawn.values_list("slug", flat=True)]
    redirect.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0004_require_question_bank"), ("publishing", "0002_withdrawn_addresses")]

    # Back: the code before ignores these rows.
    operations = [migrations.RunPython(withdraw, migrations.RunPython.noop)]
