from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "dashboard.entities.profile"
    label = "profile"
