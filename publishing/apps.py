from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from . import checks  # noqa: F401 - registers them
from .bases import names
from .text import languages
from .web import limits


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Publication")

    def ready(self):
        languages.keep_by_thread()
        names.translate(apps.get_models())
        apps.get_app_config("django_tasks_database").verbose_name = _("Tasks")
        # Their sections of the front page of the admin, their colours, and what is moved in and out of them.
        autodiscover_modules("inbox", "identity", "following", "identity.transfer", "transfer", "moving")
        if settings.IS_SERVING:
            limits.prepare()
