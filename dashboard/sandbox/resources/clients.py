from dataclasses import replace

from dashboard.sandbox.call import Call
from dashboard.sandbox.declarations import Filter, Record, Resource, Route, orders
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import changes, creates, deletes, gets, lists
from dashboard.sandbox.resources.addresses import check_tax_country
from dashboard.sandbox.rules import COUNTRY, EMAIL, LOCALE, between, longest, shortest


def begin(call: Call, record: Record) -> Record:
    return {"dueDays": 14, "documentsLanguage": "en", **record}


def complete(call: Call, records: list[Record], in_list: bool) -> None:
    """The contacts of each client: embedded whole, or as IRIs under the other naming."""
    if not call.switches.contacts:
        return
    numbers = [str(record["id"]) for record in records]
    found = call.store.children(call.tenant, CONTACTS.kind, numbers)
    for record in records:
        record["clientContacts"] = [_linked(call, contact) for contact in found[str(record["id"])]]


def _linked(call: Call, contact: Record) -> Record | str:
    if call.names.elements == "swapped":
        return call.iri(f"{CONTACTS.path}/{contact['id']}")
    return call.embedded(CONTACTS, contact)


def _text(name: str, limit: int = 255) -> Field:
    return Field(name, nullable=True, rules=(longest(limit),))


CLIENTS = Resource(
    path="/clients",
    type="Client",
    numbered=True,
    fields=(
        *read_only("id", kind="int"),
        Field("country", "iri", required=True, collection="countries"),
        Field("currency", "iri", required=True, collection="currencies"),
        _text("defaultCost"),
        Field("status", required=True, rules=(longest(40),)),
        _text("attributeSet"),
        Field("name", required=True, rules=(longest(255),)),
        Field("dueDays", "int", rules=(between(0, 365),)),
        Field("tinType", required=True, rules=(longest(40),)),
        Field("tinCountry", "country", nullable=True, rules=(COUNTRY,)),
        Field("tin", nullable=True, rules=(shortest(4), longest(20))),
        _text("externalPaymentCustomerId"),
        _text("invoiceComment", 2000),
        _text("defaultTaxRate", 20),
        Field("documentsLanguage", rules=(LOCALE,)),
        _text("addressPhoneNumber", 40),
        _text("addressCity", 120),
        _text("addressPostCode", 20),
        _text("addressStreetLine"),
        _text("addressBuildingNumber", 20),
        _text("addressLocaleNumber", 20),
        Field("addressCountry", "country", nullable=True, rules=(COUNTRY,)),
        *read_only("clientContacts", kind="array"),
        Field("costGroup", "array", nullable=True),
        _text("costGroupIcon", 60),
        _text("vatNumber", 20),
    ),
    filters=(
        Filter("name", "name", "partial"),
        Filter("status", "status"),
        Filter("country", "country", "reference", "countries"),
        Filter("tin", "tin"),
        *orders("name", "id"),
    ),
    begin=begin,
    check=check_tax_country,
    complete=complete,
)

CONTACTS = Resource(
    path="/client-contacts",
    type="ClientContact",
    numbered=True,
    fields=(
        *read_only("id", kind="int"),
        Field("client", "iri", required=True, collection="clients"),
        Field("type", required=True, rules=(longest(40),)),
        Field("position", "int", rules=(between(0, 10_000),)),
        Field("email", required=True, rules=(EMAIL, longest(255))),
        Field("name", required=True, rules=(longest(255),)),
        Field("title", nullable=True, rules=(longest(80),)),
    ),
    filters=(Filter("client", "client", "parent"), Filter("type", "type"), *orders("position")),
    parent="client",
    begin=lambda call, record: {"position": 0, **record},
    available=lambda call: call.switches.contacts,
)

DOCUMENT = Resource(
    path="/documents",
    type="Document",
    output=True,
    fields=(
        *read_only("id", "name", "mimeType"),
        *read_only("size", kind="int"),
        *read_only("createdAt", kind="date"),
    ),
)


def documents(call: Call) -> Answer:
    client = call.record(CLIENTS)
    return call.page(DOCUMENT, parent=str(client["id"]))


def routes(names: Names) -> list[Route]:
    searched = replace(CLIENTS, filters=(*CLIENTS.filters, Filter(names.search_parameter, "", "search")))
    return [
        lists(CLIENTS),
        creates(CLIENTS),
        lists(searched, "/clients/search"),
        gets(CLIENTS),
        changes(CLIENTS),
        Route("GET", "/clients/{id}/documents", documents, returns=DOCUMENT, many=True, refusals=(400, 404)),
        lists(CONTACTS),
        creates(CONTACTS),
        gets(CONTACTS),
        changes(CONTACTS),
        deletes(CONTACTS),
    ]
