from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "dashboard.acts"
    label = "acts"

    def ready(self) -> None:
        from dashboard.audit import settling

        from . import asking, looking

        looking.teach()
        settling.CHORES.append(asking.expire_due)
