"""The OpenAPI 3.1 document, made from the same declarations that the server obeys."""

from collections.abc import Callable
from functools import partial
from http.client import responses
from typing import Any

from dashboard.sandbox.declarations import Filter, Resource, Route
from dashboard.sandbox.error_shapes import MEDIA_TYPES, shape_of
from dashboard.sandbox.fields import Field, schema
from dashboard.sandbox.media_types import HTML, JSON, LD, MULTIPART, offers, taken
from dashboard.sandbox.names import Names, Switches, named_by_iri

Document = dict[str, Any]


def document(names: Names, switches: Switches) -> Document:
    from dashboard.sandbox.resources import routes  # the list of routes includes the one that serves this

    paths: Document = {}
    for route in routes(names):
        if route.guarded or route.path == names.login_path:
            operation = _operation(route, names, switches)
            paths.setdefault(names.base_path + route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flowtly", "version": "2.0.0"},
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        },
    }


def _operation(route: Route, names: Names, switches: Switches) -> Document:
    operation: Document = {
        "operationId": f"{route.method.lower()}{route.path}".replace("/", "_").replace("{id}", "id"),
        "tags": [route.returns.type if route.returns else route.parts[0]],
        "parameters": _parameters(route, names, switches),
        "responses": _responses(route, names, switches),
    }
    if route.guarded:
        operation["security"] = [{"token": []}]
    by_iri = partial(named_by_iri, names, switches)
    if switches.docs_bodies == "class" and _is_custom(route) and route.returns is not None:
        kinds = (MULTIPART,) if route.upload else taken(route.method, switches)
        operation["requestBody"] = _body(route, route.returns.fields, kinds, by_iri)
    elif route.upload:
        operation["requestBody"] = _upload_body(names)
    elif route.body is not None:
        operation["requestBody"] = _body(route, route.body, taken(route.method, switches), by_iri)
    return operation


# What goes in


def _parameters(route: Route, names: Names, switches: Switches) -> list[Document]:
    found = []
    if route.scoped and switches.docs_bodies == "own":
        found.append(_parameter(names.tenant_header, "header", {"type": "string"}, required=True))
    if "{id}" in route.path:
        kind = "integer" if _numbered(route) else "string"
        found.append(_parameter("id", "path", {"type": kind}, required=True))
    if route.many and route.returns is not None:
        positive = {"type": "integer", "minimum": 1}
        found += [_parameter("page", "query", positive), _parameter("itemsPerPage", "query", positive)]
        found += [
            _filter_parameter(each, variable) for each in route.returns.filters for variable in each.variables
        ]
    return found


def _numbered(route: Route) -> bool:
    return route.parts[0] in ("locations", "clients", "client-contacts")


def _parameter(name: str, place: str, content: Document, required: bool = False) -> Document:
    return {"name": name, "in": place, "required": required, "schema": content}


def _filter_parameter(each: Filter, variable: str) -> Document:
    kinds: dict[str, Document] = {
        "order": {"type": "string", "enum": ["asc", "desc"]},
        "flag": {"type": "boolean"},
        "after": {"type": "string", "format": "date-time"},
        "before": {"type": "string", "format": "date-time"},
    }
    several: Document = {"type": "array", "items": {"type": "string"}}
    if variable.endswith("[]"):
        return _parameter(variable, "query", several)
    return _parameter(variable, "query", kinds.get(each.how, {"type": "string"}))


def _is_custom(route: Route) -> bool:
    """Whether it is no plain operation on a collection."""
    path = route.returns.path if route.returns else ""
    return route.method != "GET" and route.path not in {path, f"{path}/{{id}}"}


def _body(
    route: Route, fields: tuple[Field, ...], kinds: tuple[str, ...], by_iri: Callable[[str], bool]
) -> Document:
    writable = [field for field in fields if field.writable]
    content: Document = {
        "type": "object",
        "properties": {field.name: schema(field, by_iri(field.name)) for field in writable},
    }
    needed = [field.name for field in writable if field.required or field.constructed]
    if needed and route.method == "POST":
        content["required"] = needed
    return {
        "required": True,
        "content": {kind: {"schema": content} for kind in kinds},
    }


def _upload_body(names: Names) -> Document:
    part = {"type": "string", "format": "binary"}
    content = {"type": "object", "properties": {names.upload_field: part}, "required": [names.upload_field]}
    return {"required": True, "content": {MULTIPART: {"schema": content}}}


# What comes out


def _responses(route: Route, names: Names, switches: Switches) -> Document:
    status = switches.pull_status if route.status == 202 else route.status
    responses: Document = {str(status): _success(route, names, switches)}
    for refusal in sorted(_refusals(route)):
        responses[str(refusal)] = _refused(refusal, switches)
    return responses


def _refusals(route: Route) -> set[int]:
    found = set(route.refusals)
    if route.returns is not None:
        found |= {404, 406} if route.returns.available else {406}
    if route.guarded:
        found.add(401)
    if route.scoped:
        found.add(403)
    return found


def _success(route: Route, names: Names, switches: Switches) -> Document:
    described: Document = {"description": responses[route.status]}
    if route.path == names.login_path:
        token = {"type": "object", "properties": {"token": {"type": "string"}}, "required": ["token"]}
        described["content"] = {JSON: {"schema": token}}
    elif route.returns is not None:
        shapes = {kind: {"schema": _shape(route, kind, names, switches)} for kind in offers(switches)}
        described["content"] = shapes
    return described


def _shape(route: Route, media_type: str, names: Names, switches: Switches) -> Document:
    assert route.returns is not None
    one = _item(route.returns, media_type, names, switches, route.many)
    if not route.many:
        return one
    if media_type == JSON:
        return {"type": "array", "items": one}
    return _envelope(one, "hydra:" if switches.envelope == "hydra" else "")


def _envelope(one: Document, hydra: str) -> Document:
    properties: Document = {
        "@context": {"type": "string"},
        "@id": {"type": "string"},
        "@type": {"const": f"{hydra}Collection"},
        f"{hydra}totalItems": {"type": "integer", "minimum": 0},
        f"{hydra}member": {"type": "array", "items": one},
        f"{hydra}view": {"type": "object"},
        f"{hydra}search": {"type": "object"},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": ["@context", "@id", "@type", f"{hydra}member"],
        "additionalProperties": False,
    }


def _item(resource: Resource, media_type: str, names: Names, switches: Switches, in_list: bool) -> Document:
    fields = [field for field in resource.documented(in_list) if field.name not in _hidden(switches)]
    properties = {field.name: _shown(field, names, switches) for field in fields}
    if media_type == LD:
        properties |= {
            "@context": {"type": "string"},
            "@id": {"type": "string"},
            "@type": {"const": resource.type},
        }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _hidden(switches: Switches) -> set[str]:
    hidden = set() if switches.discounts == "shown" else {"discount"}
    if switches.cancelled == "at-once":
        hidden |= {"cancelAtPeriodEnd", "currentPeriodEnd"}
    return hidden | (set() if switches.pictures == "shown" else {"logoUrl", "iconUrl"})


def _shown(field: Field, names: Names, switches: Switches) -> Document:
    """Nulls never go out; a relation may be embedded; rules are for what comes in."""
    if field.kind == "any":
        return {}
    found = schema(field, named_by_iri(names, switches, field.name))
    kind = found["type"]
    shown: Document = {key: found[key] for key in ("format", "items") if key in found}
    if field.name == "organizationAddress" and names.elements == "mixed":
        return {"oneOf": [{"type": "string", "format": "iri-reference"}, {"type": "object"}]}
    return {"type": kind[0] if isinstance(kind, list) else kind, **shown}


def _refused(status: int, switches: Switches) -> Document:
    media_type = MEDIA_TYPES[shape_of(status, switches.errors)]
    content: Document = {"type": "string"} if media_type == HTML else {"type": "object"}
    return {"description": responses[status], "content": {media_type: {"schema": content}}}
