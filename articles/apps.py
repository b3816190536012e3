from django.apps import AppConfig

from . import checks  # noqa: F401 - registers them


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Articles"
