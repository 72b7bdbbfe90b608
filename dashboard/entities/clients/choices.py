"""What the pages about clients know besides the client: countries, currencies and languages to choose from, and the
words that the clients seen so far have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.flowtly import Flowtly
from dashboard.flowtly.connection import Connection
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.reference import Country
from dashboard.standards import countries
from dashboard.upstream.parallel import Result, gather
from dashboard.upstream.reference_lists import listed
from dashboard.web.request import StaffRequest

COUNTRIES = ("country", "tinCountry", "addressCountry")
# Fields whose values nobody has published: those seen are offered.
WORDS = ("status", "tinType", "country", "documentsLanguage", "defaultTaxRate", "attributeSet")
MOST_WORDS = 40
LONGEST_WORD = 60

# Whose, field → the values seen.
_words: WeakKeyDictionary[Connection, dict[tuple[str, str], set[str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Surroundings:
    """What could not be read is empty: then one types."""

    countries: tuple[Country, ...] = ()
    currencies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def used(self) -> list[str]:
        """The countries that clients seen so far are in."""
        return [countries.code(value) for value in self.words.get("country", ())]


def read(request: StaffRequest, client_id: str = "") -> tuple[Client | None, Surroundings]:
    """A client, or none for a new one, and what is around it, all read at the same time. Only the client itself has
    to be had; FlowtlyError if it cannot."""
    api, whose = request.flowtly, request.organization.id
    calls: dict[str, Callable[[], Any]] = {
        "countries": lambda: listed(api.countries, whose),
        "currencies": lambda: listed(api.currencies, whose),
        "languages": lambda: listed(api.languages, whose),
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
        currencies=_ids(results["currencies"]),
        languages=_ids(results["languages"]),
        words={name: words(api, whose, name) for name in WORDS},
    )


def learn(api: Flowtly, whose: str, records: Iterable[Record]) -> None:
    """Keeps the words of these, for as long as the process lives."""
    seen = list(records)
    for name in WORDS:
        note(api, whose, name, (record.raw.get(name) for record in seen))


def note(api: Flowtly, whose: str, name: str, values: Iterable[object]) -> None:
    known = _words.setdefault(api.connection, {}).setdefault((whose, name), set())
    for value in values:
        if isinstance(value, str) and 0 < len(value) <= LONGEST_WORD and len(known) < MOST_WORDS:
            known.add(value)


def words(api: Flowtly, whose: str, name: str) -> tuple[str, ...]:
    return tuple(sorted(_words.get(api.connection, {}).get((whose, name), ())))


def _ids(answer: Result[tuple[Record, ...]]) -> tuple[str, ...]:
    return tuple(each.id for each in answer.value or () if each.id)
