"""OpenAPI document: what it says of an operation, with its references (`$ref`) followed.

Nothing in it is trusted to have the shape that it should have.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 12
METHODS = ("get", "post", "patch", "put", "delete")
ENVELOPE = frozenset({"hydra:member", "member"})

Schema = Mapping[str, Any]
NONE: Schema = {}


@dataclass(frozen=True)
class Described:
    """A document. `address` is where it was found, `prefix` what stands before the collections in its paths, `base`
    the path of the API's address according to it."""

    address: str
    prefix: str
    base: str
    document: Schema = field(repr=False)

    @property
    def operations(self) -> list[tuple[str, str]]:
        """Every (method, path) it has, paths without the prefix."""
        return [
            (method.upper(), path.removeprefix(self.prefix))
            for path, item in paths(self.document).items()
            for method in METHODS
            if isinstance(_map(item).get(method), Mapping)
        ]

    def has(self, method: str, path: str) -> bool:
        return self._operation(method, path) is not None

    def parameters(self, method: str, path: str, place: str) -> dict[str, Schema]:
        """The parameters of an operation in `query` or `header`, by name."""
        operation = self._operation(method, path) or NONE
        found = [self._at(each) for each in items(operation.get("parameters"))]
        return {str(each["name"]): each for each in found if each.get("in") == place and "name" in each}

    def body(self, method: str, path: str) -> dict[str, Schema]:
        """The fields its body may have; those of all media types together. None where only its class is described."""
        found = self._body(method, path)
        return {} if self._is_of_its_class(path, set(found)) else found

    def _body(self, method: str, path: str) -> dict[str, Schema]:
        operation = self._operation(method, path) or NONE
        return self._fields_in(operation.get("requestBody"))

    def _is_of_its_class(self, path: str, fields: set[str]) -> bool:
        """Whether these are what the records of a collection take. API Platform describes what is no plain operation on
        one, uploads too, with that (its source), so it says nothing of the body there."""
        steps = shape(path).split("/")[1:]
        if len(steps) < 2 or steps[1:] == ["{}"]:
            return False
        above = ["/" + "/".join(steps[:count]) for count in range(1, len(steps))]
        plain = {each for place in above for each in (place, f"{place.removesuffix('/{}')}/{{}}")}
        told = [self._body(method, each) for method in ("POST", "PATCH") for each in plain]
        told += [self.answer("GET", each) for each in plain]
        return any(fields and fields == set(each) for each in told)

    def required(self, method: str, path: str) -> frozenset[str]:
        """The fields its body must have, whatever the media type."""
        if not self.body(method, path):
            return frozenset()
        operation = self._operation(method, path) or NONE
        needed = [self._needed(each) for each in self._schemas(operation.get("requestBody"))]
        return frozenset.intersection(*needed) if needed else frozenset()

    def answer(self, method: str, path: str) -> dict[str, Schema]:
        """The fields of the record that a success holds, be it one or a list of them."""
        operation = self._operation(method, path) or NONE
        found: dict[str, Schema] = {}
        for status, response in _map(operation.get("responses")).items():
            if str(status).startswith("2"):
                found |= self._fields_in(response)
        return found

    def _operation(self, method: str, path: str) -> Schema | None:
        """Parameters in the path may go by any name."""
        for each, item in paths(self.document).items():
            if shape(each.removeprefix(self.prefix)) == shape(path) and isinstance(item, Mapping):
                found = item.get(method.lower())
                if isinstance(found, Mapping):
                    return {
                        **found,
                        "parameters": items(item.get("parameters")) + items(found.get("parameters")),
                    }
        return None

    def _fields_in(self, holder: object) -> dict[str, Schema]:
        found: dict[str, Schema] = {}
        for schema in self._schemas(holder):
            found |= self._fields(schema)
        return {name: each for name, each in found.items() if not name.startswith("@")}

    def _schemas(self, holder: object) -> Iterator[Schema]:
        for each in _map(self._at(holder).get("content")).values():
            if isinstance(each, Mapping) and isinstance(each.get("schema"), Mapping):
                yield each["schema"]

    def _fields(self, schema: object, deep: int = 0) -> dict[str, Schema]:
        """The properties of a schema and of those it is made of; of a list, those of its items."""
        here = self._at(schema)
        if deep > DEEPEST:
            return {}
        found: dict[str, Schema] = {}
        for part in (*items(here.get("allOf")), *items(here.get("oneOf")), *items(here.get("anyOf"))):
            found |= self._fields(part, deep + 1)
        found |= {str(name): self._at(each) for name, each in _map(here.get("properties")).items()}
        if of_list := here.get("items"):
            return found | self._fields(of_list, deep + 1)
        members = next((found[name] for name in ENVELOPE if name in found), None)
        return found if members is None else self._fields(members.get("items"), deep + 1)

    def _needed(self, schema: object, deep: int = 0) -> frozenset[str]:
        here = self._at(schema)
        own = frozenset(each for each in items(here.get("required")) if isinstance(each, str))
        parts = [self._needed(part, deep + 1) for part in items(here.get("allOf"))] if deep < DEEPEST else []
        return own.union(*parts)

    def _at(self, value: object) -> Schema:
        """What a `$ref` within the document leads to; anything else as it is, {} for what is no object."""
        for _ in range(DEEPEST):
            target = _map(value).get("$ref")
            if not isinstance(target, str):
                return _map(value)
            value = self._pointed(target)
        return {}

    def _pointed(self, target: str) -> object:
        found: object = self.document
        for step in target.removeprefix("#/").split("/") if target.startswith("#/") else [""]:
            found = _map(found).get(step.replace("~1", "/").replace("~0", "~"))
        return found


def paths(document: Schema) -> Mapping[str, object]:
    return _map(document.get("paths"))


def shape(path: str) -> str:
    """A path with its parameters' names left out."""
    return re.sub(r"\{[^/]*\}", "{}", path.rstrip("/"))


def types(schema: Schema) -> set[str]:
    """JSON's types that a schema allows, but for null; none where it does not say."""
    given = schema.get("type")
    return {str(each) for each in ([given] if isinstance(given, str) else items(given))} - {"null"}


def items(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _map(value: object) -> Schema:
    return value if isinstance(value, Mapping) else NONE
