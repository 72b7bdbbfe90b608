"""Tenant check: an act without an id in its path reaches whoever the tenant header means. Is it really them?

So before it, a record is read under that same header. If it names this organization, the act may go out; if it
names another, nothing may; if none names any, a person has to type the organization's slug.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from dashboard.flowtly import Flowtly, Record, errors
from dashboard.flowtly.resources.addresses import Addresses
from dashboard.flowtly.resources.organizations import Organizations
from dashboard.flowtly.resources.records import Reference, last_segment
from dashboard.flowtly.resources.subscriptions import Subscriptions

FEW = 5  # rows: enough to see strangers among them, and no burden
# A list that this installation does not have, or may not read, says nothing about whose it is.
SILENT = (errors.Forbidden, errors.NotFound, errors.MethodNotAllowed, errors.BadIdentifier)


@dataclass(frozen=True)
class Found:
    """Whether a record `named` this organization, or the id of `another` that one named. `failure` is what kept
    a record from being read where none named any."""

    named: bool = False
    another: str = ""
    failure: errors.FlowtlyError | None = None


def check(api: Flowtly, organization_id: str) -> Found:
    """Whether the tenant that `api` is set on is this organization."""
    failure, api = None, api.live()
    for source in SOURCES:
        try:
            if is_named(organization_id, source(api)):
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


def is_named(organization: str, names: Iterable[str]) -> bool:
    """True as soon as all that name one name this one; Another where any names another; False if none does."""
    found = {name for name in names if name}
    if others := found - {organization}:
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
    try:
        path = urlsplit(api.organizations.mail_footer().iri or "").path
    except ValueError:
        return
    last = last_segment(path)
    if path.rpartition("/")[0].endswith(Organizations.path) and last not in Organizations.literals:
        yield last


# The cheapest first: nearly everybody has a subscription.
SOURCES: tuple[Callable[[Flowtly], Iterable[str]], ...] = (
    lambda api: _owners(api.subscriptions),
    lambda api: _owners(api.addresses),
    _owner_of_footer,
)
