"""Every version says what its article applies to and when it was checked: of those before, nothing."""

import json
from hashlib import sha256

from django.db import migrations

NEW = {"applies_to": "", "verified_on": None}
BATCH = 200


def digest_of(fields):
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]


def change_fields(apps, changed):
    version_model = apps.get_model("articles", "Version")
    keys = list(version_model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        versions = list(version_model.objects.filter(pk__in=keys[start : start + BATCH]).only("fields"))
        for version in versions:
            version.fields = changed(version.fields)
            version.digest = digest_of(version.fields)
        version_model.objects.bulk_update(versions, ["fields", "digest"])


def add(apps, schema_editor):
    change_fields(apps, lambda fields: NEW | fields)


def remove(apps, schema_editor):
    change_fields(apps, lambda fields: {name: value for name, value in fields.items() if name not in NEW})


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_still_true")]

    operations = [migrations.RunPython(add, remove)]
