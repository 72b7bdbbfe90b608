"""One request on its way to an answer: who asks, for which tenant, in which media type."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from dashboard.sandbox import envelopes, listing
from dashboard.sandbox.declarations import Record, Resource, Route
from dashboard.sandbox.fields import Field, Reading
from dashboard.sandbox.media_types import LD, decoded_body
from dashboard.sandbox.messages import Answer, Request
from dashboard.sandbox.names import Names, Switches, named_by_iri
from dashboard.sandbox.refusals import Refusal, not_found
from dashboard.sandbox.store import Store
from dashboard.sandbox.tokens import Tokens

NOBODY = ""  # the tenant of what is kept once for everybody
# Texts that no person writes.
CODES = re.compile(
    "id|slug|instance|databaseName|status|currency|interval|documentsLanguage|mimeType|.*(?i:url|footer.*|_pdf)"
)


@dataclass
class Call:
    request: Request
    route: Route
    params: dict[str, str]
    names: Names
    switches: Switches
    store: Store
    tokens: Tokens
    media_type: str = LD
    organization: Record = field(default_factory=dict)

    @property
    def tenant(self) -> str:
        return str(self.organization.get("id", NOBODY))

    def owner(self, resource: Resource) -> str:
        return NOBODY if resource.shared else self.tenant

    # Reading

    def data(self) -> Record:
        return decoded_body(self.request, self.switches)

    def reading(self) -> Reading:
        by_iri, as_violations = (
            partial(named_by_iri, self.names, self.switches),
            self.switches.type_errors == "422",
        )
        zone, prefix = self.switches.zone, self.names.iri_prefix
        return Reading(self.exists, prefix, by_iri, as_violations, zone)

    def exists(self, collection: str, record_id: str) -> bool:
        owner = NOBODY if collection in ("countries", "currencies", "organizations") else self.tenant
        return self.store.get(owner, collection, record_id) is not None

    def record(self, resource: Resource, record_id: str | None = None) -> Record:
        wanted = self.params["id"] if record_id is None else record_id
        found = self.store.get(self.owner(resource), resource.kind, wanted)
        if found is None and self.switches.ids == "loose":
            owner, kind = self.owner(resource), resource.kind
            found = self.store.get(owner, kind, _loosely(wanted)) or self.store.find(
                owner, kind, "slug", wanted
            )
        if found is None:
            raise not_found()
        return found

    # Answering

    def iri(self, path: str) -> str:
        if self.switches.organization_iris == "literal" and path.startswith("/organizations/"):
            path = "/organizations/mail-footer"
        return self.names.iri_prefix + path

    def item(self, resource: Resource, record: Record, status: int | None = None) -> Answer:
        self._complete(resource, [record], in_list=False)
        document = self._dressed(resource, record, resource.fields)
        if self.media_type == LD:
            document = {"@context": self.iri(f"/contexts/{resource.type}"), **document}
        return envelopes.item(document, self.media_type, self.route.status if status is None else status)

    def page(self, resource: Resource, parent: str | None = None) -> Answer:
        """A page of the resource; with a parent's id only what belongs to that."""
        number, size = listing.paging(self.request, self.switches)
        wanted = listing.wanted(resource, self.request, self.names.iri_prefix, self.switches)
        if parent is not None:
            wanted.conditions.insert(0, "parent = ?")
            wanted.values.insert(0, parent)
        records, total = self.store.page(
            self.owner(resource), resource.kind, wanted, (number - 1) * size, size
        )
        return self._collection(resource, records, total, number, size)

    def _collection(
        self, resource: Resource, records: list[Record], total: int, page: int, size: int
    ) -> Answer:
        self._complete(resource, records, in_list=True)
        fields = resource.documented(in_list=True)
        found = envelopes.Listing(
            type=resource.type,
            iri=self.iri(self._plain_path()),
            members=[self._dressed(resource, record, fields) for record in records],
            total=total,
            page=page,
            size=size,
            query=self.request.query,
            variables=[
                (variable, each.field or each.variable)
                for each in resource.filters
                for variable in each.variables
            ],
        )
        return envelopes.collection(found, self.media_type, self.switches, self.names.iri_prefix)

    def embedded(self, resource: Resource, record: Record) -> Record:
        return self._dressed(resource, record, resource.fields)

    def _plain_path(self) -> str:
        path = self.request.raw_path.removeprefix(self.names.base_path)
        return path.rstrip("/") or "/"

    def _complete(self, resource: Resource, records: list[Record], in_list: bool) -> None:
        if resource.complete is not None and records:
            resource.complete(self, records, in_list)

    def _dressed(self, resource: Resource, record: Record, fields: tuple[Field, ...]) -> Record:
        document: Record = {}
        anonymous = resource.output and self.switches.outputs == "anonymous"
        if self.media_type == LD:
            iri = str(record.get("_iri") or f"{resource.path}/{record['id']}")
            document["@id"] = f"/.well-known/genid/{secrets.token_hex(10)}" if anonymous else self.iri(iri)
            document["@type"] = resource.type
        for each in fields:
            value = record.get(each.name)
            if value is not None and not (anonymous and each.name == "id"):
                document[each.name] = self._spelled(each, value)
        return document

    def _spelled(self, each: Field, value: object) -> object:
        if each.kind == "iri" and isinstance(value, str):
            return self.iri(value)
        if each.kind == "country" and named_by_iri(self.names, self.switches, each.name):
            return self.iri(f"/countries/{value}")
        if each.kind == "date" and isinstance(value, str) and self.switches.zone:
            return datetime.fromisoformat(value).astimezone(ZoneInfo(self.switches.zone)).isoformat()
        begin = self.switches.texts_begin
        if (
            begin
            and isinstance(value, str)
            and each.kind in ("string", "any")
            and not CODES.fullmatch(each.name)
        ):
            return begin + value
        return value


def _loosely(record_id: str) -> str:
    number = re.match("[0-9]+", record_id)
    return str(int(number[0])) if number else record_id.lower()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def unavailable(call: Call, resource: Resource) -> None:
    """A resource that this installation does not have is a route that does not exist."""
    if resource.available is not None and not resource.available(call):
        raise Refusal(404, f'No route found for "{call.request.method} {call.request.raw_path}"')
