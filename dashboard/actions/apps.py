from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "dashboard.actions"
    label = "acts"

    def ready(self) -> None:
        from dashboard.actions import observation, second_person
        from dashboard.audit import reconciling

        observation.teach()
        reconciling.CHORES.append(second_person.expire_due)
