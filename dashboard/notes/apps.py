from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class NotesConfig(AppConfig):
    name = "dashboard.notes"
    label = "notes"
    menu = (
        MenuItem(
            _("Follow-ups"),
            "followups:index",
            "clipboard-check",
            permission="view_organizations",
            key="f",
            order=2,
            waiting="dashboard.notes.followups.overdue",
            counted=_("overdue"),
        ),
    )
