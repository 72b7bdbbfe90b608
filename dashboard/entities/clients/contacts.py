"""Contacts of a client, wherever Flowtly tells of them: in a collection of their own, or only in the client."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.base import NO_FILTERS
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact, Contacts
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.flowtly.resources.records import Reference
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
    """Those that the collection gives and those that the client names, for either may leave some out. FlowtlyError if
    they cannot be read."""
    named = client.client_contacts
    try:
        page = ContactsOf(api, client).list(items=ROWS)
    except ABSENT:
        embedded = tuple(Contact.read(each.raw) for each in named or ())
        return ClientContacts(embedded, collection=False, whole=named is not None)
    mine = tuple(contact for contact in page.items if belongs(contact, client))
    filtered = len(mine) == len(page.items)  # else Flowtly has given other clients' contacts too
    if not filtered and named is None:
        every = api.contacts.every()
        return ClientContacts(
            _sorted(tuple(c for c in every.items if belongs(c, client))), whole=every.complete
        )
    ids = {contact.id for contact in mine}
    missing = tuple(each for each in named or () if each.id not in ids)
    whole = not filtered or page.has_more is False or len(page.items) < ROWS
    return ClientContacts(_sorted((*mine, *_fetched(api, missing))), whole=whole)


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


def _fetched(api: Flowtly, told: Sequence[Reference]) -> tuple[Contact, ...]:
    """As the client tells of them; those that it only names are read one by one, as far as that is bearable."""
    named = {each.id for each in told if each.id and not isinstance(each.raw, dict)}
    calls = {each: partial(api.contacts.get, each) for each in sorted(named)[:MOST_FETCHED]}
    read = {each: answer.value for each, answer in (gather(calls) if calls else {}).items()}
    return tuple(read.get(each.id) or Contact.read(each.raw) for each in told)


def _sorted(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple(sorted(contacts, key=lambda one: (one.position is None, one.position or 0)))
