"""What the pages about clients know besides the client: countries, currencies and languages to choose from, the words
that the clients seen so far have, and how Flowtly spells a reference in each field."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.connection import Connection
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.reference import Country
from dashboard.standards import countries
from dashboard.upstream.parallel import Result, gather
from dashboard.web.request import StaffRequest

COUNTRIES = ("country", "tinCountry", "addressCountry")
REFERENCES = (*COUNTRIES, "currency")
# Fields whose values nobody has published: those seen are offered.
WORDS = ("status", "tinType", "country", "documentsLanguage", "defaultTaxRate", "attributeSet")
MOST_WORDS = 40
LONGEST_WORD = 60
KEPT = 600.0  # seconds

# Field → what stands before the id of a reference in it, as last seen in any client.
_spelling: WeakKeyDictionary[Connection, dict[str, str]] = WeakKeyDictionary()
# Whose, field → the values seen.
_words: WeakKeyDictionary[Connection, dict[tuple[str, str], set[str]]] = WeakKeyDictionary()
# Whose, what → the ids listed, and when.
_codes: WeakKeyDictionary[Connection, dict[tuple[str, str], tuple[float, tuple[str, ...]]]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True)
class Surroundings:
    """What could not be read is empty: then one types."""

    countries: tuple[Country, ...] = ()
    currencies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spelling: Mapping[str, str] = field(default_factory=dict)

    def before(self, name: str, record: Client | None) -> str:
        """What stands before the id in this field: as this client has it, else as others do."""
        own = _spellings([record] if record else [])
        alike = ("addressCountry", "tinCountry") if name in {"addressCountry", "tinCountry"} else ()
        found = [each[one] for each in (own, self.spelling) for one in (name, *alike) if one in each]
        return found[0] if found else ""

    @property
    def used(self) -> list[str]:
        """The countries that clients seen so far are in."""
        return [countries.code(value) for value in self.words.get("country", ())]


def read(request: StaffRequest, client_id: str = "") -> tuple[Client | None, Surroundings]:
    """A client, or none for a new one, and what is around it, all read at the same time. Only the client itself has
    to be had; FlowtlyError if it cannot."""
    api, whose = request.flowtly, request.organization.id
    calls: dict[str, Callable[[], Any]] = {
        "countries": lambda: countries.listed(api, whose),
        "currencies": lambda: _listed(api, whose, "currencies"),
        "languages": lambda: _listed(api, whose, "languages"),
    }
    if not words(api, whose, "status"):
        calls["clients"] = lambda: learn(api, whose, api.clients.list().items)
    if client_id:
        calls["client"] = lambda: api.clients.get(client_id)
    results = gather(calls)
    client = results.get("client", Result()).value
    if client_id and client is None:
        raise results["client"].error or LookupError(client_id)
    learn(api, whose, [client] if client else [])
    return client, Surroundings(
        countries=results["countries"].value or (),
        currencies=results["currencies"].value or (),
        languages=results["languages"].value or (),
        words={name: words(api, whose, name) for name in WORDS},
        spelling=spelling(api),
    )


def learn(api: Flowtly, whose: str, records: Iterable[Record]) -> None:
    """Keeps the words and the spellings of these, for as long as the process lives."""
    seen = list(records)
    _spelling.setdefault(api.connection, {}).update(_spellings(seen))
    for name in WORDS:
        note(api, whose, name, (record.raw.get(name) for record in seen))


def note(api: Flowtly, whose: str, name: str, values: Iterable[Any]) -> None:
    known = _words.setdefault(api.connection, {}).setdefault((whose, name), set())
    for value in values:
        if isinstance(value, str) and 0 < len(value) <= LONGEST_WORD and len(known) < MOST_WORDS:
            known.add(value)


def words(api: Flowtly, whose: str, name: str) -> tuple[str, ...]:
    return tuple(sorted(_words.get(api.connection, {}).get((whose, name), ())))


def spelling(api: Flowtly) -> dict[str, str]:
    """A client's country and currency are IRIs even where none was ever seen; its other countries may be codes."""
    known = {"country": api.countries.iri("NL"), "currency": api.currencies.iri("EUR")}
    guessed = {name: countries.before(iri) or "" for name, iri in known.items()}
    return guessed | _spelling.get(api.connection, {})


def learn_iris(api: Flowtly) -> None:
    """Flowtly has refused a country as a bare code."""
    before = countries.before(api.countries.iri("NL")) or ""
    _spelling.setdefault(api.connection, {}).update(dict.fromkeys(("tinCountry", "addressCountry"), before))


def _listed(api: Flowtly, whose: str, what: str) -> tuple[str, ...]:
    """The ids of a short list, read at most every ten minutes; none where Flowtly has no such list."""
    kept = _codes.setdefault(api.connection, {})
    read_at, found = kept.get((whose, what), (float("-inf"), ()))
    if time.monotonic() - read_at > KEPT:
        try:
            found = tuple(one.id for one in getattr(api, what).every().items if one.id)
        except (errors.NotFound, errors.MethodNotAllowed):
            found = ()
        kept[whose, what] = (time.monotonic(), found)
    return found


def _spellings(records: Iterable[Record]) -> dict[str, str]:
    found: dict[str, str] = {}
    for record in records:
        for name in REFERENCES:
            before = countries.before(record.raw.get(name))
            if before is not None:
                found.setdefault(name, before)
    return found
