"""Endpoints: every one that this client calls, the fields it sends, and what it reads.

What can be done with a collection is read off the client's own resources; the rest stands in a table. Endpoints and
fields come from the API's published reference; those marked `optional` are in none of its pages at hand, and their
absence is lived with. Names that an installation may set are taken from `Names`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from dashboard.flowtly.client import Flowtly
from dashboard.flowtly.names import Names
from dashboard.flowtly.resources.base import Creates, Deletes, Gets, Lists, Resource, Updates
from dashboard.flowtly.resources.clients import Client, Document
from dashboard.flowtly.resources.configs import Config
from dashboard.flowtly.resources.employees import Employee
from dashboard.flowtly.resources.integrations import Requirements, Status
from dashboard.flowtly.resources.organizations import MailFooter, Organization
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.subscriptions import Invoice, Product, Subscription


@dataclass(frozen=True)
class Endpoint:
    """`sends` are the fields of its body, `gives` the record that its answer holds, one or a list of them.
    `scoped`: it bears the tenant header."""

    method: str
    path: str
    sends: tuple[str, ...] = ()
    gives: type[Record] | None = None
    many: bool = False
    scoped: bool = True
    optional: bool = False


def endpoints(names: Names) -> tuple[Endpoint, ...]:
    return (*(each for resource in _resources() for each in _of(resource, names)), *_others(names))


def _resources() -> list[type[Resource[Any]]]:
    """Every collection that the client hands out."""
    made = [each.func for each in vars(Flowtly).values() if isinstance(each, cached_property)]
    return [each for each in made if isinstance(each, type) and issubclass(each, Resource)]


def _of(resource: type[Resource[Any]], names: Names) -> Iterator[Endpoint]:
    record, path, one = resource.record, resource.path, f"{resource.path}/{{id}}"
    optional, open_to_all = resource.optional, resource.open_to_all
    writes = (names.config_value_field,) if record is Config else resource.writes or tuple(record.expected())
    if issubclass(resource, Lists):
        yield Endpoint("GET", path, (), record, True, "list" not in open_to_all, optional)
    if issubclass(resource, Creates):
        sent = resource.creates or writes
        yield Endpoint("POST", path, sent, record, False, "create" not in open_to_all, optional)
    if issubclass(resource, Gets):
        yield Endpoint("GET", one, (), record, False, "get" not in open_to_all, optional)
    if issubclass(resource, Updates):
        yield Endpoint("PATCH", one, writes, record, optional=optional)
    if issubclass(resource, Deletes):
        yield Endpoint("DELETE", one, optional=optional)


def _others(names: Names) -> tuple[Endpoint, ...]:
    """What is no plain operation on a collection."""
    one, enroll = Endpoint, names.enroll_fields
    return (
        one("POST", names.login_path, ("username", "password"), scoped=False),
        one("POST", "/organizations/clear"),
        one("POST", "/organizations/icon", (names.upload_field,)),
        one("POST", "/organizations/logo", (names.upload_field,)),
        one("GET", "/organizations/mail-footer", gives=MailFooter),
        one("PATCH", "/organizations/mail-footer", names.footer_fields, MailFooter),
        one("GET", "/integrations/google-workspace", gives=Status),
        one("GET", "/integrations/google-workspace/requirements", gives=Requirements),
        one("POST", "/integrations/google-workspace/enroll", enroll, Status),
        one("GET", "/integrations/microsoft-teams", gives=Status),
        one("GET", "/integrations/microsoft-teams/requirements", gives=Requirements),
        one("POST", "/integrations/microsoft-teams/enroll", enroll, Status),
        one("GET", "/integrations/kontomatik", gives=Status),
        one("POST", "/integrations/kontomatik/setup", gives=Status),
        one("POST", "/integrations/kontomatik/pull", gives=Status),
        one("POST", "/integrations/kontomatik/revoke", gives=Status),
        one("GET", "/subscriptions/{id}/invoices", gives=Invoice, many=True),
        one("POST", "/subscriptions/{id}/cancel", gives=Subscription),
        one("POST", "/subscriptions/apply-coupon", (names.coupon_field,), Subscription),
        one("POST", "/subscriptions/clear-coupon", gives=Subscription),
        one("GET", "/subscriptions/catalog", gives=Product, many=True),
        one("GET", "/clients/search", gives=Client, many=True),
        one("GET", "/clients/{id}/documents", gives=Document, many=True),
        one("GET", "/employees/search", gives=Employee, many=True, optional=True),
    )


def template(method: str, path: str) -> str | None:
    """The path of the endpoint that a call goes to, `{id}` for its id; None for one that is not expected."""
    for pattern, found in _patterns(method):
        if pattern.fullmatch(path):
            return found
    return None


@cache
def _patterns(method: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those without an id first: `/clients/search` is no client."""
    paths = sorted(
        {each.path for each in endpoints(Names()) if each.method == method}, key=lambda p: "{" in p
    )
    return tuple((re.compile(re.escape(path).replace(r"\{id\}", "[^/]+")), path) for path in paths)


def fields_of(record: type[Record], names: Names) -> Mapping[str, str]:
    """The API's names of a record's fields, with JSON's word for what each holds ("" for anything): what the class
    reads, and what a setting names."""
    named = {Organization: {names.tenant_field: ""}, Config: {names.config_value_field: ""}}
    return {**record.expected(), **named.get(record, {})}


def documented(record: type[Record], names: Names) -> frozenset[str]:
    """The fields that the published reference lists for a record; `instance` was seen in a live list only, so it
    counts where a setting relies on it."""
    if not record.published:
        return frozenset({names.config_value_field}) if record is Config else frozenset()
    return frozenset(fields_of(record, names)) - ({"instance"} - {names.tenant_field})
