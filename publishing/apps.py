from django.apps import AppConfig
from django.conf import settings

from . import checks  # noqa: F401 - registers them
from .web import limits


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Publication"

    def ready(self):
        if settings.IS_SERVING:
            limits.prepare()
