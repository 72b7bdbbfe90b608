"""What can be done with a collection, one class each; a resource is made of those the API has for it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar
from urllib.parse import urlsplit

from dashboard.flowtly.calls import Answer, Call, Filters, query, segment
from dashboard.flowtly.errors import AnotherRecord, BadRequest, Invalid, Unreadable
from dashboard.flowtly.resources import pagination, search_filters
from dashboard.flowtly.resources.iris import identifier
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.references import Spelling, named_in
from dashboard.flowtly.resources.walk import Step, endless, walk
from dashboard.flowtly.strict_json import BadBody

if TYPE_CHECKING:
    from dashboard.flowtly.client import Flowtly

R = TypeVar("R", bound=Record)

MOST_A_PAGE = 100
NO_FILTERS: Filters = {}


class Resource(Generic[R]):
    """One collection. `path` is below the base; `literals` are addresses of it that are no ids.

    `writes` are the fields that may be written, all that the record reads where nothing is said; `creates` those that a
    new record is made with, the same where nothing is said. `open_to_all` are operations of no tenant. An `optional`
    collection is in none of the published pages at hand: its absence is lived with.
    """

    path: ClassVar[str]
    literals: ClassVar[frozenset[str]] = frozenset()
    writes: ClassVar[tuple[str, ...]] = ()
    creates: ClassVar[tuple[str, ...]] = ()
    open_to_all: ClassVar[frozenset[str]] = frozenset()
    optional: ClassVar[bool] = False
    record: type[R]

    def __init__(self, flowtly: "Flowtly") -> None:
        self._flowtly = flowtly

    def iri(self, record_or_id: R | str) -> str:
        """How to name a record of this collection in a body: as the API does, else base path + path + id.

        BadIdentifier for an id that fits no path.
        """
        if isinstance(record_or_id, Record) and record_or_id.iri and self._ours(record_or_id.iri):
            return record_or_id.iri
        return f"{self._flowtly.connection.learnt.prefix(self.path)}{self._path_of(record_or_id)}"

    def spelling(self, field: str, record: R | None = None) -> Spelling:
        """How a field that names another record is to be written: by IRI or by code. Where no record has shown it, the
        backend's OpenAPI document is asked."""
        references = self._flowtly.connection.references
        found = references.spelling(self.record, field, record)
        if not found.known and self.record.refers_to.get(field):
            search_filters.announced(self._flowtly)
            found = references.spelling(self.record, field, record)
        return found

    def _path_of(self, record_or_id: R | str) -> str:
        identifier = record_or_id.id if isinstance(record_or_id, Record) else record_or_id
        return f"{self.path}/{segment(identifier, self.literals)}"

    def _ours(self, iri: str) -> bool:
        """Whether an IRI is a plain path to a record of this collection."""
        try:
            parts = urlsplit(iri)
        except ValueError:
            return False
        plain = not (parts.scheme or parts.netloc or parts.query or parts.fragment)
        return plain and bool(identifier(iri)) and parts.path.rpartition("/")[0].endswith(self.path)

    def _record(self, answer: Answer) -> R:
        """The record an answer holds; without a body, an empty one that knows at most its id."""
        if answer.data is None:
            return self.record.read(self._located(answer.location))
        record = self.record.read(answer.data)
        for listener in self._flowtly.connection.listeners:
            listener.read(record)
        self._flowtly.saw([record])
        self._learn(record)
        return record

    def _written(self, call: Call, record: R | None = None) -> R:
        """What a write gives. Refused for how it names other records it is sent once more, with those spelled the other
        way: nothing was done. What was taken then is how they are written from now on."""
        references, body = self._flowtly.connection.references, call.body or {}
        try:
            return self._record(self._flowtly.send(call))
        except (BadRequest, Invalid) as refusal:
            respelled = references.respelled(self.record, body, refusal, record)
            if not respelled:
                raise
            first = refusal
        again = {**body, **respelled}
        try:
            answer = self._flowtly.send(replace(call, body=again))
        except (BadRequest, Invalid) as second:
            if named_in(second, self.record, again) & respelled.keys():
                raise first from None
            references.learn_taken(self.record, respelled)
            raise
        references.learn_taken(self.record, respelled)
        return self._record(answer)

    def _located(self, location: str | None) -> dict[str, Any]:
        """A new record's id, from the path of a Location header that leads to this collection."""
        try:
            path = urlsplit(location or "").path
        except ValueError:
            return {}
        return {"@id": path} if self._ours(path) else {}

    def _learn(self, record: R) -> None:
        if record.iri and self._ours(record.iri):
            before = record.iri.rpartition("/")[0].removesuffix(self.path)
            self._flowtly.connection.learnt.learn_prefix(self.path, before)

    def _list(self, path: str, record: type[Any], filters: Filters, page: int, items: int) -> Page[Any]:
        call = Call(
            "GET",
            path,
            query(filters, page=page, itemsPerPage=items),
            expects="list",
            scoped=path != self.path or "list" not in self.open_to_all,
        )
        answer = self._flowtly.send(call)
        address = self._flowtly.connection.base_url + path
        try:
            found = pagination.read(answer.data, record.read, address, page, items)
        except BadBody as bad:
            raise Unreadable(
                method="GET",
                path=path,
                status=answer.status,
                request_id=answer.request_id,
                detail=f"{bad}.".capitalize(),
            ) from None
        for listener in self._flowtly.connection.listeners:
            listener.listed(found.items)
        if found.filters is not None and path.count("/") < 3:  # of a record's own lists there is no end
            self._flowtly.connection.learnt.learn_filters(path, found.filters)
        self._flowtly.saw(found.items)
        if path == self.path and found.items:
            self._learn(found.items[0])
        return found

    def _walk(self, path: str, record: type[Any], filters: Filters, most: int) -> Iterator[Step[Any]]:
        asked = min(most, MOST_A_PAGE)
        return walk(lambda page: self._list(path, record, filters, page, asked), asked)

    def _every(self, path: str, record: type[Any], filters: Filters, most: int) -> Every[Any]:
        began, items, complete = datetime.now(UTC), [], False
        for step in self._walk(path, record, filters, most):
            items += step.items
            if step.complete is not None or len(items) >= most:
                complete = bool(step.complete) and len(items) <= most
                break
        return Every(items[:most], complete, began)


class Lists(Resource[R]):
    def list(self, page: int = 1, items: int = 30, filters: Filters = NO_FILTERS) -> Page[R]:
        """One page, counted from 1. The API ignores filters it does not know (API Platform source)."""
        return self._list(self.path, self.record, filters, page, items)

    def every(self, filters: Filters = NO_FILTERS, most: int = 2000) -> Every[R]:
        """All pages, up to `most` records; each record once, though pages shift while they are read."""
        return self._every(self.path, self.record, filters, most)

    def stream(self, filters: Filters = NO_FILTERS) -> Iterator[Step[R]]:
        """All pages however many, one at a time, remembering nothing but the last: for lists that fill no memory.

        The last step's `complete` is False if the API counts more than it gave, or gives pages without end.
        """
        return endless(
            lambda page: self._list(self.path, self.record, filters, page, MOST_A_PAGE), MOST_A_PAGE
        )

    def filters(self) -> frozenset[str] | None:
        """The filters the API announces for this list, None if it announces nothing anywhere.

        From `search.mapping` of any list seen, else from the backend's OpenAPI document; both remembered.
        """
        return search_filters.filters(self._flowtly, self.path)


class Gets(Resource[R]):
    def get(self, identifier: str) -> R:
        """One record. NotFound if there is none, BadIdentifier for an id that fits no path, AnotherRecord where the API
        compares ids loosely (as a database may): one record has one address."""
        record = self.find(identifier)
        if record.id and record.id != identifier:
            path = f"{self.path}/{identifier}"
            raise AnotherRecord(wanted=identifier, found=record.id, method="GET", path=path)
        return record

    def find(self, identifier: str) -> R:
        """What the API takes for the record of this id: perhaps one of another, by a slug or loosely compared."""
        call = Call("GET", self._path_of(identifier), scoped="get" not in self.open_to_all)
        return self._record(self._flowtly.send(call))


class Creates(Resource[R]):
    def create(self, fields: Mapping[str, object]) -> R:
        """The new record; empty but for its id, or wholly, where the API answers without a body."""
        call = Call("POST", self.path, body=dict(fields), scoped="create" not in self.open_to_all)
        return self._written(call)


class Updates(Resource[R]):
    def update(self, record_or_id: R | str, changes: Mapping[str, object]) -> R:
        """The record after a merge patch (RFC 7396): absent is unchanged, None clears, lists replace whole.

        Without a body in the answer, an empty record: read again to see.
        """
        call = Call("PATCH", self._path_of(record_or_id), body=dict(changes))
        return self._written(call, record_or_id if isinstance(record_or_id, Record) else None)


class Deletes(Resource[R]):
    def delete(self, record_or_id: R | str) -> None:
        self._flowtly.send(Call("DELETE", self._path_of(record_or_id), expects="anything"))
