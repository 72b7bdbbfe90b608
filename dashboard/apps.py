from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Holds the template tags and the messages; has no tables."""

    name = "dashboard"
