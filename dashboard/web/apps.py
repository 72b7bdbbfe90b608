from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem
from dashboard.web.isolation import isolate_messages


class WebConfig(AppConfig):
    """Holds the template tags and the messages; has no tables."""

    name = "dashboard.web"
    menu = (MenuItem(_("Help"), "help", "help", key="h", order=8),)

    def ready(self) -> None:
        isolate_messages()
