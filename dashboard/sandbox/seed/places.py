"""Addresses and locations."""

from random import Random

from dashboard.sandbox.names import Names
from dashboard.sandbox.seed.organizations import Tenant
from dashboard.sandbox.seed.taxnumbers import tax_numbers
from dashboard.sandbox.seed.words import CITIES, ROOMS, STREETS
from dashboard.sandbox.sql import Record
from dashboard.sandbox.store import Store

# Office hours: usual, early, unknown, overnight, half known, round the clock
HOURS = ((8, 17), (9, 18), (7, 15), (None, None), (22, 6), (8, None), (0, 24))


def fill(store: Store, tenant: Tenant, names: Names) -> None:
    random = Random(f"places of {tenant.id}")  # noqa: S311 - repeatable, not secret
    types = names.address_types.split(",")
    wanted = types if tenant.employees else types[:1]
    addresses = [_address(tenant, random, number, kind) for number, kind in enumerate(wanted, 1)]
    store.insert_many(tenant.id, "organization-addresses", addresses)
    locations = [_location(tenant, random, number) for number in range(1, tenant.locations + 1)]
    store.insert_many(tenant.id, "locations", locations)


def _address(tenant: Tenant, random: Random, number: int, kind: str) -> Record:
    city, post_code = random.choice(CITIES[tenant.country])
    registered = number == 1
    return {
        "id": f"addr_{tenant.id.removeprefix('org_')}_{number}",
        "organization": f"/organizations/{tenant.id}",
        "type": kind,
        "name": tenant.name,
        "street": f"{random.choice(STREETS[tenant.country])} {random.randint(1, 240)}",
        "city": city,
        "postCode": post_code,
        "country": tenant.country,
        "email": None if registered else f"facturen@{tenant.slug}.example",
        "tin": tax_numbers(tenant.country, random)[0] if registered else None,
        "tinCountry": tenant.country if registered else None,
    }


def _location(tenant: Tenant, random: Random, number: int) -> Record:
    opens, closes = HOURS[(number - 1) % len(HOURS)]
    city = random.choice(CITIES[tenant.country])[0]
    return {
        "id": number,
        "name": f"{ROOMS[number % len(ROOMS)]} {city} {number}",
        "officeOpenHour": opens,
        "officeCloseHour": closes,
    }
