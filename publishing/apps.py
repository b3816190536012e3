from django.apps import AppConfig

from . import checks  # noqa: F401 - registers them


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Publication"
