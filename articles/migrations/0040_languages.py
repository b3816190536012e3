"""The language of an article or a page: as chosen, and as it is known from its letters."""

from django.db import migrations, models


def _tag(**more):
    return models.CharField(max_length=35, db_default="", default="", **more)


class Migration(migrations.Migration):
    dependencies = [("articles", "0039_imported_digests")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="language",
            field=_tag(blank=True, help_text="A tag such as en, pt-BR or ar. Empty: found by its letters."),
        ),
        migrations.AddField(model_name="article", name="text_language", field=_tag(editable=False)),
        migrations.AddField(model_name="page", name="text_language", field=_tag(editable=False)),
    ]
