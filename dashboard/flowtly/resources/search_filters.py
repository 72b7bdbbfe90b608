"""Which filters a list really has: from its own answers, else from the backend's OpenAPI document.

API Platform may serve that document under one of three addresses, may want the token for it, and may have
it switched off (its source); so its absence is a result, and remembered as one.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dashboard.flowtly import deadline
from dashboard.flowtly.calls import Call
from dashboard.flowtly.errors import Answered, FlowtlyError, Unreadable
from dashboard.flowtly.resources.schemas import iri_fields

if TYPE_CHECKING:
    from dashboard.flowtly.client import Flowtly

ADDRESSES = ("/docs.jsonopenapi", "/docs.json", "/docs")
OPENAPI = "application/vnd.openapi+json, application/json;q=0.8"
PAGING = frozenset({"page", "itemsPerPage", "pagination"})


def filters(flowtly: "Flowtly", path: str) -> frozenset[str] | None:
    """Filter names of the list at `path`; None if nothing announces them."""
    learnt = flowtly.connection.learnt
    seen = learnt.filters(path)
    if seen is not None:
        return seen
    names = announced(flowtly)
    # The document may name its paths with or without what stands before them in an address.
    places = (path, learnt.base_path + path, learnt.prefix(path) + path)
    return next((names[place] for place in places if place in names), None) if names else None


def announced(flowtly: "Flowtly") -> Mapping[str, frozenset[str]] | None:
    """Filters by path as the document has them, which is read at most every ten minutes; None if that failed. What it
    says of references is learnt by the way."""
    learnt = flowtly.connection.learnt
    names = learnt.announced()
    if names is None and learnt.asking.acquire(timeout=deadline.at_most(10.0)):
        try:
            names = learnt.announced()
            if names is None:
                names = _asked(flowtly)
                learnt.learn_announced(names)
        except FlowtlyError:
            return None  # no trouble of this document's is worth a page; it is asked again next time
        finally:
            learnt.asking.release()
    return names


def essence(document: object) -> dict[str, Any]:
    """Of the document what is read of it here, in the same shape."""
    paths = document.get("paths") if isinstance(document, dict) else None
    names = _by_path(paths) if isinstance(paths, dict) else {}
    shaped = {
        path: {"get": {"parameters": [{"in": "query", "name": name} for name in sorted(of_path)]}}
        for path, of_path in names.items()
    }
    return {"paths": shaped}


def _asked(flowtly: "Flowtly") -> Mapping[str, frozenset[str]]:
    for address in ADDRESSES:
        call = Call("GET", address, scoped=False, expects="anything", accept=OPENAPI, renews=False)
        try:
            document = flowtly.send(call).data
        except (Answered, Unreadable):
            continue
        if isinstance(document, dict) and isinstance(document.get("paths"), dict):
            _learn_references(flowtly, document)
            return _by_path(document["paths"])
    return {}


def _learn_references(flowtly: "Flowtly", document: Mapping[str, Any]) -> None:
    connection = flowtly.connection
    for resource in (flowtly.clients, flowtly.addresses, flowtly.contacts, flowtly.meetings):
        path, kind = resource.path, resource.record
        places = dict.fromkeys(
            (path, connection.learnt.base_path + path, connection.learnt.prefix(path) + path)
        )
        found = next((found for place in places if (found := iri_fields(document, place))), {})
        known = {name: is_iri for name, is_iri in found.items() if name in kind.refers_to}
        connection.references.learn_described(kind, known)


def _by_path(paths: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found = {}
    for path, operations in paths.items():
        listing = operations.get("get") if isinstance(operations, dict) else None
        if isinstance(listing, dict):
            parameters = listing.get("parameters")
            names = _query_names(parameters if isinstance(parameters, list) else [])
            found[path] = names - PAGING
    return found


def _query_names(parameters: list[Any]) -> frozenset[str]:
    names = [each.get("name") for each in parameters if isinstance(each, dict) and each.get("in") == "query"]
    return frozenset(name for name in names if isinstance(name, str))
