from django.apps import AppConfig
from django.core.signals import request_finished


class StatusConfig(AppConfig):
    name = "dashboard.status"
    label = "status"

    def ready(self) -> None:
        from dashboard.status import keeping

        request_finished.connect(keeping.keep_sometimes, dispatch_uid="status")
