"""What a resource is and what a route is: everything else, the document included, is derived from these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.sandbox.fields import Field
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.refusals import Violation

if TYPE_CHECKING:
    from dashboard.sandbox.call import Call

Record = dict[str, Any]


@dataclass(frozen=True)
class Filter:
    variable: str
    field: str
    how: str = "exact"  # exact, partial, flag, reference, parent, search, after, before, order
    collection: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """An exact filter takes several values too, and says so."""
        return (self.variable, f"{self.variable}[]") if self.how == "exact" else (self.variable,)


@dataclass(frozen=True)
class Resource:
    path: str
    type: str
    fields: tuple[Field, ...]
    filters: tuple[Filter, ...] = ()
    shared: bool = False  # kept once for everybody instead of per tenant
    numbered: bool = False  # integer ids
    output: bool = False  # no entity of its own
    listed: tuple[str, ...] = ()  # the few fields of a list item; () is all of them
    parent: str = ""  # the IRI of what it belongs to
    begin: Callable[[Call, Record], Record] | None = None  # what a new record has besides what was sent
    check: Callable[[Call, Record], list[Violation]] | None = None  # rules over more than one field
    complete: Callable[[Call, list[Record], bool], None] | None = None  # computed fields; True in a list
    available: Callable[[Call], bool] | None = None

    @property
    def kind(self) -> str:
        return self.path.strip("/")

    def parent_of(self, record: Record) -> str | None:
        return str(record[self.parent]).rsplit("/", 1)[-1] if self.parent else None

    def documented(self, in_list: bool) -> tuple[Field, ...]:
        if in_list and self.listed:
            return tuple(field for field in self.fields if field.name in self.listed)
        return self.fields


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    act: Callable[[Call], Answer]
    status: int = 200
    returns: Resource | None = None
    many: bool = False
    body: tuple[Field, ...] | None = None
    upload: bool = False
    scoped: bool = True  # needs a tenant
    guarded: bool = True  # needs a token
    refusals: tuple[int, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/")[1:])


def orders(*names: str) -> tuple[Filter, ...]:
    return tuple(Filter(f"order[{name}]", name, "order") for name in names)
