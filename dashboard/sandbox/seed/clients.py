"""Clients with their contacts and documents: a few hundred, or a hundred thousand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from dashboard.sandbox.seed.organizations import Tenant
from dashboard.sandbox.seed.taxnumbers import spoilt, tax_numbers
from dashboard.sandbox.seed.words import (
    CITIES,
    CURRENCY,
    FIRST,
    FORMS,
    LANGUAGE,
    LAST,
    STREETS,
    TAX_RATE,
    TRADES,
)
from dashboard.sandbox.sql import Record
from dashboard.sandbox.store import Store

COUNTRIES = ("NL", "FR", "PT", "DK", "PL")
STATES = ("active", "active", "active", "active", "active", "prospect", "inactive", "blocked")
CONTACT_TYPES = ("billing", "general", "management")
WITH_DOCUMENTS = 600  # only the first clients have any: enough to look at
BATCH = 5000


def fill(store: Store, tenant: Tenant, count: int) -> None:
    for start in range(1, count + 1, BATCH):
        _fill_batch(store, tenant, range(start, min(start + BATCH, count + 1)))


def _fill_batch(store: Store, tenant: Tenant, numbers: range) -> None:
    random = Random(f"clients of {tenant.id} from {numbers.start}")  # noqa: S311 - repeatable, not secret
    clients: list[Record] = []
    contacts: list[Record] = []
    documents: list[Record] = []
    contacted, documented = [], []  # the clients that these belong to
    next_contact = store.next_number(tenant.id, "client-contacts")
    for number in numbers:
        country = tenant.country if random.random() < 0.7 else random.choice(COUNTRIES)
        clients.append(_client(random, number, country))
        for contact in _contacts(random, number, country):
            contacts.append({"id": next_contact, **contact})
            contacted.append(str(number))
            next_contact += 1
        if number <= WITH_DOCUMENTS:
            for document in _documents(random, number):
                documents.append(document)
                documented.append(str(number))
    store.insert_many(tenant.id, "clients", clients)
    store.insert_many(tenant.id, "client-contacts", contacts, contacted)
    store.insert_many(tenant.id, "documents", documents, documented)


def _client(random: Random, number: int, country: str) -> Record:
    city, post_code = random.choice(CITIES[country])
    company = random.random() < 0.9
    trade, last = random.choice(TRADES), random.choice(LAST[country])
    complete = random.random() < 0.93
    return {
        "id": number,
        "country": f"/countries/{country}",
        "currency": f"/currencies/{CURRENCY[country]}",
        "status": random.choice(STATES),
        "name": f"{trade} {last} {FORMS[country]}" if company else f"{random.choice(FIRST[country])} {last}",
        "dueDays": random.choice((14, 14, 30, 30, 8, 60, 120)),
        "tinType": "company" if company else "person",
        **_tax(random, country),
        "externalPaymentCustomerId": f"cus_c{number}" if number % 4 == 0 else None,
        "invoiceComment": "Graag onder vermelding van uw PO-nummer." if number % 11 == 0 else None,
        "defaultTaxRate": TAX_RATE[country] if random.random() < 0.9 else None,
        "documentsLanguage": LANGUAGE[country],
        "addressPhoneNumber": f"+31 20 {random.randint(1000000, 9999999)}" if number % 3 else None,
        "addressCity": city,
        "addressPostCode": post_code if complete else "??",
        "addressStreetLine": random.choice(STREETS[country]) if complete else None,
        "addressBuildingNumber": str(random.randint(1, 300)),
        "addressLocaleNumber": random.choice((None, None, "A", "2 hoog")),
        "addressCountry": country,
        "costGroup": ["general"] if number % 5 == 0 else None,
        "costGroupIcon": "briefcase" if number % 5 == 0 else None,
    }


def _tax(random: Random, country: str) -> Record:
    """Mostly right; some wrong check digits, some numbers that disagree, some missing."""
    luck = random.random()
    if luck < 0.06:
        return {"tinCountry": None, "tin": None, "vatNumber": None}
    tin, vat = tax_numbers(country, random)
    if luck < 0.12:
        tin = spoilt(tin)
    elif luck < 0.15:
        vat = spoilt(vat)
    elif luck < 0.18:
        vat = tax_numbers(country, random)[1]
    return {"tinCountry": country, "tin": tin, "vatNumber": vat}


def _contacts(random: Random, number: int, country: str) -> Iterator[Record]:
    for position in range(random.choice((0, 1, 1, 1, 2))):
        first, last = random.choice(FIRST[country]), random.choice(LAST[country])
        yield {
            "client": f"/clients/{number}",
            "type": CONTACT_TYPES[position],
            "position": position,
            "email": f"contact{position}@client{number}.example",
            "name": f"{first} {last}",
            "title": random.choice((None, "Hoofd inkoop", "Gérante")),
        }


def _documents(random: Random, number: int) -> Iterator[Record]:
    for order in range(random.choice((0, 0, 1, 2, 4))):
        created = datetime.now(UTC).replace(microsecond=0) - timedelta(days=random.randint(1, 700))
        yield {
            "id": f"doc_{number}_{order + 1}",
            "name": random.choice(("Overeenkomst.pdf", "Factuur é.pdf", "KvK-uittreksel.pdf", "Ordre.pdf")),
            "mimeType": "application/pdf",
            "size": random.randint(20_000, 900_000),
            "createdAt": created.isoformat(),
        }
