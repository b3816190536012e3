from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from .bases.admin import SiteModelAdmin
from .identity import admin as identity  # noqa: F401 - registers its class
from .models import Redirect

admin.site.index_title = _("Inbox")


@admin.register(Redirect)
class RedirectAdmin(SiteModelAdmin):
    list_display = ["old_path", "leads_to", "created_at"]
    search_fields = ["old_path", "new_path"]
    show_full_result_count = False

    @admin.display(description=_("leads to"), ordering="new_path")
    def leads_to(self, redirect):
        return redirect.new_path or gettext("withdrawn")


# --- admin classes of other packages, registered again with our base class ---

admin.site.unregister([Group, DBTaskResult])


@admin.register(Group)
class RoleAdmin(SiteModelAdmin, GroupAdmin):
    pass


@admin.register(AccessLog, AccessFailureLog)
class SignInAdmin(SiteModelAdmin):
    """Sign-ins as publishing/web/signin.py records them; the other columns of django-axes are empty."""

    fields = readonly_fields = ["username", "network", "attempt_time"]
    list_display = ["attempt_time", "username", "network"]
    list_filter = ["attempt_time"]
    search_fields = ["username"]

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("network"), ordering="ip_address")
    def network(self, sign_in):
        if not sign_in.ip_address:
            return "–"
        return f"{sign_in.ip_address}/{48 if ':' in sign_in.ip_address else 24}"


@admin.register(DBTaskResult)
class TaskAdmin(SiteModelAdmin, DBTaskResultAdmin):
    """Tasks that are waiting, done or failed."""

    list_display = ["task_name", "status", "enqueued_at", "run_after_or_now", "finished_at"]
    list_filter = ["status"]
    show_full_result_count = False

    @admin.display(description=_("run after"), ordering="run_after")
    def run_after_or_now(self, task):
        return self.display_run_after(task)
