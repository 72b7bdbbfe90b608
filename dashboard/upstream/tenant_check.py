"""Tenant check: a call reaches whoever the tenant header means, with an id in its path or without. Is it really them?

The header may have no effect, or another than we think. So before any write a record is read under that same header. If
it names this organization, the write may go out; if it names another, nothing may; if none names any, an act without an
id needs a person to type the organization's slug. Once proved, it holds for ten minutes in this process.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dashboard.flowtly import Flowtly, Record, deadline, errors
from dashboard.flowtly.resources.addresses import Address, Addresses
from dashboard.flowtly.resources.iris import identifier
from dashboard.flowtly.resources.organizations import Organizations
from dashboard.flowtly.resources.records import Reference
from dashboard.flowtly.resources.subscriptions import Subscription, Subscriptions
from dashboard.upstream import connection
from dashboard.upstream.cache import Store

FEW = 5  # rows: enough to see strangers among them, and no burden
LOOK = 2.0  # seconds that a page may take to learn whose records it shows
# A list that this installation does not have, or may not read, says nothing about whose it is.
SILENT = (errors.Forbidden, errors.NotFound, errors.MethodNotAllowed, errors.BadIdentifier)

Key = tuple[str, str, str]  # the API and its account, the organization, the header's value


@dataclass(frozen=True)
class Found:
    """Whether a record `named` this organization, or the id of `another` that one named. `failure` is what kept
    a record from being read where none named any."""

    named: bool = False
    another: str = ""
    failure: errors.FlowtlyError | None = None


_proved: Store[Key, Found] = Store(connection.TEN_MINUTES, 5000)
_untold: Store[Key, Found] = Store(60.0, 5000)  # where no record named any, or none could be read


def within(api: Flowtly, organization: str, tenant: str = "") -> Flowtly:
    """The API on this organization's data, by the tenant that it has or had. Every write to it is checked."""
    tenant = tenant or api.organizations.tenant(organization)
    return api.within(tenant, OfOrganization(api, organization, tenant))


class OfOrganization:
    """Check of one request. What it reads anyway tells as well, for and against."""

    def __init__(self, api: Flowtly, organization: str, tenant: str) -> None:
        self.organization = organization
        self._key = _key(organization, tenant)
        self._own = own_names(api, organization)
        self._another = ""

    def saw(self, records: Sequence[Record]) -> None:
        names = {owner(each) for each in records if isinstance(each, Address | Subscription)} - {""}
        if others := names - self._own:
            self._another = min(others)
        elif names:
            _proved.set(self._key, Found(named=True))

    def before_write(self, api: Flowtly) -> None:
        found = self._known() or _untold.get(self._key)
        if found is None or found.failure is not None:
            found = check(api, self.organization)
        if found.another:
            wanted, another = self.organization, found.another
            title = f"Flowtly answers with records of {another} where {wanted} is meant."
            raise errors.AnotherTenant(title, wanted=wanted, found=another, request_id=api.request_id)
        if found.failure is not None:
            raise errors.TenantUnproved(reason=found.failure, request_id=api.request_id)

    def another(self, api: Flowtly) -> str:
        """The id of the organization whose records a page shows instead; "" where nothing says so."""
        found = self._known() or _untold.get(self._key)
        if found is None:
            with deadline.within(LOOK):
                found = check(api, self.organization)
        return found.another

    def _known(self) -> Found | None:
        return Found(another=self._another) if self._another else _proved.get(self._key)


def check(api: Flowtly, organization: str) -> Found:
    """Whether the tenant that `api` is set on is this organization. Read now, whatever was proved before."""
    key, found = _key(organization, api.tenant or ""), _read(api.live(), own_names(api, organization))
    if found.named:
        _proved.set(key, found)
        return found
    _proved.forget(lambda each: each == key)
    if not found.another:
        _untold.set(key, found)
    return found


def own_names(api: Flowtly, organization: str) -> AbstractSet[str]:
    """What a record may call this organization: the API may name it in its IRI otherwise than in its `id`."""
    record = connection.organization(api, organization)
    return {organization, record.id, identifier(record.iri or "")} - {""}


def _key(organization: str, tenant: str) -> Key:
    return connection.identity(), organization, tenant


def _read(api: Flowtly, own: AbstractSet[str]) -> Found:
    failure = None
    for source in SOURCES:
        try:
            if is_named(own, source(api)):
                return Found(named=True)
        except SILENT:
            continue
        except errors.FlowtlyError as error:
            failure = error
        except Another as another:
            return Found(another=another.found)
    return Found(failure=failure)


class Another(Exception):  # noqa: N818 - what was found, not a mistake
    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def is_named(own: AbstractSet[str], names: Iterable[str]) -> bool:
    """True as soon as all that name one name this one; Another where any names another; False if none does."""
    found = {name for name in names if name}
    if others := found - own:
        raise Another(min(others))
    return bool(found)


def owner(record: Record) -> str:
    """The id of the organization a record says it is of: by an IRI, by an id, or as an object; else ""."""
    reference = Reference.read(record.raw.get("organization"))
    return reference.id if reference else ""


def _owners(resource: Subscriptions | Addresses) -> Iterator[str]:
    """List items may leave out whose they are; then one of them is read in full."""
    records = resource.list(items=FEW).items
    names = [owner(record) for record in records]
    yield from names
    if records and not any(names):
        yield owner(resource.get(records[0].id))


def _owner_of_footer(api: Flowtly) -> Iterator[str]:
    """Its path has no id either, and it may answer with the organization it is of."""
    iri = api.organizations.mail_footer().iri or ""
    if Organizations.path in iri:
        yield identifier(iri)


# The cheapest first: nearly everybody has a subscription.
SOURCES: tuple[Callable[[Flowtly], Iterable[str]], ...] = (
    lambda api: _owners(api.subscriptions),
    lambda api: _owners(api.addresses),
    _owner_of_footer,
)
