"""Search queries: looking for something in several collections at once, each of which may fail alone."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.http import HttpRequest

from dashboard.entity import Entity, call, searchable
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.search.parse import Pasted
from dashboard.standards import countries, spellings, tax_numbers
from dashboard.tables import filtering
from dashboard.tables.query import FRESH, Plan
from dashboard.upstream.parallel import Result, gather
from dashboard.web.request import StaffRequest, may

ROWS = 30

Holds = Callable[[Record], bool]
Where = tuple[str, str]  # the collection, and as what the term was looked for there


@dataclass
class Looked:
    """What one collection gave. `age` is how many seconds ago the rows were read that were filtered here; `partly` that
    there are more than could be looked at, `ignored` that Flowtly's own search gave what was not asked for, `asked` the
    spellings that Flowtly itself looked for, as it compares texts."""

    records: list[Record] = field(default_factory=list)
    age: int | None = None
    partly: bool = False
    ignored: bool = False
    asked: tuple[str, ...] = ()


def look(request: StaffRequest, asked: Pasted) -> Mapping[Where, Result[Looked]]:
    """In each collection at the same time."""
    looks: dict[Where, Callable[[], Looked]] = {
        (name, how): partial(_look, request, entity, how, asked.identifier if how == "id" else asked.text)
        for name, entity, how in _where(asked)
        if open_to(request, entity)
    }
    return gather(looks) if looks else {}


def open_to(request: HttpRequest, entity: Entity) -> bool:
    """Whether this person may see records of it, and whose they would be is known."""
    known = hasattr(request, "organization") or not entity.of_organization
    return known and may(request, entity.view_permission)


def _where(asked: Pasted) -> list[tuple[str, Entity, str]]:
    """In which collections it is looked for, and as what; ids come first."""
    places = searchable()
    if asked.kind == "record":
        return [(asked.collection, places[asked.collection], "id")]
    kinds = ["id"] if asked.identifier and asked.kind != "email" else []
    kinds.append(asked.kind if asked.kind in {"email", "number"} else "words")
    return [
        (name, entity, how)
        for how in kinds
        for name, entity in places.items()
        if entity.search and how in entity.search.by
    ]


def _look(request: StaffRequest, entity: Entity, how: str, term: str) -> Looked:
    if how != "id" and entity.search and entity.search.finder:
        own: Looked = call(entity.search.finder, request, entity, how, term)
        return own
    looks = {"id": _by_id, "words": _by_words, "email": _by_email, "number": _by_number}
    return looks[how](request, entity, term)


def _by_id(request: StaffRequest, entity: Entity, identifier: str) -> Looked:
    try:
        record = entity.of(request.flowtly).find(identifier)
    except (errors.NotFound, errors.BadIdentifier):
        return Looked()
    # What answers to another id too, such as a slug, is it; what calls itself something else is not.
    known = {record.id, str(getattr(record, "slug", None)).lower()}
    return Looked([record] if not record.id or {identifier, identifier.lower()} & known else [])


def _by_words(request: StaffRequest, entity: Entity, term: str) -> Looked:
    """By name; where records have none, in all that is told of them."""
    if entity.search and entity.search.title != "name":
        return filtered(request, entity, lambda record: filtering.mentions(record, term))
    found = named(request, entity, term)
    slugs = "slug" in entity.of(request.flowtly).record.api_names()
    if slugs and not found.records and re.fullmatch(r"[\w-]+", term):
        return filtered(request, entity, lambda record: str(record.raw.get("slug")).lower() == term.lower())
    return found


def _by_email(request: StaffRequest, entity: Entity, email: str) -> Looked:
    resource = entity.of(request.flowtly)
    if "email" in (resource.filters() or ()):
        return first(
            spellings.of_email(email),
            lambda each: resource.list(items=ROWS, filters={"email": each}).items,
            with_email(email),
        )
    return filtered(request, entity, with_email(email))


def _by_number(request: StaffRequest, entity: Entity, number: str) -> Looked:
    return filtered(request, entity, with_number(number, "tin"))


# --- what an entity's own finder is made of ---


def named(request: StaffRequest, entity: Entity, term: str) -> Looked:
    resource = entity.of(request.flowtly)

    def holds(record: Record) -> bool:
        return filtering.contains(record.raw.get("name"), term)

    if "name" in (resource.filters() or ()):
        found = first(
            spellings.of_words(term),
            lambda each: resource.list(items=ROWS, filters={"name": each}).items,
            holds,
        )
        if not found.ignored:
            return found
    return filtered(request, entity, holds)


def first(spelled: Iterable[str], ask: Callable[[str], Iterable[Record]], holds: Holds) -> Looked:
    """What Flowtly itself finds, asked for one spelling after another until it finds some."""
    found, asked = Looked(), []
    for each in spelled:
        asked.append(each)
        given = list(ask(each))
        kept = [record for record in given if holds(record)]
        found = Looked(kept, ignored=found.ignored or len(kept) < len(given), asked=tuple(asked))
        if kept:
            break
    return found


def filtered(request: StaffRequest, entity: Entity, holds: Holds) -> Looked:
    """All rows, as far as they are read, as a list page of them does and with the rows that it has kept."""
    whose = request.organization.id if entity.of_organization else ""
    plan = Plan(part=f"{entity.name}-list", columns=(), row=dict)
    read = filtering.every_row(entity.of(request.flowtly), plan, whose, fresh=FRESH in request.GET)
    records = [record for record in read.every.items if holds(record)]
    return Looked(records, age=int(read.age), partly=not read.every.complete)


def with_email(email: str) -> Holds:
    return lambda record: str(record.raw.get("email") or "").strip().casefold() == email.casefold()


def with_number(number: str, *fields: str) -> Holds:
    """In any spelling: with what people put between the digits and without, with the country before them or not."""
    mine = tax_numbers.without_country(number)

    def holds(record: Record) -> bool:
        country = countries.code(record.raw.get("tinCountry"))
        texts = [str(value) for name in fields if (value := record.raw.get(name))]
        return any(same(tax_numbers.without_country(text), country) for text in texts)

    def same(theirs: tuple[str, str], country: str) -> bool:
        lands = {mine[0], theirs[0] or country} - {""}
        return bool(theirs[1]) and mine[1] == theirs[1] and len(lands) < 2

    return holds
