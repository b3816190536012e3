from django.conf import settings
from django.db import migrations
from django.db.models import Q
from django.utils.text import slugify


def add_bylines(apps, schema_editor):
    """Accounts with the role of author get a byline, without which they do not reach what they wrote.

    It is the one with the name of the account, if there is exactly one and it belongs to nobody.
    """
    User, Author = apps.get_model("auth", "User"), apps.get_model("articles", "Author")
    role = Q(groups__name="Author") | Q(groups__name="Authors")
    for user in User.objects.filter(role, author=None).distinct().order_by("pk"):
        full_name = f"{user.first_name} {user.last_name}".strip()
        name = (full_name or user.username)[:100]
        same = list(Author.objects.filter(name__iexact=name)[:2])
        if full_name and len(same) == 1 and same[0].user_id is None:
            Author.objects.filter(pk=same[0].pk).update(user=user)
        else:
            Author.objects.create(name=name, slug=free_slug(Author, name), user=user)


def free_slug(Author, name):
    slug = start = slugify(name)[:190] or "author"
    number = 1
    while Author.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{start}-{number}"
    return slug


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_pictures_of_articles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # Bylines stay when it is undone: articles may name them.
    operations = [migrations.RunPython(add_bylines, migrations.RunPython.noop)]
