"""The five things most resources can do. Each returns the route, ready to be served and documented."""

import uuid

from dashboard.sandbox.call import Call, now, unavailable
from dashboard.sandbox.declarations import Record, Resource, Route
from dashboard.sandbox.fields import require_constructor, violations, written
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.refusals import invalid


def lists(resource: Resource, path: str | None = None, scoped: bool = True) -> Route:
    def act(call: Call) -> Answer:
        unavailable(call, resource)
        return call.page(resource)

    return Route(
        "GET", path or resource.path, act, returns=resource, many=True, scoped=scoped, refusals=(400,)
    )


def gets(resource: Resource, scoped: bool = True) -> Route:
    def act(call: Call) -> Answer:
        unavailable(call, resource)
        return call.item(resource, call.record(resource))

    return Route("GET", resource.path + "/{id}", act, returns=resource, scoped=scoped, refusals=(404,))


def creates(resource: Resource, scoped: bool = True) -> Route:
    def act(call: Call) -> Answer:
        unavailable(call, resource)
        record = new_record(call, resource)
        call.store.insert(call.owner(resource), resource.kind, record, resource.parent_of(record))
        return call.item(resource, record)

    return Route(
        "POST", resource.path, act, status=201, returns=resource, body=resource.fields, scoped=scoped,
        refusals=(400, 413, 415, 422),
    )  # fmt: skip


def changes(resource: Resource) -> Route:
    def act(call: Call) -> Answer:
        unavailable(call, resource)
        record = changed_record(call, resource, call.record(resource))
        call.store.replace(call.owner(resource), resource.kind, record, resource.parent_of(record))
        return call.item(resource, record)

    return Route(
        "PATCH", resource.path + "/{id}", act, returns=resource, body=resource.fields,
        refusals=(400, 404, 413, 415, 422),
    )  # fmt: skip


def deletes(resource: Resource, refusals: tuple[int, ...] = ()) -> Route:
    def act(call: Call) -> Answer:
        unavailable(call, resource)
        call.record(resource)
        call.store.delete(call.owner(resource), resource.kind, call.params["id"])
        return Answer(204)

    return Route("DELETE", resource.path + "/{id}", act, status=204, refusals=(404, *refusals))


def new_record(call: Call, resource: Resource) -> Record:
    data = call.data()
    require_constructor(resource.fields, data, resource.type)
    record = written(resource.fields, data, call.reading())
    found = violations(resource.fields, record)
    if resource.check is not None:
        found += resource.check(call, record)
    if found:
        raise invalid(found)
    if "id" not in record:
        record = {"id": _new_id(call, resource), **record}
    return resource.begin(call, record) if resource.begin is not None else record


def changed_record(call: Call, resource: Resource, record: Record) -> Record:
    """Merge patch: what is absent stays, null clears, lists replace whole."""
    sent = written(resource.fields, call.data(), call.reading())
    record = {**record, **sent}
    found = violations(resource.fields, record, set(sent))
    if resource.check is not None:
        found += resource.check(call, record)
    if found:
        raise invalid(found)
    if "updatedAt" in record:
        record["updatedAt"] = now()
    return record


def _new_id(call: Call, resource: Resource) -> int | str:
    if resource.numbered:
        return call.store.next_number(call.owner(resource), resource.kind)
    return str(uuid.uuid4())
