"""Locations: offices and sites of an organization."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages, Search

ENTITIES = (
    Entity(
        name="locations",
        one=_("Location"),
        many=_("Locations"),
        path="/locations",
        resource="locations",
        urls="dashboard.entities.locations.urls",
        pages=Pages(
            list="locations:index", new="locations:new", edit="locations:edit", argument="location_id"
        ),
        icon="map-pin",
        key="l",
        group=MenuGroup.PLACES,
        area="office",
        changing=_("Changing locations"),
        search=Search(by=("id", "words"), rank=3),
        plan="dashboard.entities.locations.views.plan",
        clearing="emptied",
    ),
)
