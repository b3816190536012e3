from django.db import migrations, models

KEYS = {
    "article-top": "Above an article",
    "article-body": "Inside an article",
    "article-end": "Below an article",
    "list": "In lists of articles",
    "beside": "Beside an article, on wide screens",
}
SOURCES = {
    "off": "Off",
    "preview": "Preview: an empty box",
    "house": "Advertisements of your own",
    "adsense": "AdSense",
}


def choose_sources(apps, schema_editor):
    slots = apps.get_model("sponsors", "Slot").objects.using(schema_editor.connection.alias)
    # What readers saw until now: an empty box, or nothing.
    slots.filter(enabled=True, shows_empty=True).update(source="preview")
    slots.get_or_create(key="beside", defaults={"enabled": False})


def switch_on_and_off(apps, schema_editor):
    slots = apps.get_model("sponsors", "Slot").objects.using(schema_editor.connection.alias)
    slots.filter(key="beside").delete()
    slots.update(shows_empty=False)
    slots.filter(source="preview").update(enabled=True, shows_empty=True)


class Migration(migrations.Migration):
    """A slot has a source. The two columns that it replaces stay for one release, whose code before reads them."""

    dependencies = [
        ("sponsors", "0002_empty_slots_and_pages"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="slot", name="slot_key_known"),
        migrations.AlterField(
            model_name="slot",
            name="key",
            field=models.CharField(choices=[*KEYS.items()], max_length=20, unique=True, verbose_name="place"),
        ),
        migrations.AddField(
            model_name="slot",
            name="source",
            field=models.CharField(
                choices=[*SOURCES.items()], db_default="off", default="off", max_length=10, verbose_name="filled by"
            ),
        ),
        migrations.AddField(
            model_name="slot", name="sizes", field=models.JSONField(blank=True, db_default={}, default=dict)
        ),
        migrations.AddField(
            model_name="slot",
            name="excluded_kinds",
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name="not on"),
        ),
        migrations.AddField(
            model_name="slot",
            name="ad_unit",
            field=models.CharField(blank=True, db_default="", default="", max_length=10, verbose_name="ad unit"),
        ),
        migrations.RunPython(choose_sources, switch_on_and_off),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(condition=models.Q(("key__in", [*KEYS])), name="slot_key_known"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(condition=models.Q(("source__in", [*SOURCES])), name="slot_source_known"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField("slot", "enabled", models.BooleanField(default=True, db_default=True)),
            ],
            state_operations=[
                migrations.RemoveField("slot", "enabled"),
                migrations.RemoveField("slot", "shows_empty"),
            ],
        ),
    ]
