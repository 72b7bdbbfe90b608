"""Assumed names: what a setting calls something, held against what the API's own document calls it.

Nothing is guessed in silence: a name that the document has is right, one that it has another for is wrong, and where
several could be meant, or the document does not say, that is told as such.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from dashboard.flowtly.contract.document import Described, types
from dashboard.flowtly.contract.endpoints import endpoints
from dashboard.flowtly.names import Names
from dashboard.flowtly.resources.organizations import Organization

# What any request may bear, and what a list takes besides its filters.
COMMON_HEADERS = {"accept", "accept-language", "authorization", "content-type", "if-match", "x-request-id"}
PAGING = {"page", "itemsPerPage", "pagination", "partial"}
PICTURES = {"logoUrl", "iconUrl"}
OF_A_CONFIG = {"id", "key", "name", "code", "label", "description", "type", "createdAt", "updatedAt"}


@dataclass(frozen=True)
class Name:
    """A name that is only assumed. `has` is what is set, `should` what the document has in its place: nothing where
    it does not say, several where any of them may be meant. `setting` is a field of `Names`, or `base_url`."""

    setting: str
    where: str
    has: str
    should: tuple[str, ...]
    verdict: str  # right, wrong, unsure (any of several), silent (the document does not say)


def assumed(found: Described, names: Names, base_url: str, config_keys: str | None) -> Iterator[Name]:
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
    yield from _config_keys(found, config_keys)


def _base(found: Described, base_url: str) -> Name:
    parts = urlsplit(base_url)
    should = urlunsplit((parts.scheme, parts.netloc, found.base, "", ""))
    right = parts.path.rstrip("/") == found.base
    return Name("base_url", "", base_url, () if right else (should,), "right" if right else "wrong")


def _login(found: Described, names: Names) -> Name:
    if found.has("POST", names.login_path):
        return Name("login_path", "", names.login_path, (), "right")
    entrances = [
        path
        for method, path in found.operations
        if method == "POST" and "{" not in path and _signs_in(found, path)
    ]
    return _verdict("login_path", "", names.login_path, entrances)


def _signs_in(found: Described, path: str) -> bool:
    asked = found.body("POST", path)
    told = "username" in asked or "token" in found.answer("POST", path)
    return "password" in asked and len(asked) <= 4 and told


def _tenant_header(found: Described, names: Names) -> Name:
    """The one that most operations of a tenant take."""
    scoped = [each for each in endpoints(names) if each.scoped and found.has(each.method, each.path)]
    counted = Counter(name for each in scoped for name in found.parameters(each.method, each.path, "header"))
    usual = [
        name
        for name, count in counted.items()
        if count > len(scoped) / 2 and name.lower() not in COMMON_HEADERS
    ]
    has = names.tenant_header
    if has.lower() in {name.lower() for name in usual}:
        return Name("tenant_header", "", has, (), "right")
    return _verdict("tenant_header", "", has, usual)


def _candidates_for_tenant(found: Described, names: Names) -> tuple[set[str], list[str]]:
    listed = found.answer("GET", "/organizations")
    item = found.answer("GET", "/organizations/{id}")
    unknown = [name for name in {**listed, **item} if name not in Organization.expected()]
    there = set(listed) | set(item)
    fit = [
        name
        for name in unknown
        if name not in {"id", *PICTURES} and types({**item, **listed}[name]) <= {"string", "integer"}
    ]
    # The list is where it was seen; a field of the item alone is the second choice.
    return there, [name for name in fit if name in listed] or fit


def _search(found: Described, names: Names) -> Name:
    where = "GET /clients/search"
    asked = set(found.parameters("GET", "/clients/search", "query"))
    own = asked - set(found.parameters("GET", "/clients", "query")) - PAGING
    plain = sorted(name for name in own or asked - PAGING if "[" not in name)
    return _one_of("search_parameter", where, names.search_parameter, asked, plain)


def _enroll(found: Described, names: Names) -> Name:
    where = "POST /integrations/google-workspace/enroll"
    body = found.body("POST", "/integrations/google-workspace/enroll")
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
    body = found.body("PATCH", "/organizations/mail-footer")
    own = [name for name in body if name not in {"id", *Organization.expected(), names.tenant_field}]
    has = ",".join(names.footer_fields)
    if set(names.footer_fields) <= set(body):
        return Name("footer_fields", where, has, tuple(own), "right" if body else "silent")
    return _verdict("footer_fields", where, has, [",".join(own)] if own else [])


def _config_value(found: Described, names: Names) -> Name:
    body = found.body("PATCH", "/configs/{id}") or found.answer("GET", "/configs/{id}")
    other = [name for name in body if name not in OF_A_CONFIG]
    likely = [name for name in other if re.search(r"value|content|data", name, re.I)]
    where = "PATCH /configs/{id}"
    return _one_of("config_value_field", where, names.config_value_field, set(body), likely or other)


def _config_keys(found: Described, has: str | None) -> list[Name]:
    """Only where keys are sent, or have to be."""
    asked = found.parameters("GET", "/configs", "query")
    needed = [name for name, each in asked.items() if each.get("required") is True and name not in PAGING]
    if has is None:
        return [_verdict("config_keys", "GET /configs", "", needed)] if needed else []
    plain = {name.removesuffix("[]") for name in asked}
    likely = [name for name in asked if re.search(r"key|ids?\b|code", name, re.I)]
    right = {has} if has.removesuffix("[]") in plain else set()
    return [_one_of("config_keys", "GET /configs", has, right, needed or likely)]


def _sent(setting: str, found: Described, method: str, path: str, has: str, likely: str) -> Name:
    body = found.body(method, path)
    fit = [name for name in body if re.search(likely, name, re.I)]
    return _one_of(setting, f"{method} {path}", has, set(body), fit or list(body))


def _one_of(setting: str, where: str, has: str, there: set[str], likely: list[str]) -> Name:
    return Name(setting, where, has, (), "right") if has in there else _verdict(setting, where, has, likely)


def _verdict(setting: str, where: str, has: str, likely: list[str]) -> Name:
    verdict = "silent" if not likely else "wrong" if len(likely) == 1 else "unsure"
    return Name(setting, where, has, tuple(likely), verdict)


def corrected(names: Names, found: Iterable[Name]) -> Names:
    """The names as they should be: a wrong one is told once, and not again wherever it is used."""
    for each in found:
        if each.verdict != "wrong" or each.setting in ("base_url", "config_keys"):
            continue
        right: Any = each.should[0]
        if each.setting in ("enroll_fields", "footer_fields"):
            right = tuple(right.split(","))
        if each.setting != "enroll_fields" or len(right) == 2:
            names = replace(names, **{each.setting: right})
    return names
