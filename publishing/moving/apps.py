from django.apps import AppConfig


class MovingConfig(AppConfig):
    name = "publishing.moving"
    verbose_name = "Moving"
