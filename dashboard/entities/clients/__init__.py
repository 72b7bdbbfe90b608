"""Clients of an organization, and the contacts at each."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages, Search

ENTITIES = (
    Entity(
        name="clients",
        one=_("Client"),
        many=_("Clients"),
        path="/clients",
        resource="clients",
        urls="dashboard.entities.clients.urls",
        pages=Pages(list="clients:index", new="clients:new", edit="clients:edit", argument="client_id"),
        icon="id",
        key="c",
        group=MenuGroup.CLIENTS,
        area="clients",
        changing=_("Changing clients and their contacts"),
        search=Search(
            by=("id", "words", "email", "number"), rank=2, finder="dashboard.entities.clients.finder.find"
        ),
        plan="dashboard.entities.clients.exports.plan",
        rows="dashboard.entities.clients.exports.rows",
        noted=True,
        clearing="emptied",
        endpoints=(
            ("GET", "/clients/search", "clients:index"),
            ("GET", "/clients/{id}/documents", "clients:documents"),
        ),
    ),
    Entity(
        name="client-contacts",
        one=_("Contact"),
        many=_("Contacts"),
        path="/client-contacts",
        resource="contacts",
        urls="dashboard.entities.clients.contact_urls",
        pages=Pages(show="client-contacts:show", argument="contact_id"),
        permission="clients",
        search=Search(by=("email",), rank=2, optional=True),
        published=False,
    ),
)
