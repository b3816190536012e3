from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.crypto import constant_time_compare, salted_hmac

from publishing.database.schema import is_behind

from .load_demo import ACCOUNTS, password_file


def is_password(owner: User, password: str) -> bool:
    """Checks it once, since that takes a quarter of a second, and remembers the hash that it belongs to."""
    checked = settings.VAR_DIR / "demo-password-checked"
    found = salted_hmac("publishing.demo", owner.password + password).hexdigest()
    if checked.exists() and constant_time_compare(checked.read_text(), found):
        return True
    if not owner.check_password(password):
        return False
    checked.write_text(found)
    return True


class Command(BaseCommand):
    help = "Migrate, load the demo into an empty database, and print its logins. Safe to run again."
    # They load every view; the server does that next.
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        if is_behind():
            call_command("migrate", verbosity=0)
        else:
            call_command("create_roles")
            call_command("render_articles", verbosity=0)
        if not apps.get_model("articles", "Article").objects.exists() and not User.objects.exists():
            call_command("load_demo")
        call_command("keep_quizzes", verbosity=0)
        # Nothing if there is no demo in this database, or the owner has changed the password.
        owner = User.objects.filter(username="owner").first()
        password = password_file().read_text().strip() if password_file().exists() else ""
        if owner and password and is_password(owner, password):
            self.stdout.write(f"Demo logins: {', '.join(ACCOUNTS)}; password: {password}")
