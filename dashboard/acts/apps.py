from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "dashboard.acts"
    label = "acts"

    def ready(self) -> None:
        from . import looking

        looking.teach()
