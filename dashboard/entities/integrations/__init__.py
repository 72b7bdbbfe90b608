"""Integrations: connections of an organization with other services. They have states and no records."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages

ENTITIES = (
    Entity(
        name="integrations",
        one=_("Integration"),
        many=_("Integrations"),
        urls="dashboard.entities.integrations.urls",
        pages=Pages(list="integrations:index"),
        icon="plug",
        key="i",
        group=MenuGroup.SETTINGS,
        area="integrations",
        changing=_("Changing integrations"),
        published=False,
        endpoints=(
            ("GET", "/integrations/google-workspace", "integrations:google-workspace"),
            ("GET", "/integrations/google-workspace/requirements", "integrations:google-workspace"),
            ("POST", "/integrations/google-workspace/enroll", "integrations:google-workspace"),
            ("GET", "/integrations/microsoft-teams", "integrations:microsoft-teams"),
            ("GET", "/integrations/microsoft-teams/requirements", "integrations:microsoft-teams"),
            ("POST", "/integrations/microsoft-teams/enroll", "integrations:microsoft-teams"),
            ("GET", "/integrations/kontomatik", "integrations:kontomatik"),
            ("POST", "/integrations/kontomatik/setup", "integrations:setup"),
            ("POST", "/integrations/kontomatik/pull", "integrations:pull"),
            ("POST", "/integrations/kontomatik/revoke", "integrations:revoke"),
        ),
    ),
)
