"""Languages that imports kept without a field; and an index of those that were found."""

import json
from hashlib import sha256

import langcodes
from django.db import migrations, models
from django.db.models import Q

KEYS = ("lang", "language", "locale")
BATCH = 200


def tag_of(extra):
    """The key, and the tag in its usual form; nothing for what is none, such as a language of programming."""
    for key, value in extra.items():
        if key.lower() in KEYS and isinstance(value, str) and len(value) <= 35:
            try:
                tag = value.strip().replace("_", "-")
                if langcodes.tag_is_valid(tag) and not tag.startswith("x-"):
                    return key, langcodes.standardize_tag(tag)
            except ValueError:
                continue
    return None, ""


def digest_of(fields):
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]


def from_extra(apps, schema_editor):
    """What an editor sees, and what the next import compares with, has the language too."""
    article_model, version_model = apps.get_model("articles", "Article"), apps.get_model("articles", "Version")
    rows = article_model.objects.filter(language="").exclude(extra={}).order_by("pk")
    for article in rows.only("extra", "imported_digest").iterator(chunk_size=BATCH):
        key, tag = tag_of(article.extra) if isinstance(article.extra, dict) else (None, "")
        if not tag:
            continue
        kept = {name: value for name, value in article.extra.items() if name != key}
        digest = article.imported_digest
        for version in version_model.objects.filter(~Q(state="old") | Q(digest=digest), article=article.pk):
            before, version.fields = version.digest, version.fields | {"language": tag}
            version.digest = digest_of(version.fields)
            version.save(update_fields=["fields", "digest"])
            if before == digest:
                article.imported_digest = version.digest
        article_model.objects.filter(pk=article.pk).update(
            # Rendered again with the quotes of that language.
            language=tag, text_language=tag, extra=kept, imported_digest=article.imported_digest, renderer=0
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("articles", "0040_languages")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["text_language", "status", "language"], condition=Q(language=""), name="article_found_language"
            ),
        ),
        migrations.RunPython(from_extra, migrations.RunPython.noop),
    ]
