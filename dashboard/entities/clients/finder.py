"""Finder of clients: through Flowtly's own search; by name, where it has none or takes no notice of what is asked."""

from dashboard.entities.clients.searching import NO_SEARCH
from dashboard.entity import Entity
from dashboard.flowtly.resources.records import Record
from dashboard.search.query import ROWS, Looked, filtered, first, named, with_number
from dashboard.standards import spellings
from dashboard.tables import filtering
from dashboard.web.request import StaffRequest


def find(request: StaffRequest, entity: Entity, how: str, term: str) -> Looked:
    return _by_number(request, entity, term) if how == "number" else _by_words(request, entity, term)


def _by_words(request: StaffRequest, entity: Entity, term: str) -> Looked:
    def holds(record: Record) -> bool:
        return filtering.mentions(record, term)

    try:
        found = first(
            spellings.of_words(term),
            lambda each: request.flowtly.clients.search(each, items=ROWS).items,
            holds,
        )
    except NO_SEARCH:
        return named(request, entity, term)
    if found.ignored and not found.records:
        found = named(request, entity, term)
        found.ignored = True
    return found


def _by_number(request: StaffRequest, entity: Entity, number: str) -> Looked:
    holds = with_number(number, "tin", "vatNumber")
    try:
        found = first(
            spellings.of_number(number),
            lambda each: request.flowtly.clients.search(each, items=ROWS).items,
            holds,
        )
    except NO_SEARCH:
        return filtered(request, entity, holds)
    return filtered(request, entity, holds) if found.ignored and not found.records else found
