from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "dashboard.accounts"
    label = "accounts"

    def ready(self) -> None:
        from .roles import keep_groups_in_step

        post_migrate.connect(keep_groups_in_step, sender=self)
