"""Export of clients: those that the list shows, which Flowtly's own search may have found."""

from collections.abc import Iterator

from dashboard.entities.clients import searching
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.clients import Client, Clients
from dashboard.flowtly.resources.walk import Step
from dashboard.tables.query import Plan
from dashboard.web.request import StaffRequest


def plan(request: StaffRequest) -> Plan:
    return searching.plan_of(request, "")


def rows(request: StaffRequest) -> "Clients | Searched":
    """A search goes where the list sends it, if that can also do what else is asked."""
    searched = Searched(request.flowtly.clients)
    asked = request.GET.get("q", "").strip()
    others = {name for name in ("status", "country", "tinType") if request.GET.get(name, "").strip()}
    return searched if asked and others <= searched.filters() else request.flowtly.clients


class Searched:
    """The clients that Flowtly's own search finds."""

    record = Client
    path = f"{Clients.path}/search"

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def filters(self) -> frozenset[str]:
        return (self._clients.search_filters() or frozenset()) | {"name"}

    def stream(self, filters: Filters) -> Iterator[Step[Client]]:
        others = {name: value for name, value in filters.items() if name != "name"}
        return self._clients.search_stream(str(filters["name"]), others)
