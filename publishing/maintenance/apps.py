from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "publishing.maintenance"
    verbose_name = "Maintenance"
