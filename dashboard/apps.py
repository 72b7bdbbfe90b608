from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class DashboardConfig(AppConfig):
    """Holds the template tags and the messages; has no tables."""

    name = "dashboard"
    menu = (MenuItem(_("Help"), "help", "help", key="h", order=8),)
