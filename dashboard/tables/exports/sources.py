"""What each list's file is made of: the list's own search and filters, and the records behind it, whole."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.entities.addresses import views as addresses
from dashboard.entities.clients import searching
from dashboard.entities.locations import views as locations
from dashboard.entities.meetings import calendar, date_times
from dashboard.entities.organizations import views as organizations
from dashboard.entities.reference import views as reference
from dashboard.flowtly import Names
from dashboard.flowtly.resources.clients import Client, Clients
from dashboard.flowtly.resources.walk import Step
from dashboard.tables import table
from dashboard.upstream import redaction
from dashboard.web.request import StaffRequest


@dataclass(frozen=True)
class Source:
    """`view` is the permission to see the list; `records` is a resource with `record`, `filters()` and `stream()`."""

    view: str
    plan: Callable[[StaffRequest], table.Plan]
    records: Callable[[StaffRequest], Any]


class Through:
    """A resource whose records go through something on their way; one that becomes None is left out."""

    def __init__(
        self, resource: Any, each: Callable[[Any], Any], always: Mapping[str, list[str]] | None = None
    ) -> None:
        self._resource, self._each, self._always = resource, each, always or {}
        self.path, self.record = resource.path, resource.record

    def filters(self) -> frozenset[str] | None:
        found: frozenset[str] | None = self._resource.filters()
        return found

    def stream(self, filters: Mapping[str, Any]) -> Iterator[Step[Any]]:
        for step in self._resource.stream({**self._always, **filters}):
            kept = [record for record in map(self._each, step.items) if record is not None]
            yield replace(step, items=kept)


class Found:
    """The clients that Flowtly's own search finds."""

    record = Client
    path = f"{Clients.path}/search"

    def __init__(self, resource: Clients) -> None:
        self._clients = resource

    def filters(self) -> frozenset[str]:
        return (self._clients.search_filters() or frozenset()) | {"name"}

    def stream(self, filters: Mapping[str, str]) -> Iterator[Step[Client]]:
        others = {name: value for name, value in filters.items() if name != "name"}
        return self._clients.search_stream(filters["name"], others)


def _plain(search: str = "", *filters: str, holds: Any = None) -> Callable[[StaffRequest], table.Plan]:
    """A plan of which only what it sifts by is needed."""
    choices = tuple(table.Filter(name, name) for name in filters)
    return lambda request: table.Plan("", (), dict, search=search, filters=choices, holds=holds)


def _clients(request: StaffRequest) -> Any:
    """A search goes where the list sends it, if that can also do what else is asked."""
    resource = request.flowtly.clients
    found = Found(resource)
    asked = request.GET.get("q", "").strip()
    others = {name for name in ("status", "country", "tinType") if request.GET.get(name, "").strip()}
    return found if asked and others <= found.filters() else resource


def _config(config: Any, names: Names) -> Any:
    """Without secrets: what stands in their place tells nothing. The value stands in one column, whatever this API
    calls it."""
    shown = redaction.guard(config)
    raw = {
        name: _("(secret, not exported)") if redaction.is_hidden(value) else value
        for name, value in {**shown.raw, "value": shown.raw.get(names.config_value_field)}.items()
    }
    return type(config).read(raw)


def _configs(request: StaffRequest) -> Through:
    keys = list(settings.FLOWTLY_CONFIG_KEYS)
    always = {settings.FLOWTLY_CONFIG_KEYS_PARAMETER: keys} if keys else {}
    return Through(request.flowtly.configs, lambda config: _config(config, request.flowtly.names), always)


def _meetings(request: StaffRequest) -> Through:
    """Those of the days that the page shows, of whom and in which state it shows them."""
    asked = calendar.Asked.of(request, date_times.zone_of(request.user))
    wanted = replace(asked, view="list").wanted
    return Through(request.flowtly.meetings, lambda meeting: meeting if wanted.holds(meeting) else None)


def _by_name(name: Callable[[Any], str]) -> Callable[[Any, str], bool]:
    return lambda record, asked: table.contains(f"{name(record)} {record.id}", asked)


OF_ORGANIZATION = {
    "addresses": Source("view_addresses", addresses.plan, lambda r: r.flowtly.addresses),
    "clients": Source("view_clients", lambda r: searching.plan_of(r, ""), _clients),
    "configs": Source("view_configs", _plain("id"), _configs),
    "countries": Source(
        "view_reference", _plain("id", holds=_by_name(reference.country_name)), lambda r: r.flowtly.countries
    ),
    "languages": Source(
        "view_reference", _plain("id", holds=_by_name(reference.language_name)), lambda r: r.flowtly.languages
    ),
    "locations": Source("view_locations", locations.plan, lambda r: r.flowtly.locations),
    "meetings": Source("view_meetings", _plain(), _meetings),
    "subscriptions": Source(
        "view_subscriptions", _plain("", "status", "type"), lambda r: r.flowtly.subscriptions
    ),
}
OF_ALL = {
    "organizations": Source("view_organizations", organizations.plan, lambda r: r.flowtly.organizations)
}
