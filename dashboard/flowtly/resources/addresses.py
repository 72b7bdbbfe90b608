"""Postal addresses of organizations (published reference: list, create, read, patch, delete)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from dashboard.flowtly.resources.base import Creates, Deletes, Gets, Lists, Updates
from dashboard.flowtly.resources.records import Record, Reference, reference, text


@dataclass(frozen=True)
class Address(Record):
    """`country` may come as a code or an IRI; a create needs what a letter needs (both assumed)."""

    codes: ClassVar[Mapping[str, frozenset[str]]] = {
        "type": frozenset({"registered", "billing", "correspondence"}),
    }

    published: ClassVar[bool] = True
    refers_to: ClassVar[Mapping[str, str]] = {"country": "/countries", "tinCountry": "/countries"}

    organization: Reference | None = reference()
    type: str | None = text()
    name: str | None = text()
    street: str | None = text()
    city: str | None = text()
    post_code: str | None = text()
    country: Reference | None = reference()
    email: str | None = text()
    tin: str | None = text()
    tin_country: Reference | None = reference()


class Addresses(Lists[Address], Gets[Address], Creates[Address], Updates[Address], Deletes[Address]):
    path = "/organization-addresses"
    writes = ("type", "name", "street", "city", "postCode", "country", "email", "tin", "tinCountry")
    record = Address
