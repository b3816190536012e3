from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MaintenanceConfig(AppConfig):
    name = "publishing.maintenance"
    verbose_name = _("Maintenance")
