"""What a form about an address needs to know besides the address: the countries there are, the types and countries
this organization's addresses have, and how Flowtly spells a country in them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.flowtly import Flowtly
from dashboard.flowtly.connection import Connection
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.reference import Country
from dashboard.standards import countries
from dashboard.upstream.parallel import Result, gather
from dashboard.web.request import StaffRequest

TYPES = ("registered", "billing", "correspondence")
COUNTRIES = ("country", "tinCountry")

# Field → what stands before the id of a country in it, as last seen in any address.
_spelling: WeakKeyDictionary[Connection, dict[str, str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Surroundings:
    """`offered` is empty where the countries could not be read; `spelling` where no address was ever seen."""

    offered: tuple[Country, ...] = ()
    types: tuple[str, ...] = TYPES
    used: frozenset[str] = frozenset()
    spelling: Mapping[str, str] = field(default_factory=dict)

    def before(self, name: str, record: Address | None) -> str:
        """What stands before a country's id in this field: as this record has it, else as others do."""
        own = _spellings([record] if record else [])
        either = [each[one] for each in (own, self.spelling) for one in (name, *COUNTRIES) if one in each]
        return either[0] if either else ""


def read(request: StaffRequest, address_id: str = "") -> tuple[Address | None, Surroundings]:
    """An address, or none for a new one, and what is around it, all read at the same time. Only the address itself
    has to be had; FlowtlyError if it cannot."""
    api, whose = request.flowtly, request.organization.id
    calls: dict[str, Callable[[], Any]] = {"countries": lambda: countries.listed(api, whose)}
    if request.method != "POST" or not (address_id or _spelling.get(api.connection)):
        calls["addresses"] = lambda: api.addresses.list().items
    if address_id:
        calls["address"] = lambda: api.addresses.get(address_id)
    results = gather(calls)
    address = results.get("address", Result()).value
    if address_id and address is None:
        raise results["address"].error or LookupError(address_id)
    others: list[Address] = results.get("addresses", Result()).value or []
    everybody = [*([address] if address else []), *others]
    known = _spelling.setdefault(api.connection, {})
    known |= _spellings(others)
    types = sorted({one.type for one in everybody if one.type} - set(TYPES))
    return address, Surroundings(
        offered=results["countries"].value or (),
        types=(*TYPES, *types),
        used=frozenset(filter(None, (countries.code(one.country) for one in everybody))),
        spelling=dict(known),
    )


def learn_iris(api: Flowtly) -> None:
    """Flowtly has refused a country as a bare code."""
    before = countries.before(api.countries.iri("NL")) or ""
    _spelling.setdefault(api.connection, {}).update(dict.fromkeys(COUNTRIES, before))


def _spellings(addresses: Iterable[Address]) -> dict[str, str]:
    found: dict[str, str] = {}
    for address in addresses:
        for name in COUNTRIES:
            before = countries.before(address.raw.get(name))
            if before is not None:
                found.setdefault(name, before)
    return found
