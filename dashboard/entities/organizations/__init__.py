"""Organizations: the list of all, and the one that is open."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, MenuItem, Pages, Search

ENTITIES = (
    Entity(
        name="organizations",
        one=_("Organization"),
        many=_("Organizations"),
        path="/organizations",
        resource="organizations",
        of_organization=False,
        pages=Pages(list="home", new="organizations:new", show="organizations:overview", argument="org"),
        menu=(
            MenuItem(_("All organizations"), "home", "building", permission="view_organizations", key="o"),
            MenuItem(
                _("Overview"),
                "organizations:overview",
                "layout-dashboard",
                MenuGroup.ORGANIZATION,
                "view_organizations",
                "v",
            ),
        ),
        area="office",
        changing=_("Changing organizations and their profile"),
        search=Search(by=("id", "words"), rank=1),
        plan="dashboard.entities.organizations.views.plan",
        noted=True,
        endpoints=(("POST", "/organizations/clear", "clearing:clear"),),
    ),
)
