"""Looking for something in several places at once, each of which may fail alone."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dashboard.entities.clients.duplicates import plain
from dashboard.entities.clients.searching import NO_SEARCH, mentions
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.search.parse import Pasted, compact
from dashboard.search.sources import BY_ID, BY_WORDS, PLACES, open_to
from dashboard.standards import countries, tax_numbers
from dashboard.tables import table
from dashboard.upstream.parallel import Result, gather
from dashboard.web.request import StaffRequest

ROWS = 30

Holds = Callable[[Any], bool]
Where = tuple[str, str]  # the place, and as what the term was looked for there


@dataclass
class Looked:
    """What one place gave. `age` is how many seconds ago the rows were read that were sifted here; `partly` that
    there are more than could be looked at, `ignored` that Flowtly's own search gave what was not asked for."""

    records: list[Any] = field(default_factory=list)
    age: int | None = None
    partly: bool = False
    ignored: bool = False


def look(request: StaffRequest, asked: Pasted) -> Mapping[Where, Result[Looked]]:
    """In each place at the same time."""
    looks: dict[Where, Callable[[], Looked]] = {
        (name, how): partial(LOOKS[how], request, name, asked.identifier if how == "id" else asked.text)
        for how, names in _where(asked).items()
        for name in names
        if open_to(request, name)
    }
    return gather(looks) if looks else {}


def _where(asked: Pasted) -> dict[str, tuple[str, ...]]:
    """As what it is looked for, and in which places."""
    if asked.kind == "record":
        return {"id": (asked.collection,)}
    if asked.kind == "email":
        return {"email": ("clients", "client-contacts", "organization-addresses", "employees")}
    found: dict[str, tuple[str, ...]] = {"id": BY_ID} if asked.identifier else {}
    if asked.kind == "number":
        return {**found, "number": ("clients", "organization-addresses")}
    return {**found, "words": BY_WORDS}


def by_id(request: StaffRequest, name: str, identifier: str) -> Looked:
    try:
        record = PLACES[name].resource(request.flowtly).get(identifier)
    except (errors.NotFound, errors.BadIdentifier):
        return Looked()
    # What answers to another id too, such as a slug, is it; what calls itself something else is not.
    known = {record.id, getattr(record, "slug", None), ""}
    return Looked([record] if identifier in known or not record.id else [])


def by_words(request: StaffRequest, name: str, term: str) -> Looked:
    if name == "clients":
        return _clients(request, term)
    if name == "subscriptions":
        return _sifted(request, name, lambda record: mentions(record, term))
    found = _named(request, name, term)
    if name == "organizations" and not found.records and re.fullmatch(r"[\w-]+", term):
        return _sifted(request, name, lambda record: record.slug == term)
    return found


def by_email(request: StaffRequest, name: str, email: str) -> Looked:
    if name == "clients":
        return _clients(request, email)
    if name == "employees":
        return _only(request.flowtly.employees.search(email, items=ROWS).items, _with_email(email))
    resource = PLACES[name].resource(request.flowtly)
    if "email" in (resource.filters() or ()):
        return _only(resource.list(items=ROWS, filters={"email": email}).items, _with_email(email))
    return _sifted(request, name, _with_email(email))


def by_number(request: StaffRequest, name: str, number: str) -> Looked:
    """In any spelling: with what people put between the digits and without, with the country before them or not."""
    if name != "clients":
        return _sifted(request, name, lambda record: _same(number, record.tin, record.tin_country))

    def holds(client: Any) -> bool:
        return any(_same(number, each, client.tin_country) for each in (client.tin, client.vat_number))

    found = Looked()
    for spelling in dict.fromkeys([compact(number), _apart(number)[1], number]):
        try:
            found = _only(request.flowtly.clients.search(spelling, items=ROWS).items, holds)
        except NO_SEARCH:
            return _sifted(request, name, holds)
        if found.records:
            return found
    return _sifted(request, name, holds) if found.ignored else found


LOOKS: dict[str, Callable[[StaffRequest, str, str], Looked]] = {
    "id": by_id,
    "words": by_words,
    "email": by_email,
    "number": by_number,
}


def _clients(request: StaffRequest, term: str) -> Looked:
    """By Flowtly's own search; by name, where it has none or takes no notice of what is asked."""
    try:
        found = _only(request.flowtly.clients.search(term, items=ROWS).items, lambda one: mentions(one, term))
    except NO_SEARCH:
        return _named(request, "clients", term)
    if found.ignored and not found.records:
        found = _named(request, "clients", term)
        found.ignored = True
    return found


def _named(request: StaffRequest, name: str, term: str) -> Looked:
    resource = PLACES[name].resource(request.flowtly)

    def holds(record: Any) -> bool:
        return table.contains(record.name, term)

    if "name" in (resource.filters() or ()):
        found = _only(resource.list(items=ROWS, filters={"name": term}).items, holds)
        if not found.ignored:
            return found
    return _sifted(request, name, holds)


def _only(records: Iterable[Record], holds: Holds) -> Looked:
    given = list(records)
    kept = [record for record in given if holds(record)]
    return Looked(kept, ignored=len(kept) < len(given))


def _sifted(request: StaffRequest, name: str, holds: Holds) -> Looked:
    """All rows, as far as they are read, as a list page of them does and with the rows that it has kept."""
    place = PLACES[name]
    whose = "" if name == "organizations" else request.organization.id
    plan = table.Plan(part=place.part, columns=(), row=dict)
    read = table.every_row(place.resource(request.flowtly), plan, whose, fresh=table.FRESH in request.GET)
    records = [record for record in read.every.items if holds(record)]
    return Looked(records, age=int(read.age), partly=not read.every.complete)


def _with_email(email: str) -> Holds:
    return lambda record: str(record.raw.get("email") or "").strip().casefold() == email.casefold()


def _same(number: str, other: str | None, country: Any) -> bool:
    mine, theirs = _apart(number), _apart(other or "")
    lands = {mine[0], theirs[0] or countries.code(country)} - {""}
    return bool(theirs[1]) and mine[1] == theirs[1] and len(lands) < 2


def _apart(number: str) -> tuple[str, str]:
    """The country that stands before a tax number, "" where none does, and the number without it."""
    bare = plain(number).upper()
    country = countries.code(bare[:2])
    return (country, bare[2:]) if country in tax_numbers.NUMBERS else ("", bare)
