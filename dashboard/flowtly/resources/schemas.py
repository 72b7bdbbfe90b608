"""Schemas in the backend's OpenAPI document: which fields of a body name another record by an IRI."""

from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 8
Object = Mapping[str, Any]


def iri_fields(document: Object, path: str) -> dict[str, bool]:
    """Whether each field that a POST to this path takes is an IRI (`format: iri-reference`)."""
    operation = _map(_map(_map(document.get("paths")).get(path)).get("post"))
    contents = _map(_at(document, operation.get("requestBody")).get("content")).values()
    return {
        name: _is_iri(document, each)
        for content in contents
        for name, each in _fields(document, _map(content).get("schema"))
    }


def _fields(document: Object, schema: object, deep: int = 0) -> Iterator[tuple[str, object]]:
    here = _at(document, schema)
    parts = here.get("allOf")
    for part in parts if isinstance(parts, list) and deep < DEEPEST else ():
        yield from _fields(document, part, deep + 1)
    yield from _map(here.get("properties")).items()


def _is_iri(document: Object, schema: object) -> bool:
    here = _at(document, schema)
    choices = [*_list(here.get("anyOf")), *_list(here.get("oneOf"))]
    return any(_at(document, each).get("format") == "iri-reference" for each in (here, *choices))


def _at(document: Object, value: object) -> Object:
    """What a `$ref` within the document leads to; anything else as it is, {} for what is no object."""
    for _ in range(DEEPEST):
        target = _map(value).get("$ref")
        if not isinstance(target, str):
            return _map(value)
        value = document
        for step in target.removeprefix("#/").split("/"):
            value = _map(value).get(step.replace("~1", "/").replace("~0", "~"))
    return {}


def _map(value: object) -> Object:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
