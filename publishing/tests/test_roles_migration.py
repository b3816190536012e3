"""`migrate` makes the roles, and the bylines of authors, also in a database in which roles had other names."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from articles.models import Author

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [
    ("publishing", "0003_plain_help_texts"), ("articles", "0012_pictures_of_articles"),
    ("auth", "0012_alter_user_first_name_max_length"),
]  # fmt: skip


@pytest.fixture
def users(empty_database):
    """Members of the old groups by the names of these, one author more, and a byline of nobody with her name."""
    MigrationExecutor(connection).migrate(BEFORE)
    Group.objects.create(name="Editor")
    found = {name: User.objects.create_user(name) for name in ("Authors", "Editors", "Moderators")}
    for name, user in found.items():
        user.groups.create(name=name)
    ines = User.objects.create_user("ines", first_name="Ines", last_name="Okafor")
    ines.groups.add(Group.objects.get(name="Authors"))
    MigrationExecutor(connection).loader.project_state(BEFORE).apps.get_model("articles", "Author").objects.create(
        name="Ines Okafor", slug="ines"
    )
    return found


def test_old_groups_become_roles_with_their_members_and_authors_get_bylines(users):
    call_command("migrate", verbosity=0)

    roles = {"Authors": "Author", "Editors": "Editor", "Moderators": "Moderator"}
    assert {name: user.groups.get().name for name, user in users.items()} == roles
    assert set(Group.objects.values_list("name", flat=True)) == set(settings.ROLES)
    assert Group.objects.get(name="Owner").permissions.filter(codename="add_user").exists()
    assert set(Author.objects.values_list("name", "slug", "user__username")) == {
        ("Authors", "authors", "Authors"),
        ("Ines Okafor", "ines", "ines"),
    }

    call_command("migrate", "publishing", "0003", verbosity=0)
    assert {user.groups.get().name for user in users.values()} == set(users)
