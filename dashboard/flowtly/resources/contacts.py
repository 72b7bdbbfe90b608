"""Contacts of clients (not in the published reference pages at hand: list, create, read, patch, delete)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from dashboard.flowtly.resources.base import Creates, Deletes, Gets, Lists, Updates
from dashboard.flowtly.resources.records import Record, Reference, integer, reference, text


@dataclass(frozen=True)
class Contact(Record):
    """Creating one needs type, e-mail and name. The whole collection may be missing: 404."""

    codes: ClassVar[Mapping[str, frozenset[str]]] = {
        "type": frozenset({"billing", "general", "management"}),
    }

    published: ClassVar[bool] = True
    refers_to: ClassVar[Mapping[str, str]] = {"client": "/clients"}
    iris: ClassVar[frozenset[str]] = frozenset({"client"})

    client: Reference | None = reference()
    type: str | None = text()
    position: int | None = integer()
    email: str | None = text()
    name: str | None = text()
    title: str | None = text()


class Contacts(Lists[Contact], Gets[Contact], Creates[Contact], Updates[Contact], Deletes[Contact]):
    path = "/client-contacts"
    writes = ("type", "position", "email", "name", "title")
    creates = ("client", *writes)
    optional = True
    record = Contact
