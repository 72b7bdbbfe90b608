from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class AuditConfig(AppConfig):
    name = "dashboard.audit"
    label = "audit"
    menu = (MenuItem(_("Audit trail"), "audit:index", "history", permission="view_audit", key="t", order=5),)
