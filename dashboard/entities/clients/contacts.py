"""The contacts of a client, wherever Flowtly tells of them: in a collection of their own, or only in the client."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.base import NO_FILTERS
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact, Contacts
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.flowtly.resources.records import Reference
from dashboard.upstream.parallel import gather

ROWS = 100
MOST_FETCHED = (
    20  # one by one, where the client names its contacts by IRI and the list cannot be asked for them
)
ABSENT = (errors.NotFound, errors.MethodNotAllowed)


@dataclass(frozen=True)
class Found:
    """`collection`: Flowtly has contacts as records of their own, so they can be changed. `whole`: these are all."""

    contacts: tuple[Contact, ...] = ()
    collection: bool = True
    whole: bool = True


def of(api: Flowtly, client: Client) -> Found:
    """FlowtlyError if they cannot be read."""
    try:
        page = ContactsOf(api, client).list(items=ROWS)
    except ABSENT:
        return Found(_embedded(client), collection=False, whole=client.client_contacts is not None)
    mine = tuple(contact for contact in page.items if belongs(contact, client))
    if len(mine) == len(page.items):
        return Found(_sorted(mine), whole=page.has_more is False or len(page.items) < ROWS)
    # Flowtly has given other clients' contacts too: it does not know the filter, so the client itself is asked.
    if client.client_contacts is not None:
        fetched = _fetched(api, client)
        return Found(_sorted(fetched), whole=len(fetched) == len(client.client_contacts))
    every = api.contacts.every()
    return Found(_sorted(tuple(c for c in every.items if belongs(c, client))), whole=every.complete)


def belongs(contact: Contact, client: Client) -> bool:
    """Also where it does not say whose it is."""
    return contact.client is None or contact.client.id == client.id


@dataclass(frozen=True)
class ContactsOf:
    """The collection as it is written to for one client: what could be taken for a new contact is looked for among
    those of the client, where Flowtly can tell them apart."""

    api: Flowtly
    client: Client
    record = Contact

    @property
    def _contacts(self) -> Contacts:
        return self.api.contacts

    def _narrowed(self, filters: Filters) -> dict[str, Any]:
        return {**filters, "client": self.api.clients.iri(self.client)}

    def filters(self) -> frozenset[str] | None:
        return self._contacts.filters()

    def list(self, page: int = 1, items: int = 30, filters: Filters = NO_FILTERS) -> Page[Contact]:
        return self._contacts.list(page, items, self._narrowed(filters))

    def every(self, filters: Filters = NO_FILTERS, most: int = 2000) -> Every[Contact]:
        return self._contacts.every(self._narrowed(filters), most)

    def get(self, identifier: str) -> Contact:
        return self._contacts.get(identifier)

    def create(self, fields: Mapping[str, object]) -> Contact:
        return self._contacts.create(fields)


def _embedded(client: Client) -> tuple[Contact, ...]:
    """Those the client's own record tells of: whole, or by name alone."""
    return tuple(_of_reference(each) for each in client.client_contacts or ())


def _fetched(api: Flowtly, client: Client) -> tuple[Contact, ...]:
    """As the client tells of them; those that it only names are read one by one, as far as that is bearable."""
    told = client.client_contacts or ()
    named = {each.id for each in told if each.id and not isinstance(each.raw, dict)}
    calls = {each: partial(api.contacts.get, each) for each in sorted(named)[:MOST_FETCHED]}
    answers = gather(calls) if calls else {}
    read = {each: answer.value for each, answer in answers.items() if answer.value is not None}
    return tuple(read.get(each.id) or _of_reference(each) for each in told)


def _of_reference(reference: Reference) -> Contact:
    return Contact.read(reference.raw)


def _sorted(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple(sorted(contacts, key=lambda one: (one.position is None, one.position or 0)))
