"""The backend's own OpenAPI document: where it is, and what it says of an operation.

API Platform may serve it under one of three addresses, may want the token for it, and may have it switched off (its
source). The document may refer to its schemas (`$ref`), and may put a path before its own in `servers`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from dashboard.flowtly import deadline
from dashboard.flowtly.auth import Login, Token
from dashboard.flowtly.calls import Call
from dashboard.flowtly.connection import Connection
from dashboard.flowtly.errors import CannotConnect, FlowtlyError, NoAnswer, NotFound, OutOfTime
from dashboard.flowtly.names import Limits, Names
from dashboard.flowtly.resources.search_filters import ADDRESSES, OPENAPI

MOST = 16 * 1024 * 1024  # a document of a large API is larger than any answer of it
SECONDS = 15.0
DEEPEST = 12
METHODS = ("get", "post", "patch", "put", "delete")
SURE = "/organizations"  # what any such document has a path for
ENVELOPE = frozenset({"hydra:member", "member"})


@dataclass(frozen=True)
class NotServed:
    """No document. `failures` tells of each address what came of it: (address, words). `answered`: somebody did."""

    failures: tuple[tuple[str, str], ...]
    answered: bool = True


@dataclass(frozen=True)
class Described:
    """A document. `address` is where it was found, `prefix` what stands before the collections in its paths, `base`
    the path of the API's address according to it."""

    address: str
    prefix: str
    base: str
    document: Mapping[str, Any] = field(repr=False)

    @property
    def operations(self) -> list[tuple[str, str]]:
        """Every (method, path) it has, paths without the prefix."""
        return [
            (method.upper(), self._bare(path))
            for path, item in _paths(self.document).items()
            for method in METHODS
            if isinstance(item, Mapping) and isinstance(item.get(method), Mapping)
        ]

    def operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        """What it says of an endpoint; parameters in the path may go by any name."""
        for each, item in _paths(self.document).items():
            if isinstance(item, Mapping) and _plain(self._bare(each)) == _plain(path):
                found = item.get(method.lower())
                shared = item.get("parameters")
                if isinstance(found, Mapping):
                    return {**found, "parameters": _list(shared) + _list(found.get("parameters"))}
        return None

    def parameters(self, operation: Mapping[str, Any], place: str) -> dict[str, Mapping[str, Any]]:
        """The parameters of an operation in `query` or `header`, by name."""
        found = [self._at(each) for each in _list(operation.get("parameters"))]
        return {str(each["name"]): each for each in found if each.get("in") == place and "name" in each}

    def body(self, operation: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """The fields its body may have; those of all media types together."""
        return self._fields_in(self._at(operation.get("requestBody")))

    def required(self, operation: Mapping[str, Any]) -> frozenset[str]:
        """The fields its body must have, whatever the media type."""
        content = self._at(operation.get("requestBody")).get("content")
        needed = [self._needed(each) for each in self._schemas(content)]
        return frozenset.intersection(*needed) if needed else frozenset()

    def answer(self, operation: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """The fields of the record that a success holds, be it one or a list of them."""
        responses = operation.get("responses")
        found: dict[str, Mapping[str, Any]] = {}
        for status, response in responses.items() if isinstance(responses, Mapping) else ():
            if str(status).startswith("2"):
                found |= self._fields_in(self._at(response))
        return found

    def _fields_in(self, holder: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for schema in self._schemas(holder.get("content")):
            found |= self._fields(schema)
        return {name: each for name, each in found.items() if not name.startswith("@")}

    def _schemas(self, content: object) -> Iterator[Mapping[str, Any]]:
        for each in content.values() if isinstance(content, Mapping) else ():
            if isinstance(each, Mapping) and isinstance(each.get("schema"), Mapping):
                yield each["schema"]

    def _fields(self, schema: object, deep: int = 0) -> dict[str, Mapping[str, Any]]:
        """The properties of a schema and of those it is made of; of a list, those of its items."""
        here = self._at(schema)
        if deep > DEEPEST:
            return {}
        found: dict[str, Mapping[str, Any]] = {}
        for part in (*_list(here.get("allOf")), *_list(here.get("oneOf")), *_list(here.get("anyOf"))):
            found |= self._fields(part, deep + 1)
        own = here.get("properties")
        for name, each in own.items() if isinstance(own, Mapping) else ():
            found[str(name)] = self._at(each)
        if items := here.get("items"):
            return found | self._fields(items, deep + 1)
        members = next((found[name] for name in ENVELOPE if name in found), None)
        return found if members is None else self._fields(members.get("items"), deep + 1)

    def _needed(self, schema: object, deep: int = 0) -> frozenset[str]:
        here = self._at(schema)
        own = frozenset(each for each in _list(here.get("required")) if isinstance(each, str))
        parts = [self._needed(part, deep + 1) for part in _list(here.get("allOf"))] if deep < DEEPEST else []
        return own.union(*parts)

    def _at(self, value: object) -> Mapping[str, Any]:
        """What a `$ref` within the document leads to; anything else as it is, {} for what is no object."""
        for _ in range(DEEPEST):
            if not isinstance(value, Mapping):
                return {}
            target = value.get("$ref")
            if not isinstance(target, str):
                return value
            value = self._pointed(target)
        return {}

    def _pointed(self, target: str) -> object:
        found: object = self.document
        for step in target.removeprefix("#/").split("/") if target.startswith("#/") else ["", ""]:
            found = (
                found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
            )
        return found

    def _bare(self, path: str) -> str:
        return path.removeprefix(self.prefix)


def fetch(
    base_url: str, credentials: Login | Token | None, names: Names, limits: Limits
) -> Described | NotServed:
    """The document of the API at `base_url`. Asked for openly first, so that a wrong sign-in does not hide it, and
    then with the token; should the address have the wrong path, openly where it has none, or `/api`."""
    limits = replace(limits, body=MOST, read_total=min(limits.read_total, SECONDS / 2), attempts=1)
    failures: dict[str, str] = {}
    with deadline.within(SECONDS):
        for address in _bases(base_url):
            for who in (None, credentials) if credentials and address == base_url else (None,):
                try:
                    found = _asked(Connection(address, who, names, limits), failures)
                except (CannotConnect, NoAnswer, OutOfTime):
                    return NotServed(tuple(failures.items()), answered=False)
                if found is not None:
                    return found
    return NotServed(tuple(failures.items()))


def _bases(base_url: str) -> list[str]:
    parts = urlsplit(base_url)
    other = "" if parts.path.strip("/") else "/api"
    return [base_url, urlunsplit((parts.scheme, parts.netloc, other, "", ""))]


def _asked(connection: Connection, failures: dict[str, str]) -> Described | None:
    """None where there is no document. What says that nothing answers at all is raised."""
    try:
        for place in ADDRESSES:
            address = connection.base_url + place
            call = Call("GET", place, scoped=False, expects="anything", accept=OPENAPI, renews=False)
            try:
                document = connection.send(call, {"X-Request-Id": "check-api"}).data
            except NotFound as failure:
                failures.setdefault(address, str(failure))
                continue
            except FlowtlyError as failure:
                failures[address] = str(failure)
                if isinstance(failure, CannotConnect | NoAnswer | OutOfTime):
                    raise
                continue
            if isinstance(document, dict) and _paths(document):
                return _read(document, address, urlsplit(connection.base_url).path.rstrip("/"))
            failures[address] = "It is no OpenAPI document."
    finally:
        connection.close()
    return None


def _read(document: Mapping[str, Any], address: str, found_at: str) -> Described:
    before = {path.removesuffix(SURE) for path in _paths(document) if path.endswith(SURE)}
    prefix = min(before, key=len, default="")
    served = _list(document.get("servers"))
    url = served[0].get("url") if served and isinstance(served[0], Mapping) else None
    place = urlsplit(url).path.rstrip("/") if isinstance(url, str) else ""
    # Paths without anything before them do not say where the API is: that is where the document was found.
    return Described(address, prefix, f"{place}{prefix}" or found_at, document)


def _paths(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found = document.get("paths")
    return found if isinstance(found, Mapping) else {}


def _plain(path: str) -> str:
    return "/".join("{}" if step.startswith("{") else step for step in path.rstrip("/").split("/"))


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []
