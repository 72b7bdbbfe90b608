"""Where things can be found: each collection of the API that has pages here, and what may be seen of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from dashboard.entities.subscriptions import presentation
from dashboard.flowtly import Flowtly
from dashboard.standards import countries
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import when
from dashboard.web.request import kind_of, link, may


@dataclass(frozen=True)
class Place:
    """`page` and `argument` are the name of a record's page and of the id in it; `words` is the name of its list, where
    it is looked through for what is typed and not for whole ids alone; `part` is under which its rows are kept."""

    label: str | Promise
    permission: str
    resource: Callable[[Flowtly], Any]
    page: str
    argument: str
    words: str = ""
    title: Callable[[Any], str | None] = lambda record: record.name
    part: str = ""


@dataclass
class Hit:
    """A link to a record or page. `about` is the record, as `collection/id`; `of`, the one it belongs to."""

    label: str
    url: str
    detail: str = ""
    kind: str = ""
    keys: str = ""
    about: str = ""
    of: str = ""
    number: int = 0


# By the first segment of the API's path.
PLACES: dict[str, Place] = {
    "organizations": Place(
        gettext_lazy("Organizations"), "view_organizations", lambda api: api.organizations,
        "organizations:overview", "org", "home",
        part="organizations-list",
    ),
    "clients": Place(
        gettext_lazy("Clients"), "view_clients", lambda api: api.clients, "clients:edit", "client_id",
        "clients:index", part="clients-list",
    ),
    "client-contacts": Place(
        gettext_lazy("Contacts"), "view_clients", lambda api: api.contacts, "client-contacts:show", "contact_id",
    ),
    "locations": Place(
        gettext_lazy("Locations"), "view_locations", lambda api: api.locations, "locations:edit", "location_id",
        "locations:index", part="locations-list",
    ),
    "subscriptions": Place(
        gettext_lazy("Subscriptions"), "view_subscriptions", lambda api: api.subscriptions, "subscriptions:show",
        "subscription_id", "subscriptions:index", presentation.title, "subscriptions-list",
    ),
    "organization-addresses": Place(
        gettext_lazy("Addresses"), "view_addresses", lambda api: api.addresses, "addresses:edit", "address_id",
        part="addresses-list",
    ),
    "meetings": Place(
        gettext_lazy("Meetings"), "view_meetings", lambda api: api.meetings, "meetings:edit", "meeting_id",
        title=lambda record: when(record.date_from) if record.date_from else None,
    ),
    "configs": Place(
        gettext_lazy("Configs"), "view_configs", lambda api: api.configs, "configs:edit", "config_id",
        title=lambda record: None,
    ),
    "languages": Place(
        gettext_lazy("Languages"), "view_reference", lambda api: api.languages, "reference:language", "language_id",
        title=lambda record: None,
    ),
    "countries": Place(
        gettext_lazy("Countries"), "view_reference", lambda api: api.countries, "reference:country", "country_id",
        title=lambda record: countries.name(record.id),
    ),
    # They have no page but the list of their meetings.
    "employees": Place(
        gettext_lazy("Employees"), "view_meetings", lambda api: api.employees, "meetings:index", "employee",
        title=lambda record: record.label,
    ),
}  # fmt: skip
# An id alone is asked for in these.
BY_ID = (
    "organizations", "clients", "locations", "subscriptions", "organization-addresses", "meetings", "configs",
)  # fmt: skip
BY_WORDS = tuple(name for name, place in PLACES.items() if place.words)


def open_to(request: HttpRequest, name: str) -> bool:
    """Whether this person may see records of it, and whose they would be is known."""
    inside = name == "organizations" or hasattr(request, "organization")
    return inside and may(request, PLACES[name].permission)


def hit(request: HttpRequest, name: str, record: Any, identifier: str = "") -> Hit | None:
    """A record as it is offered; None where its id can have no page."""
    place, known = PLACES[name], record.id or identifier
    if not is_identifier(known):
        return None
    if name == "organizations":
        kind, words = kind_of(record)
        return Hit(record.name or known, _url(request, place, known), words, kind, about=f"{name}/{known}")
    title = place.title(record)
    owner = getattr(record, "client", None)
    return Hit(
        title or known,
        _url(request, place, known),
        known if title else "",
        about=f"{name}/{known}",
        of=f"clients/{owner.id}" if owner else "",
    )


def _url(request: HttpRequest, place: Place, identifier: str) -> str:
    if place.page == "meetings:index":
        return f"{link(request, place.page)}?{urlencode({place.argument: identifier})}"
    return link(request, place.page, **{place.argument: identifier})
