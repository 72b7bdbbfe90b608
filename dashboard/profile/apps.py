from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "dashboard.profile"
    label = "profile"
