"""What the pages about clients know besides the client: countries, currencies and languages to choose from, and the
words that the clients seen so far have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.reference import Country
from dashboard.standards import countries
from dashboard.upstream import connection
from dashboard.upstream.cache import Store
from dashboard.upstream.parallel import Result, gather
from dashboard.upstream.reference_lists import listed
from dashboard.web.request import StaffRequest

COUNTRIES = ("country", "tinCountry", "addressCountry")
# Fields whose values nobody has published: those seen are offered.
WORDS = ("status", "tinType", "country", "documentsLanguage", "defaultTaxRate", "defaultCost", "attributeSet")
MOST_WORDS = 40
LONGEST_WORD = 60
A_DAY = 86400.0

_last_seen: Store[tuple[str, str], Client] = Store(connection.TEN_MINUTES, 2000)


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


def read(
    request: StaffRequest, client_id: str = "", beside: Mapping[str, Callable[[], Any]] = MappingProxyType({})
) -> tuple[Client | None, Surroundings, dict[str, Result[Any]]]:
    """A client, or none for a new one, what is around it, and what the calls `beside` give, all read at the same time.
    Only the client itself has to be had; FlowtlyError if it cannot."""
    api, whose = request.flowtly, request.organization.id
    calls: dict[str, Callable[[], Any]] = {
        "countries": lambda: listed(api.countries, whose),
        "currencies": lambda: listed(api.currencies, whose),
        "languages": lambda: listed(api.languages, whose),
    }
    if not words(whose, "status"):
        calls["clients"] = lambda: learn(whose, api.clients.list().items)
    if client_id:
        calls["client"] = lambda: api.clients.get(client_id)
    results = gather({**beside, **calls})
    client = results.get("client", Result()).value
    if client_id and client is None:
        raise results["client"].error or LookupError(client_id)
    learn(whose, [client] if client else [])
    around = Surroundings(
        countries=results["countries"].value or (),
        currencies=_ids(results["currencies"]),
        languages=_ids(results["languages"]),
        words={name: words(whose, name) for name in WORDS},
    )
    return client, around, {name: results[name] for name in beside}


def learn(whose: str, records: Iterable[Client]) -> None:
    """Keeps the words of these, and themselves for a while: what is asked about one may then be asked at once."""
    seen = list(records)
    for record in seen:
        _last_seen.set((whose, record.id), record)
    for name in WORDS:
        note(whose, name, (record.raw.get(name) for record in seen))


def last_seen(whose: str, client_id: str) -> Client | None:
    return _last_seen.get((whose, client_id))


def note(whose: str, name: str, values: Iterable[object]) -> None:
    words_of = set(words(whose, name))
    for value in values:
        if isinstance(value, str) and 0 < len(value) <= LONGEST_WORD and len(words_of) < MOST_WORDS:
            words_of.add(value)
    if words_of:
        connection.memory.set(f"words {whose} {name}", tuple(sorted(words_of)), A_DAY)


def words(whose: str, name: str) -> tuple[str, ...]:
    found: tuple[str, ...] | None = connection.memory.get(f"words {whose} {name}")
    return found or ()


def _ids(answer: Result[tuple[Record, ...]]) -> tuple[str, ...]:
    return tuple(each.id for each in answer.value or () if each.id)
