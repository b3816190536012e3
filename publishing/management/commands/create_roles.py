from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction


def permissions_named(pattern):
    """The permissions of "app.codename", or of a whole app for "app.*". Raises CommandError if there are none."""
    app, codename = pattern.split(".", 1)
    found = Permission.objects.filter(content_type__app_label=app)
    if codename != "*":
        found = found.filter(codename=codename)
    if not found:
        raise CommandError(f"There is no permission {pattern}; run migrate first.")
    return found


class Command(BaseCommand):
    help = "Set the permissions of the groups in settings.ROLES. Safe to run again."

    @transaction.atomic
    def handle(self, *args, **options):
        for name, patterns in settings.ROLES.items():
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set({permission for pattern in patterns for permission in permissions_named(pattern)})
