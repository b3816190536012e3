from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS


class Command(migrate.Command):
    """Django's command, then `create_roles`, since the permissions that roles name exist once it has ended, and
    `render_articles`, since the renderer may have changed."""

    def handle(self, *args, **options):
        super().handle(*args, **options)
        is_partial = options["app_label"] or options["plan"] or options["check_unapplied"]
        if options["database"] == DEFAULT_DB_ALIAS and not is_partial:
            call_command("create_roles")
            call_command("render_articles", verbosity=0)
