"""One call to the API before it is sent, and what came back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from dashboard.flowtly.errors import BadIdentifier

LD_JSON = "application/ld+json"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
ACCEPT = "application/ld+json, application/json;q=0.8"

_IDENTIFIER = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_.:@~-]{0,127}")

Filters = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Upload:
    """A file to send as multipart. `field` is the part's name, `filename` what the API is told."""

    field: str
    content: bytes
    content_type: str
    filename: str


@dataclass(frozen=True)
class Call:
    """Method, path below the base, and what goes along.

    `expects`: an object, a list, or an object that may as well be missing (writes answer with or without
    a body, API Platform source). `scoped`: it acts on one tenant's data. `renews`: a 401 is worth signing in
    again. `harmless`: it changes nothing although it is a POST.
    """

    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None
    upload: Upload | None = None
    scoped: bool = True
    expects: Literal["object", "list", "maybe object", "anything", "bytes"] = "object"
    accept: str = ACCEPT
    renews: bool = True
    harmless: bool = False

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again when it may have arrived before."""
        return self.harmless or not self.writes

    @property
    def kind(self) -> str:
        """The first segment of the path: calls of one kind share their troubles."""
        return self.path.split("/", 2)[1]


@dataclass(frozen=True)
class Answer:
    """A 2xx answer. `data` is its JSON, None if it had no body, or its bytes where the call expects those;
    `location` the header of that name."""

    status: int
    data: Any
    location: str | None
    request_id: str


def segment(identifier: str, literals: frozenset[str] = frozenset()) -> str:
    """An id, quoted for a path; BadIdentifier if it could lead anywhere but to a record.

    Quoting alone does not do: `..` survives it and is resolved away on the road, and an id such as
    `catalog` is the name of another endpoint of the same collection.
    """
    if not isinstance(identifier, str) or not _IDENTIFIER.fullmatch(identifier):
        raise BadIdentifier
    if identifier in literals:
        raise BadIdentifier("This identifier is the name of another address of the API.")
    return quote(identifier, safe="")


def query(filters: Filters, **more: int | str) -> tuple[tuple[str, str], ...]:
    """Query pairs. A list becomes `name[]` repeated, as PHP reads it."""
    pairs: list[tuple[str, str]] = [(name, str(value)) for name, value in more.items()]
    for name, value in filters.items():
        if isinstance(value, str):
            pairs.append((name, value))
        else:
            pairs += [(name if name.endswith("]") else f"{name}[]", each) for each in value]
    return tuple(pairs)
