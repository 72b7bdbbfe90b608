from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.backends.signals import connection_created
from django.db.models.signals import m2m_changed, post_migrate, pre_save
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class AccountsConfig(AppConfig):
    name = "dashboard.accounts"
    label = "accounts"
    menu = (MenuItem(_("People"), "people:index", "users", permission="manage_people", key="e", order=6),)

    def ready(self) -> None:
        from dashboard.accounts import access_changes, sessions
        from dashboard.accounts.models import Person
        from dashboard.accounts.roles import keep_groups_in_step
        from dashboard.standards import folding

        connection_created.connect(folding.teach_sqlite)
        post_migrate.connect(keep_groups_in_step, sender=self)
        pre_save.connect(access_changes.before_saving, sender=Person)
        for grants in (Person.groups.through, Person.user_permissions.through):
            m2m_changed.connect(access_changes.grants_changed, sender=grants)
        user_logged_in.connect(sessions.began)
        user_logged_out.connect(sessions.ended)
