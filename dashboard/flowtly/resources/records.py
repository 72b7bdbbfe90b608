"""Records of the API: they read whatever came: no payload makes them raise, and nothing the API said is lost.

Every field may be absent: API Platform leaves null out (its source), list items are partial. So a missing
field reads None; `said()` tells a field that came from one that did not. A value of an unexpected type reads
None too and stays visible in `other`, with the fields nobody here knows.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any, ClassVar, Self, TypeGuard, TypeVar

from dashboard.flowtly.resources.iris import identifier
from dashboard.flowtly.strict_json import listed, mapped

T = TypeVar("T")


class _Unread(Enum):
    """Stands for a value of a type that a field cannot make sense of."""

    UNREAD = "unread"


_UNREAD = _Unread.UNREAD
_Read = Callable[[object], T | _Unread]
_Readers = dict[str, tuple[tuple[str, ...], _Read[object]]]
_known: dict[type, _Readers] = {}
_UPPER = re.compile(r"_([a-z0-9])")


@dataclass(frozen=True)
class Record:
    """What all records have. `id` is "" if the API gave none; `iri` is its `@id`, as it came, None if that names none.

    `raw` is the answer's object, untouched; `other` the fields of it this class does not show, without
    JSON-LD's own (`@…`).

    `published` is whether the published reference lists the fields: only then is their absence worth a word.
    `open_ended`: whatever comes is shown by itself, so no field is unknown. `codes` are the values that fields of
    a closed list have been seen with. `refers_to` leads from fields that may name another record to the path of its
    collection; those in `iris` are published as IRIs.
    """

    published: ClassVar[bool] = False
    open_ended: ClassVar[bool] = False
    codes: ClassVar[Mapping[str, frozenset[str]]] = {}
    refers_to: ClassVar[Mapping[str, str]] = {}
    iris: ClassVar[frozenset[str]] = frozenset()

    id: str = ""
    iri: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    other: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, data: object) -> Self:
        """A record of whatever this is: an object, an IRI or bare id in its place, or anything else."""
        raw = data if isinstance(data, dict) else _stand_in(data)
        other = {key: raw[key] for key in raw if key != "id" and not key.startswith("@")}
        values: dict[str, Any] = {}
        for name, (api_names, read) in _readers(cls).items():
            api_name = api_names[0]
            value = raw.get(api_name)
            for another in api_names[1:] if value is None else ():
                if (value := raw.get(another)) is not None:
                    api_name = another
                    break
            seen = None if value is None else read(value)
            if seen is not _UNREAD:
                values[name] = seen
                other.pop(api_name, None)
        if raw.get("id") is not None and not _is_identifier(raw["id"]):
            other["id"] = raw["id"]
        return cls(id=_id(raw), iri=_iri(raw.get("@id")), raw=raw, other=other, **values)

    def said(self, api_name: str) -> bool:
        """Whether the answer had this field, under the API's name."""
        return api_name in self.raw

    @classmethod
    def expected(cls) -> Mapping[str, str]:
        """What each field the API may give holds, in words, by its name there; all names where several are known."""
        kinds = {each.name: each.metadata["kind"] for each in fields(cls) if "read" in each.metadata}
        return {
            api_name: kinds[name] for name, (api_names, _) in _readers(cls).items() for api_name in api_names
        }

    @classmethod
    def api_names(cls) -> Mapping[str, str]:
        """The API's name of each attribute; the likeliest, where several are known."""
        return {name: api_names[0] for name, (api_names, _) in _readers(cls).items()}


@dataclass(frozen=True)
class Reference:
    """Another record, named by an IRI, by a bare id or code, or given as an object.

    `id` is the IRI's last segment or the object's id, `label` the best name an object gives ("" if none). An IRI that
    names no record is none.
    """

    iri: str | None
    id: str
    label: str
    raw: Any = field(default=None, repr=False)

    @classmethod
    def read(cls, value: object) -> "Reference | None":
        """None for what names no record."""
        if isinstance(value, dict):
            return cls(_iri(value.get("@id")), _id(value), label(value), value)
        if isinstance(value, str) and "/" in value:
            named = identifier(value)
            return cls(value, named, "", value) if named else None
        if isinstance(value, str) and value:
            return cls(None, value, "", value)
        if _is_integer(value):
            return cls(None, str(value), "", value)
        return None


# Fields. Each reads the API's camelCase of its attribute's name, or the first present of `api_names`.


def text(*api_names: str) -> str | None:
    return _field("string", lambda value: value if isinstance(value, str) else _UNREAD, *api_names)


def flag(*api_names: str) -> bool | None:
    return _field("boolean", lambda value: value if isinstance(value, bool) else _UNREAD, *api_names)


def integer(*api_names: str) -> int | None:
    return _field("integer", _read_integer, *api_names)


def moment() -> datetime | None:
    """A date-time as an aware datetime. Without an offset it is no moment, and stays unread."""
    return _field("date-time", _read_moment)


def stamp(*api_names: str) -> datetime | None:
    """A moment, or seconds since 1970 as Stripe gives them."""
    return _field("date-time", _read_stamp, *api_names)


def reference() -> Reference | None:
    return _field("reference", _read_reference)


def references() -> tuple[Reference, ...] | None:
    """A list of other records, as a tuple; an element that cannot be read is a Reference with only `raw`."""
    return _field("list", _read_references)


def entries() -> tuple[Any, ...] | None:
    """A list of anything, as a tuple."""
    return _field("list", lambda value: _UNREAD if (found := listed(value)) is None else tuple(found))


def mapping() -> dict[str, Any] | None:
    """A map of anything; empty ones come as `[]`."""
    return _field("object", lambda value: _UNREAD if (found := mapped(value)) is None else found)


def anything() -> Any:
    return _field("anything", lambda value: value)


def label(value: Mapping[str, Any]) -> str:
    """The best name an object gives of itself; "" if none."""
    for key in ("fullName", "name", "title", "number"):
        if isinstance(value.get(key), str) and value[key].strip():
            return str(value[key]).strip()
    names = [value.get(key) for key in ("firstName", "lastName")]
    both = " ".join(name.strip() for name in names if isinstance(name, str) and name.strip())
    email = value.get("email")
    return both or (email.strip() if isinstance(email, str) else "")


def parse_moment(value: object) -> datetime | None:
    """A date-time with its offset, as the API writes one; None for anything else."""
    try:
        seen = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # At the ends of the calendar there are zones that cannot show it.
    return seen if seen and seen.tzinfo and 2 <= seen.year <= 9998 else None


def _field(kind: str, read: _Read[T], *api_names: str) -> T | None:
    return field(default=None, metadata={"read": read, "names": api_names, "kind": kind})


def _readers(cls: type[Record]) -> _Readers:
    if cls not in _known:
        _known[cls] = {
            each.name: (each.metadata["names"] or (_camel(each.name),), each.metadata["read"])
            for each in fields(cls)
            if "read" in each.metadata
        }
    return _known[cls]


def _camel(name: str) -> str:
    return _UPPER.sub(lambda letter: letter[1].upper(), name)


def _stand_in(data: object) -> dict[str, Any]:
    if isinstance(data, str) and "/" in data:
        return {"@id": data}
    return {"id": data} if isinstance(data, str) or _is_integer(data) else {}


def _id(raw: Mapping[str, Any]) -> str:
    value, iri = raw.get("id"), raw.get("@id")
    if _is_identifier(value):
        return str(value)
    return identifier(iri) if isinstance(iri, str) else ""


def _iri(value: object) -> str | None:
    return value if isinstance(value, str) and identifier(value) else None


def _is_identifier(value: object) -> bool:
    return _is_integer(value) or (isinstance(value, str) and value != "")


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _read_integer(value: object) -> int | _Unread:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if _is_integer(value) else _UNREAD


def _read_moment(value: object) -> datetime | _Unread:
    return parse_moment(value) or _UNREAD


def _read_stamp(value: object) -> datetime | _Unread:
    if not _is_integer(value):
        return _read_moment(value)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return _UNREAD


def _read_reference(value: object) -> Reference | _Unread | None:
    found = Reference.read(value)
    # An IRI that names no record says nothing; whatever else is no reference is shown as it came.
    return found if found or (isinstance(value, str) and "/" in value) else _UNREAD


def _read_references(value: object) -> tuple[Reference, ...] | _Unread:
    found = listed(value)
    if found is None:
        return _UNREAD
    return tuple(Reference.read(each) or Reference(None, "", "", each) for each in found)
