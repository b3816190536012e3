from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand

from .load_demo import ACCOUNTS, password_file


class Command(BaseCommand):
    help = "Migrate, load the demo into an empty database, and print its logins. Safe to run again."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        call_command("create_roles")
        if not apps.get_model("articles", "Article").objects.exists() and not User.objects.exists():
            call_command("load_demo")
        call_command("keep_quizzes", verbosity=0)
        # Nothing if there is no demo in this database, or the owner has changed the password.
        owner = User.objects.filter(username="owner").first()
        password = password_file().read_text().strip() if password_file().exists() else ""
        if owner and password and owner.check_password(password):
            self.stdout.write(f"Demo logins: {', '.join(ACCOUNTS)}; password: {password}")
