from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "dashboard.acts"
    label = "acts"
