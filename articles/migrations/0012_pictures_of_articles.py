"""An article knows which pictures its body names, so that a picture knows where it is used."""

import re

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BATCH, LENGTH = 500, 24


def fill(apps, schema_editor):
    article, image = apps.get_model("articles", "Article"), apps.get_model("articles", "Image")
    name = re.compile(rf"{re.escape(settings.MEDIA_URL)}(\w[\w-]{{1,90}})\.\w{{3,4}}")
    keys, links = dict(image.objects.values_list("key", "pk")), article.pictures.through
    rows = article.objects.filter(body__contains=settings.MEDIA_URL).order_by("pk").values_list("pk", "body")
    for pk, body in rows.iterator(chunk_size=BATCH):
        found = {keys.get(part[:LENGTH]) for part in name.findall(body)} - {None}
        links.objects.bulk_create(links(article_id=pk, image_id=key) for key in sorted(found))


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_pictures_by_key")]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="cover",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="covered",
                to="articles.image",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="pictures",
            field=models.ManyToManyField(editable=False, related_name="articles", to="articles.image"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
