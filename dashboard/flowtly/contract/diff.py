"""What the API's own OpenAPI document says, held against what this client expects."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.flowtly.contract import assumed_names
from dashboard.flowtly.contract.assumed_names import Name
from dashboard.flowtly.contract.document import Described, shape, types
from dashboard.flowtly.contract.endpoints import Endpoint, documented, endpoints, fields_of
from dashboard.flowtly.names import Names
from dashboard.flowtly.resources.records import Record

JSON_TYPES = {
    "date-time": {"string"},
    "reference": {"string", "object", "integer"},
    "list": {"array", "object"},
    "object": {"array", "object"},
}


@dataclass(frozen=True)
class Difference:
    """`kind`: `endpoint` (not there), `sent` (a field we send that is not there), `needed` (one that must be sent and
    is not); and for the record only `optional`, `other` (an endpoint we do not use), `given`, `unlisted`, `type`."""

    kind: str
    where: str
    field: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True)
class Comparison:
    address: str
    names: tuple[Name, ...]
    differences: tuple[Difference, ...]
    notes: tuple[Difference, ...]
    endpoints: int
    fields: int

    @property
    def agrees(self) -> bool:
        return not self.differences and all(name.verdict in ("right", "silent") for name in self.names)

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "agrees": self.agrees}


def compare(found: Described, names: Names, base_url: str, config_keys: str | None = None) -> Comparison:
    """`config_keys` is the parameter that a list of configs is asked with; None where it is asked without."""
    assumed = tuple(assumed_names.assumed(found, names, base_url, config_keys))
    right = assumed_names.corrected(names, assumed)
    expected = endpoints(right)
    differences = [each for endpoint in expected for each in _endpoint(found, endpoint)]
    notes = [each for each in differences if each.kind == "optional"] + _notes(found, expected, right)
    sent = {(each.method, each.path, name) for each in expected for name in each.sends}
    return Comparison(
        found.address,
        assumed,
        tuple(each for each in differences if each.kind != "optional"),
        tuple(notes),
        len(expected),
        len(sent),
    )


def _endpoint(found: Described, endpoint: Endpoint) -> list[Difference]:
    where = f"{endpoint.method} {endpoint.path}"
    if not found.has(endpoint.method, endpoint.path):
        return [Difference("optional" if endpoint.optional else "endpoint", where)]
    body = found.body(endpoint.method, endpoint.path)
    if not body:
        return []  # it says nothing of a body, so nothing can be said of its fields
    unknown = [Difference("sent", where, name) for name in endpoint.sends if name not in body]
    if endpoint.method != "POST" or not endpoint.sends:
        return unknown
    needed = found.required(endpoint.method, endpoint.path) - set(endpoint.sends)
    return unknown + [Difference("needed", where, name) for name in sorted(needed)]


def _notes(found: Described, expected: Iterable[Endpoint], names: Names) -> list[Difference]:
    ours = {(each.method, shape(each.path)) for each in expected}
    others = [
        Difference("other", f"{method} {path}")
        for method, path in found.operations
        if (method, shape(path)) not in ours and method != "PUT"
    ]
    return [note for endpoint in _reading(expected) for note in _given(found, endpoint, names)] + others


def _reading(expected: Iterable[Endpoint]) -> list[Endpoint]:
    """One endpoint for each record: where a whole one is read, else its list."""
    best: dict[type[Record], Endpoint] = {}
    for each in expected:
        read = each.gives if each.method == "GET" else None
        if read and read.expected() and (read not in best or (best[read].many and not each.many)):
            best[read] = each
    return list(best.values())


def _given(found: Described, endpoint: Endpoint, names: Names) -> list[Difference]:
    record = endpoint.gives
    answer = found.answer(endpoint.method, endpoint.path)
    if not answer or record is None:
        return []
    known, where = fields_of(record, names), f"{endpoint.method} {endpoint.path}"
    unknown = [name for name in answer if name not in known and name != "id" and not record.open_ended]
    notes = [Difference("given", where, name) for name in unknown]
    notes += [
        Difference("unlisted", where, name)
        for name in sorted(documented(record, names))
        if name not in answer
    ]
    for name in known.keys() & answer.keys():
        said = types(answer[name])
        if known[name] and said and not said & JSON_TYPES.get(known[name], {known[name]}):
            notes.append(Difference("type", where, name, known[name], " or ".join(sorted(said))))
    return notes
