from django.apps import AppConfig


class SponsorsConfig(AppConfig):
    name = "publishing.sponsors"
    verbose_name = "Sponsored slots"
