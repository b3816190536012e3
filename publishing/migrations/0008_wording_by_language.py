from django.db import migrations, models

SENTENCES = {
    "maintenance_sentence": "Site under maintenance. Quizzes stay open.",
    "slot_sentence": "This space is kept free: a preview of the layout until AdSense is connected.",
    "comments_sentence": "Questions, corrections and tips stay visible to everyone who reads the page.",
    "comments_empty_sentence": "Be the first: ask what was unclear, or correct what is wrong.",
    "comments_held_sentence": "A moderator reads every comment before it appears.",
    "quizzes_sentence": "Short tests on what you have just read. No clock, no account.",
}


def keep_what_the_owner_wrote(apps, schema_editor):
    rows = apps.get_model("publishing", "Publication").objects.using(schema_editor.connection.alias)
    for row in rows:
        written = {name: getattr(row, name) for name in SENTENCES}
        written = {name: words for name, words in written.items() if words not in ("", SENTENCES[name])}
        rows.filter(pk=row.pk).update(wording={"en": written} if written else {})


def put_it_back(apps, schema_editor):
    rows = apps.get_model("publishing", "Publication").objects.using(schema_editor.connection.alias)
    for row in rows:
        rows.filter(pk=row.pk).update(**{**SENTENCES, **row.wording.get("en", {})})


class Migration(migrations.Migration):
    """Sentences belong to a language. The columns that had them stay for one release, whose code before writes them."""

    dependencies = [
        ("publishing", "0007_unfinished_import"),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="wording",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
        migrations.RunPython(keep_what_the_owner_wrote, put_it_back),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField(
                    "publication", name, models.CharField(max_length=200, default=words, db_default=words)
                )
                for name, words in SENTENCES.items()
            ],
            state_operations=[migrations.RemoveField("publication", name) for name in SENTENCES],
        ),
    ]
