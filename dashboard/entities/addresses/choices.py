"""What a form about an address needs to know besides the address: the countries there are, and the types and
countries this organization's addresses have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.reference import Country
from dashboard.standards import countries
from dashboard.upstream.parallel import Result, gather
from dashboard.upstream.reference_lists import listed
from dashboard.web.request import StaffRequest

TYPES = ("registered", "billing", "correspondence")
COUNTRIES = ("country", "tinCountry")


@dataclass(frozen=True)
class Surroundings:
    """`offered` is empty where the countries could not be read."""

    offered: tuple[Country, ...] = ()
    types: tuple[str, ...] = TYPES
    used: frozenset[str] = frozenset()


def read(request: StaffRequest, address_id: str = "") -> tuple[Address | None, Surroundings]:
    """An address, or none for a new one, and what is around it, all read at the same time. Only the address itself
    has to be had; FlowtlyError if it cannot."""
    api, whose = request.flowtly, request.organization.id
    calls: dict[str, Callable[[], Any]] = {"countries": lambda: listed(api.countries, whose)}
    if request.method != "POST" or not (address_id or api.addresses.spelling("country").known):
        calls["addresses"] = lambda: api.addresses.list().items
    if address_id:
        calls["address"] = lambda: api.addresses.get(address_id)
    results = gather(calls)
    address = results.get("address", Result()).value
    if address_id and address is None:
        raise results["address"].error or LookupError(address_id)
    others: list[Address] = results.get("addresses", Result()).value or []
    everybody = [*([address] if address else []), *others]
    types = sorted({one.type for one in everybody if one.type} - set(TYPES))
    return address, Surroundings(
        offered=results["countries"].value or (),
        types=(*TYPES, *types),
        used=frozenset(filter(None, (countries.code(one.country) for one in everybody))),
    )
