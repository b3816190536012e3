from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="redirect",
            name="new_path",
            field=models.CharField(
                blank=True,
                help_text="An address on this site, starting with a slash. Empty: readers are told that it was "
                "withdrawn.",
                max_length=400,
            ),
        ),
    ]
