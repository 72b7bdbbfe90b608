"""Finder of clients: through Flowtly's own search; by name, where it has none or takes no notice of what is asked."""

from dashboard.entities.clients.searching import NO_SEARCH
from dashboard.entity import Entity
from dashboard.flowtly.resources.records import Record
from dashboard.search.parse import compact
from dashboard.search.query import ROWS, Looked, filtered, named, only, with_number, without_country
from dashboard.tables import filtering
from dashboard.web.request import StaffRequest


def find(request: StaffRequest, entity: Entity, how: str, term: str) -> Looked:
    return _by_number(request, entity, term) if how == "number" else _by_words(request, entity, term)


def _by_words(request: StaffRequest, entity: Entity, term: str) -> Looked:
    def holds(record: Record) -> bool:
        return filtering.mentions(record, term)

    try:
        found = only(request.flowtly.clients.search(term, items=ROWS).items, holds)
    except NO_SEARCH:
        return named(request, entity, term)
    if found.ignored and not found.records:
        found = named(request, entity, term)
        found.ignored = True
    return found


def _by_number(request: StaffRequest, entity: Entity, number: str) -> Looked:
    holds, found = with_number(number, "tin", "vatNumber"), Looked()
    for spelling in dict.fromkeys([compact(number), without_country(number)[1], number]):
        try:
            found = only(request.flowtly.clients.search(spelling, items=ROWS).items, holds)
        except NO_SEARCH:
            return filtered(request, entity, holds)
        if found.records:
            return found
    return filtered(request, entity, holds) if found.ignored else found
