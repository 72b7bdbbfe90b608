from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class AuditConfig(AppConfig):
    name = "dashboard.audit"
    label = "audit"
    menu = (MenuItem(_("Audit trail"), "audit:index", "history", permission="view_audit", key="t", order=5),)

    def ready(self) -> None:
        from dashboard.audit import chain, triggers

        post_migrate.connect(triggers.lay, sender=self)
        post_migrate.connect(chain.make_known, sender=self)
