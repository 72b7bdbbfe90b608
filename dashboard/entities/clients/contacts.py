"""Contacts of a client, wherever Flowtly tells of them: in a collection of their own, or only in the client."""

from dataclasses import dataclass
from functools import partial

from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.base import NO_FILTERS
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact, Contacts
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.upstream.parallel import gather

ROWS = 100
# One by one, where the client names its contacts by IRI and the list cannot be asked for them.
MOST_FETCHED = 20
ABSENT = (errors.NotFound, errors.MethodNotAllowed)


@dataclass(frozen=True)
class ClientContacts:
    """Contacts found. `collection`: Flowtly has contacts as records of their own, so they can be changed. `whole`:
    these are all."""

    contacts: tuple[Contact, ...] = ()
    collection: bool = True
    whole: bool = True


def read(api: Flowtly, client: Client) -> ClientContacts:
    """FlowtlyError if they cannot be read."""
    try:
        page = ContactsOf(api, client).list(items=ROWS)
    except ABSENT:
        named = client.client_contacts
        embedded = tuple(Contact.read(each.raw) for each in named or ())
        return ClientContacts(embedded, collection=False, whole=named is not None)
    mine = tuple(contact for contact in page.items if belongs(contact, client))
    if len(mine) == len(page.items):
        return ClientContacts(_sorted(mine), whole=page.has_more is False or len(page.items) < ROWS)
    # Flowtly has given other clients' contacts too: it does not know the filter, so the client itself is asked.
    if client.client_contacts is not None:
        fetched = _fetched(api, client)
        return ClientContacts(_sorted(fetched), whole=len(fetched) == len(client.client_contacts))
    every = api.contacts.every()
    return ClientContacts(_sorted(tuple(c for c in every.items if belongs(c, client))), whole=every.complete)


def belongs(contact: Contact, client: Client) -> bool:
    """Also where it does not say whose it is."""
    return contact.client is None or contact.client.id == client.id


class ContactsOf(Contacts):
    """Collection as it is written to for one client: what could be taken for a new contact is looked for among those
    of the client, where Flowtly can tell them apart."""

    def __init__(self, api: Flowtly, client: Client) -> None:
        super().__init__(api)
        self._client = {"client": api.clients.iri(client)}

    def list(self, page: int = 1, items: int = 30, filters: Filters = NO_FILTERS) -> Page[Contact]:
        return super().list(page, items, {**filters, **self._client})

    def every(self, filters: Filters = NO_FILTERS, most: int = 2000) -> Every[Contact]:
        return super().every({**filters, **self._client}, most)


def _fetched(api: Flowtly, client: Client) -> tuple[Contact, ...]:
    """As the client tells of them; those that it only names are read one by one, as far as that is bearable."""
    told = client.client_contacts or ()
    named = {each.id for each in told if each.id and not isinstance(each.raw, dict)}
    calls = {each: partial(api.contacts.get, each) for each in sorted(named)[:MOST_FETCHED]}
    read = {each: answer.value for each, answer in (gather(calls) if calls else {}).items()}
    return tuple(read.get(each.id) or Contact.read(each.raw) for each in told)


def _sorted(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple(sorted(contacts, key=lambda one: (one.position is None, one.position or 0)))
