"""Reference lists: the languages that an organization has, and the countries there are."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages, Search

ENTITIES = (
    Entity(
        name="languages",
        one=_("Language"),
        many=_("Languages"),
        path="/languages",
        resource="languages",
        pages=Pages(
            list="reference:languages",
            new="reference:new-language",
            show="reference:language",
            argument="language_id",
        ),
        icon="language",
        key="n",
        group=MenuGroup.SETTINGS,
        area="office",
        changing=_("Adding languages"),
        permission="reference",
        search=Search(title=""),
        plan="dashboard.entities.reference.exports.languages",
    ),
    Entity(
        name="countries",
        one=_("Country"),
        many=_("Countries"),
        path="/countries",
        resource="countries",
        pages=Pages(list="reference:countries", show="reference:country", argument="country_id"),
        icon="globe",
        key="y",
        group=MenuGroup.SETTINGS,
        permission="reference",
        search=Search(title="dashboard.entities.reference.views.country_name"),
        plan="dashboard.entities.reference.exports.countries",
    ),
)
