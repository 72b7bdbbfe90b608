from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "dashboard.actions"
    label = "acts"

    def ready(self) -> None:
        from dashboard.actions import observation as looking
        from dashboard.actions import second_person as asking
        from dashboard.audit import reconciling as settling

        looking.teach()
        settling.CHORES.append(asking.expire_due)
