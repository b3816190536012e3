from django.db import migrations

NAMES = {"Authors": "Author", "Editors": "Editor", "Moderators": "Moderator"}


def rename(apps, names):
    """Groups keep their members; where a group has the new name already, they join it."""
    Group = apps.get_model("auth", "Group")
    for old, new in names.items():
        group = Group.objects.filter(name=old).first()
        existing = Group.objects.filter(name=new).first()
        if group and existing:
            existing.user_set.add(*group.user_set.all())
            group.delete()
        elif group:
            group.name = new
            group.save()


def forwards(apps, schema_editor):
    rename(apps, NAMES)


def backwards(apps, schema_editor):
    rename(apps, {new: old for old, new in NAMES.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0003_plain_help_texts"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
