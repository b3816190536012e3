from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from . import checks  # noqa: F401 - registers them
from .bases import names
from .text import languages
from .web import limits

# Words of Django and of its apps that stand beside ours: one verb for all buttons that save.
OF_OTHERS = [
    gettext_noop("Save and add another"),
    gettext_noop("Save and continue editing"),
    gettext_noop("Task Result"),
    gettext_noop("Task Results"),
]


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Publication")

    def ready(self):
        languages.keep_by_thread()
        names.translate(apps.get_models())
        apps.get_app_config("django_tasks_database").verbose_name = _("Tasks")
        apps.get_app_config("axes").verbose_name = _("Sign-ins")
        # Their sections of the front page of the admin, their colours, and what is moved in and out of them.
        autodiscover_modules("inbox", "identity", "following", "identity.transfer", "transfer", "moving")
        if settings.IS_SERVING:
            limits.prepare()
