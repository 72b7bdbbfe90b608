from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class AccountsConfig(AppConfig):
    name = "dashboard.accounts"
    label = "accounts"
    menu = (MenuItem(_("People"), "people:index", "users", permission="manage_people", key="e", order=6),)

    def ready(self) -> None:
        from dashboard.accounts import sessions
        from dashboard.accounts.roles import keep_groups_in_step

        post_migrate.connect(keep_groups_in_step, sender=self)
        user_logged_in.connect(sessions.began)
        user_logged_out.connect(sessions.ended)
