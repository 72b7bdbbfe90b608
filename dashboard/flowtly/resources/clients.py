"""Clients of an organization (published reference: list, create, search, read, patch, documents)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources import search_filters
from dashboard.flowtly.resources.base import MOST_A_PAGE, NO_FILTERS, Creates, Gets, Lists, Updates
from dashboard.flowtly.resources.iris import LITERALS
from dashboard.flowtly.resources.pagination import Page
from dashboard.flowtly.resources.records import (
    Record,
    Reference,
    entries,
    integer,
    reference,
    references,
    text,
)
from dashboard.flowtly.resources.walk import Step, endless


@dataclass(frozen=True)
class Client(Record):
    """A create needs name, country, currency, status and tinType. The published pages have country, currency,
    addressCountry, defaultCost and attributeSet as IRIs, tinCountry as a code.

    `due_days` is a number of days. Ids are integers at the API, strings here.
    """

    codes: ClassVar[Mapping[str, frozenset[str]]] = {
        "status": frozenset({"active", "inactive", "prospect", "blocked"}),
        "tinType": frozenset({"company", "person"}),
    }

    published: ClassVar[bool] = True
    refers_to: ClassVar[Mapping[str, str]] = {
        "country": "/countries",
        "tinCountry": "/countries",
        "addressCountry": "/countries",
        "currency": "/currencies",
        "defaultCost": "",
        "attributeSet": "",
    }
    iris: ClassVar[frozenset[str]] = frozenset({"country", "currency", "addressCountry"})

    name: str | None = text()
    country: Reference | None = reference()
    currency: Reference | None = reference()
    status: str | None = text()
    tin_type: str | None = text()
    default_cost: Reference | None = reference()
    attribute_set: Reference | None = reference()
    due_days: int | None = integer()
    tin_country: Reference | None = reference()
    tin: str | None = text()
    external_payment_customer_id: str | None = text()
    invoice_comment: str | None = text()
    default_tax_rate: str | None = text()
    documents_language: str | None = text()
    address_phone_number: str | None = text()
    address_city: str | None = text()
    address_post_code: str | None = text()
    address_street_line: str | None = text()
    address_building_number: str | None = text()
    address_locale_number: str | None = text()
    address_country: Reference | None = reference()
    client_contacts: tuple[Reference, ...] | None = references()
    cost_group: tuple[Any, ...] | None = entries()
    cost_group_icon: str | None = text()
    vat_number: str | None = text()


@dataclass(frozen=True)
class Document(Record):
    """A document of a client. No field of it is published; `raw` and `other` hold what came."""

    open_ended: ClassVar[bool] = True

    name: str | None = text()


class Clients(Lists[Client], Gets[Client], Creates[Client], Updates[Client]):
    path = "/clients"
    literals = LITERALS["clients"]
    writes = tuple(name for name in Client.expected() if name != "clientContacts")
    record = Client

    def search(
        self, term: str, page: int = 1, items: int = 30, filters: Filters = NO_FILTERS
    ) -> Page[Client]:
        """Those that match, if the API knows `Names.search_parameter`: that name is assumed."""
        named = {**filters, self._flowtly.names.search_parameter: term}
        return self._list(f"{self.path}/search", Client, named, page, items)

    def search_stream(self, term: str, filters: Filters = NO_FILTERS) -> Iterator[Step[Client]]:
        """All that match, page by page: see `stream`."""
        return endless(lambda page: self.search(term, page, MOST_A_PAGE, filters), MOST_A_PAGE)

    def search_filters(self) -> frozenset[str] | None:
        """The filters that searching announces, None if it announces nothing anywhere."""
        return search_filters.filters(self._flowtly, f"{self.path}/search")

    def documents(self, record_or_id: Client | str, page: int = 1, items: int = 30) -> Page[Document]:
        return self._list(f"{self._path_of(record_or_id)}/documents", Document, NO_FILTERS, page, items)
