"""Addresses of an organization, for its letters and invoices."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages, Search

ENTITIES = (
    Entity(
        name="addresses",
        one=_("Address"),
        many=_("Addresses"),
        path="/organization-addresses",
        resource="addresses",
        urls="dashboard.entities.addresses.urls",
        pages=Pages(
            list="addresses:index",
            new="addresses:new",
            edit="addresses:edit",
            delete="addresses:delete",
            argument="address_id",
        ),
        icon="address-book",
        key="a",
        group=MenuGroup.ORGANIZATION,
        area="office",
        changing=_("Changing addresses"),
        search=Search(by=("id", "email", "number")),
        plan="dashboard.entities.addresses.views.plan",
        clearing="counted",
    ),
)
