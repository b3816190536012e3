"""Each article gets a first version with what its columns hold."""

import json
from collections import defaultdict
from hashlib import sha256

from django.db import migrations

TEXTS = ("title", "slug", "summary", "body", "seo_title", "seo_description", "canonical_url")
COLUMNS = ("series_position", "featured", "category_id", "series_id", "cover_id", "modified_at")
BATCH = 500


def add_versions(apps, schema_editor):
    article_model, version_model = apps.get_model("articles", "Article"), apps.get_model("articles", "Version")
    tags_model, byline_model = article_model.tags.through, apps.get_model("articles", "Byline")
    keys = list(article_model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        tags, authors = defaultdict(list), defaultdict(list)
        links = tags_model.objects.filter(article__in=batch).order_by("tag")
        for article, tag in links.values_list("article", "tag"):
            tags[article].append(tag)
        bylines = byline_model.objects.filter(article__in=batch).order_by("position", "pk")
        for article, author in bylines.values_list("article", "author"):
            authors[article].append(author)
        rows = article_model.objects.filter(pk__in=batch).values("pk", *TEXTS, *COLUMNS)
        version_model.objects.bulk_create(
            version_of(version_model, row, tags[row["pk"]], authors[row["pk"]]) for row in rows
        )


def version_of(model, row, tags, authors):
    fields = {name: row[name] for name in (*TEXTS, "series_position", "featured")}
    fields |= {name: row[f"{name}_id"] for name in ("category", "series", "cover")}
    fields |= {"tags": tags, "authors": authors}
    fields["body"] = fields["body"].replace("\r\n", "\n").replace("\r", "\n")
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return model(
        article_id=row["pk"],
        number=1,
        state="live",
        kind="first",
        fields=fields,
        digest=sha256(text.encode()).hexdigest()[:16],
        changed_at=row["modified_at"],
    )


def give_categories(apps, schema_editor):
    """Before, each article needed one: those without get the first one."""
    article_model, category_model = apps.get_model("articles", "Article"), apps.get_model("articles", "Category")
    without = article_model.objects.filter(category=None)
    if without.exists():
        first = category_model.objects.order_by("position").first()
        without.update(category=first or category_model.objects.create(name="Articles", slug="articles"))


class Migration(migrations.Migration):
    dependencies = [("articles", "0015_versions")]

    operations = [migrations.RunPython(add_versions, give_categories)]
