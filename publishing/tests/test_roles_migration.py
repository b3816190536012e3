"""`migrate` makes the roles, also in a database in which they had other names."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command

pytestmark = pytest.mark.django_db(transaction=True)


def test_migrate_makes_the_roles_and_keeps_the_members_of_those_that_had_another_name():
    call_command("migrate", "publishing", "0003", verbosity=0)
    Group.objects.all().delete()
    Group.objects.create(name="Editor")
    users = {name: User.objects.create_user(name) for name in ("Authors", "Editors", "Moderators")}
    for name, user in users.items():
        user.groups.create(name=name)

    call_command("migrate", verbosity=0)
    assert {name: user.groups.get().name for name, user in users.items()} == {
        "Authors": "Author",
        "Editors": "Editor",
        "Moderators": "Moderator",
    }
    assert set(Group.objects.values_list("name", flat=True)) == set(settings.ROLES)
    assert users["Editors"].has_perm("auth.add_user") is False
    assert Group.objects.get(name="Owner").permissions.filter(codename="add_user").exists()

    call_command("migrate", "publishing", "0003", verbosity=0)
    assert {user.groups.get().name for user in users.values()} == set(users)
    call_command("migrate", verbosity=0)
