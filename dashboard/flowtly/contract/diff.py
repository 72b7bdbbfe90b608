"""What the API's own OpenAPI document says, held against what this client expects.

Nothing is guessed in silence: a name that the document has is right, one that it has another for is a difference,
and where several could be meant, or the document does not say, that is told as such.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from dashboard.flowtly.contract.endpoints import Endpoint, documented, endpoints, fields_of
from dashboard.flowtly.contract.openapi import Described
from dashboard.flowtly.names import Names
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.records import Record

# What any request may bear, and what a list takes besides its filters.
COMMON_HEADERS = {"accept", "accept-language", "authorization", "content-type", "if-match", "x-request-id"}
PAGING = {"page", "itemsPerPage", "pagination", "partial"}
PICTURES = {"logoUrl", "iconUrl"}
OF_A_CONFIG = {"id", "key", "name", "code", "label", "description", "type", "createdAt", "updatedAt"}
JSON_TYPES = {
    "date-time": {"string"},
    "reference": {"string", "object", "integer"},
    "list": {"array", "object"},
    "object": {"array", "object"},
}


@dataclass(frozen=True)
class Name:
    """A name that is only assumed. `has` is what is set, `should` what the document has in its place: nothing where
    it does not say, several where any of them may be meant. `setting` is a field of `Names`, or `base_url`."""

    setting: str
    where: str
    has: str
    should: tuple[str, ...]
    verdict: str  # right, wrong, unsure (any of several), silent (the document does not say)


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
    assumed = (*_names(found, names, base_url), *_config_keys(found, config_keys))
    right = _corrected(names, assumed)
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


# --- the names that are only assumed ---


def _names(found: Described, names: Names, base_url: str) -> Iterable[Name]:
    yield _base(found, base_url)
    yield _login(found, names)
    yield _tenant_header(found, names)
    yield _one_of(
        "tenant_field", "GET /organizations", names.tenant_field, *_candidates_for_tenant(found, names)
    )
    yield _sent(
        "coupon_field", found, "POST", "/subscriptions/apply-coupon", names.coupon_field, r"coupon|code"
    )
    yield _sent("upload_field", found, "POST", "/organizations/logo", names.upload_field, r"file|image|logo")
    yield _search(found, names)
    yield _enroll(found, names)
    yield _footer(found, names)
    yield _config_value(found, names)


def _base(found: Described, base_url: str) -> Name:
    parts = urlsplit(base_url)
    should = urlunsplit((parts.scheme, parts.netloc, found.base, "", ""))
    right = parts.path.rstrip("/") == found.base
    return Name("base_url", "", base_url, () if right else (should,), "right" if right else "wrong")


def _login(found: Described, names: Names) -> Name:
    if found.operation("POST", names.login_path):
        return Name("login_path", "", names.login_path, (), "right")
    entrances = [
        path
        for method, path in found.operations
        if method == "POST" and "{" not in path and _signs_in(found, found.operation(method, path) or {})
    ]
    return _verdict("login_path", "", names.login_path, entrances)


def _signs_in(found: Described, operation: Mapping[str, Any]) -> bool:
    asked = set(found.body(operation))
    return (
        "password" in asked
        and len(asked) <= 4
        and ("token" in found.answer(operation) or "username" in asked)
    )


def _tenant_header(found: Described, names: Names) -> Name:
    counted: dict[str, int] = {}
    scoped = 0
    for endpoint in endpoints(names):
        operation = found.operation(endpoint.method, endpoint.path) if endpoint.scoped else None
        if operation is None:
            continue
        scoped += 1
        for name in found.parameters(operation, "header"):
            counted[name] = counted.get(name, 0) + (name.lower() not in COMMON_HEADERS)
    usual = [name for name, count in counted.items() if count > scoped / 2]
    has = names.tenant_header
    if has.lower() in {name.lower() for name in usual}:
        return Name("tenant_header", "", has, (), "right")
    return _verdict("tenant_header", "", has, usual)


def _candidates_for_tenant(found: Described, names: Names) -> tuple[set[str], list[str]]:
    listed = _answer(found, "GET", "/organizations")
    item = _answer(found, "GET", "/organizations/{id}")
    unknown = [name for name in {**listed, **item} if name not in Organization.expected()]
    there = set(listed) | set(item)
    fit = [
        name
        for name in unknown
        if name not in PICTURES and name != "id" and _is_text({**item, **listed}[name])
    ]
    # The list is where it was seen; a field of the item alone is the second choice.
    return there, [name for name in fit if name in listed] or fit


def _search(found: Described, names: Names) -> Name:
    where = "GET /clients/search"
    operation = found.operation("GET", "/clients/search") or {}
    listing = found.operation("GET", "/clients") or {}
    asked = set(found.parameters(operation, "query"))
    own = asked - set(found.parameters(listing, "query")) - PAGING
    plain = sorted(name for name in own or asked - PAGING if "[" not in name)
    return _one_of("search_parameter", where, names.search_parameter, asked, plain)


def _enroll(found: Described, names: Names) -> Name:
    where = "POST /integrations/google-workspace/enroll"
    body = _body(found, "POST", "/integrations/google-workspace/enroll")
    has = ",".join(names.enroll_fields)
    tenants: list[str] = []
    clients: list[str] = []
    if not body or set(names.enroll_fields) <= set(body):
        return Name("enroll_fields", where, has, (), "right" if body else "silent")
    for name in body:
        is_client = re.search(r"client|app", name, re.I) and not re.search(
            r"tenant|domain|customer", name, re.I
        )
        (clients if is_client else tenants).append(name)
    pairs = [f"{tenant},{client}" for tenant in tenants for client in clients]
    return _verdict("enroll_fields", where, has, pairs or [",".join(body)])


def _footer(found: Described, names: Names) -> Name:
    """Left empty it finds the fields by itself: those that an organization itself has not."""
    where = "PATCH /organizations/mail-footer"
    body = _body(found, "PATCH", "/organizations/mail-footer")
    own = [name for name in body if name not in {"id", *Organization.expected(), names.tenant_field}]
    has = ",".join(names.footer_fields)
    if set(names.footer_fields) <= set(body):
        return Name("footer_fields", where, has, tuple(own), "right" if body else "silent")
    return _verdict("footer_fields", where, has, [",".join(own)] if own else [])


def _config_value(found: Described, names: Names) -> Name:
    body = _body(found, "PATCH", "/configs/{id}") or _answer(found, "GET", "/configs/{id}")
    other = [name for name in body if name not in OF_A_CONFIG]
    likely = [name for name in other if re.search(r"value|content|data", name, re.I)]
    where = "PATCH /configs/{id}"
    return _one_of("config_value_field", where, names.config_value_field, set(body), likely or other)


def _config_keys(found: Described, has: str | None) -> list[Name]:
    """Only where keys are sent, or have to be."""
    asked = found.parameters(found.operation("GET", "/configs") or {}, "query")
    needed = [name for name, each in asked.items() if each.get("required") is True and name not in PAGING]
    if has is None:
        return [_verdict("config_keys", "GET /configs", "", needed)] if needed else []
    plain = {name.removesuffix("[]") for name in asked}
    likely = [name for name in asked if re.search(r"key|ids?\b|code", name, re.I)]
    right = {has} if has.removesuffix("[]") in plain else set()
    return [_one_of("config_keys", "GET /configs", has, right, needed or likely)]


def _sent(setting: str, found: Described, method: str, path: str, has: str, likely: str) -> Name:
    body = _body(found, method, path)
    fit = [name for name in body if re.search(likely, name, re.I)]
    return _one_of(setting, f"{method} {path}", has, set(body), fit or list(body))


def _one_of(setting: str, where: str, has: str, there: set[str], likely: list[str]) -> Name:
    return Name(setting, where, has, (), "right") if has in there else _verdict(setting, where, has, likely)


def _verdict(setting: str, where: str, has: str, likely: list[str]) -> Name:
    verdict = "silent" if not likely else "wrong" if len(likely) == 1 else "unsure"
    return Name(setting, where, has, tuple(likely), verdict)


def _corrected(names: Names, assumed: Iterable[Name]) -> Names:
    """The names as they should be: a wrong one is told once, and not again wherever it is used."""
    for each in assumed:
        if each.verdict != "wrong" or each.setting in ("base_url", "config_keys"):
            continue
        value: Any = each.should[0]
        if each.setting in ("enroll_fields", "footer_fields"):
            value = tuple(value.split(","))
            if each.setting == "enroll_fields" and len(value) != 2:
                continue
        names = replace(names, **{each.setting: value})
    return names


# --- endpoints and their fields ---


def _endpoint(found: Described, endpoint: Endpoint) -> list[Difference]:
    where = f"{endpoint.method} {endpoint.path}"
    operation = found.operation(endpoint.method, endpoint.path)
    if operation is None:
        return [Difference("optional" if endpoint.optional else "endpoint", where)]
    body = found.body(operation)
    if not body:
        return []  # it says nothing of a body, so nothing can be said of its fields
    unknown = [Difference("sent", where, name) for name in endpoint.sends if name not in body]
    if endpoint.method != "POST" or not endpoint.sends:
        return unknown
    needed = found.required(operation) - set(endpoint.sends)
    return unknown + [Difference("needed", where, name) for name in sorted(needed)]


def _notes(found: Described, expected: Iterable[Endpoint], names: Names) -> list[Difference]:
    ours = {(each.method, _shape(each.path)) for each in expected}
    others = [
        Difference("other", f"{method} {path}")
        for method, path in found.operations
        if (method, _shape(path)) not in ours and method != "PUT"
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
    answer = _answer(found, endpoint.method, endpoint.path)
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
        types = _types(answer[name])
        if known[name] and types and not types & JSON_TYPES.get(known[name], {known[name]}):
            notes.append(Difference("type", where, name, known[name], " or ".join(sorted(types))))
    return notes


def _types(schema: Mapping[str, Any]) -> set[str]:
    """JSON's types that a schema allows, but for null; none where it does not say."""
    given = schema.get("type")
    types = {given} if isinstance(given, str) else set(given) if isinstance(given, list) else set()
    return {str(each) for each in types} - {"null"}


def _is_text(schema: Mapping[str, Any]) -> bool:
    return _types(schema) <= {"string", "integer"}


def _shape(path: str) -> str:
    return re.sub(r"\{[^/]*\}", "{}", path.rstrip("/"))


def _body(found: Described, method: str, path: str) -> dict[str, Mapping[str, Any]]:
    return found.body(found.operation(method, path) or {})


def _answer(found: Described, method: str, path: str) -> dict[str, Mapping[str, Any]]:
    return found.answer(found.operation(method, path) or {})
