"""Configs: settings of an organization, each under its key."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages, Search

ENTITIES = (
    Entity(
        name="configs",
        one=_("Config"),
        many=_("Configs"),
        path="/configs",
        resource="configs",
        urls="dashboard.entities.configs.urls",
        pages=Pages(list="configs:index", edit="configs:edit", argument="config_id"),
        icon="adjustments",
        key="k",
        group=MenuGroup.SETTINGS,
        area="office",
        changing=_("Changing configs"),
        search=Search(by=("id",), title=""),
        plan="dashboard.entities.configs.exports.plan",
        rows="dashboard.entities.configs.exports.rows",
    ),
)
