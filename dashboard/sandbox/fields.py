"""Fields as declarations: what type they take, how a wrong one is refused, what the document says of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dashboard.sandbox.refusals import Refusal, Violation, invalid
from dashboard.sandbox.rules import Rule
from dashboard.sandbox.sql import Record

PHP_TYPES = {str: "string", bool: "boolean", int: "integer", float: "double", list: "array", dict: "array"}
DECLARED = {"string": "string", "country": "string", "int": "int", "bool": "bool", "array": "array"}
JSON_TYPES = {
    **dict.fromkeys(("string", "country", "date", "iri"), "string"),
    "int": "integer",
    "bool": "boolean",
    "array": "array",
    "object": "object",
}


BLANK = ("This value should not be blank.", "c1051bb4-d103-4f74-8988-acbcafc7fdc3")
NULL = ("This value should not be null.", "ad32d13f-c3d4-423b-909a-857b961eab1f")


@dataclass(frozen=True)
class Field:
    name: str
    kind: str = "string"
    nullable: bool = False
    required: bool = False  # refused with 422 where it is missing or blank
    constructed: bool = False  # refused with 400 where the key is missing: a constructor's argument
    writable: bool = True
    collection: str = ""  # where an IRI must lead
    rules: tuple[Rule, ...] = ()


def read_only(*names: str, kind: str = "string", nullable: bool = False) -> tuple[Field, ...]:
    return tuple(Field(name, kind, nullable=nullable, writable=False) for name in names)


# Reading what was sent


@dataclass(frozen=True)
class Reading:
    """What a value may refer to: which IRIs exist, how this server spells them, and whose clock it goes by."""

    exists: Callable[[str, str], bool]
    prefix: str
    by_iri: Callable[[str], bool]  # of a country
    as_violations: bool  # a value of another type is one
    zone: str = ""


def written(fields: tuple[Field, ...], data: Record, reading: Reading) -> Record:
    """The fields that may be written, typed strictly; anything else in the body is ignored."""
    return {
        field.name: _read(field, data[field.name], reading)
        for field in fields
        if field.writable and field.name in data
    }


def _read(field: Field, value: object, reading: Reading) -> object:
    try:
        return _typed(field, value, reading)
    except Refusal as refusal:
        if not reading.as_violations:
            raise
        message = f"This value should be of type {DECLARED.get(field.kind, 'iri')}."
        code = "ba785a8c-82cb-4283-967c-3cf342181b40"
        raise invalid([Violation(field.name, message, code, refusal.detail)]) from None


def require_constructor(fields: tuple[Field, ...], data: Record, type_name: str) -> None:
    missing = [f'"${field.name}"' for field in fields if field.constructed and field.name not in data]
    if missing:
        raise Refusal(
            400,
            f'Cannot create an instance of "App\\Entity\\{type_name}" from serialized data because its '
            f"constructor requires the following parameters to be present : {', '.join(missing)}.",
        )


def violations(fields: tuple[Field, ...], record: Record, names: set[str] | None = None) -> list[Violation]:
    """What is wrong with the record; with names, only those fields are looked at."""
    found = []
    for field in fields:
        if field.writable and (names is None or field.name in names):
            found += _violations_of(field, record.get(field.name))
    return found


def _violations_of(field: Field, value: object) -> list[Violation]:
    if field.required and (value is None or (isinstance(value, str) and not value.strip())):
        return [Violation(field.name, *(BLANK if _texts(field) else NULL))]
    if value is None:
        return []
    return [Violation(field.name, rule.message, rule.code) for rule in field.rules if not rule.holds(value)]


def _texts(field: Field) -> bool:
    return field.kind in ("string", "country")


def _typed(field: Field, value: object, reading: Reading) -> object:
    if field.kind == "any":
        return value
    if value is None:
        _check_nullable(field)
        return None
    if field.kind == "date":
        return moment(value, reading.zone)
    if field.kind == "iri" or (field.kind == "country" and reading.by_iri(field.name)):
        return _reference(field, value, reading)
    if not _is(field.kind, value):
        raise wrong_type(field.name, DECLARED[field.kind], value)
    return value


def _check_nullable(field: Field) -> None:
    if field.nullable:
        return
    if field.kind == "iri":
        raise Refusal(400, f'Expected IRI or nested document for attribute "{field.name}", "NULL" given.')
    raise wrong_type(field.name, DECLARED.get(field.kind, "DateTimeInterface"), None)


def _is(kind: str, value: object) -> bool:
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    expected: dict[str, type | tuple[type, ...]] = {"bool": bool, "array": list}
    return isinstance(value, expected.get(kind, str))


def wrong_type(name: str, expected: str, value: object) -> Refusal:
    given = "NULL" if value is None else PHP_TYPES[type(value)]
    return Refusal(400, f'The type of the "{name}" attribute must be "{expected}", "{given}" given.')


def _reference(field: Field, value: object, reading: Reading) -> str:
    if not isinstance(value, str):
        given = PHP_TYPES[type(value)]
        wanted = '"array" (nested document) or "string" (IRI)'
        raise Refusal(400, f'The type of the "{field.name}" attribute must be {wanted}, "{given}" given.')
    collection = "countries" if field.kind == "country" else field.collection
    plain = value.removeprefix(reading.prefix) if reading.prefix else value
    match = re.fullmatch(rf"/{collection or '[a-z-]+'}/([^/?#\s]+)", plain)
    if match is None:
        raise Refusal(400, f'Invalid IRI "{value}".')
    if collection and not reading.exists(collection, match.group(1)):
        raise Refusal(400, f'Item not found for "{value}".')
    return match.group(1) if field.kind == "country" else plain


def moment(value: object, zone: str = "") -> str:
    """A time in UTC, the way the API keeps it; text without an offset is taken as UTC. With a zone its clock
    counts, and no offset that was sent."""
    if not isinstance(value, str) or not value.strip():
        raise Refusal(
            400,
            "The data is either not an string, an empty string, or null; you should pass a string that can "
            "be parsed with the passed format or a valid DateTime string.",
        )
    found = moment_or_none(value, zone)
    if found is None:
        raise Refusal(400, f"Failed to parse time string ({value[:40]}): Unexpected character")
    return found


def moment_or_none(value: str, zone: str = "") -> str | None:
    try:
        parsed = datetime.fromisoformat(value.strip())
        if zone or parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=ZoneInfo(zone or "UTC"))
        return parsed.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return None


# What the OpenAPI document says


def schema(field: Field, by_iri: bool = False) -> Record:
    if field.kind == "any":
        return {}
    json_type = JSON_TYPES[field.kind]
    found: Record = {"type": [json_type, "null"] if field.nullable else json_type}
    if field.kind == "date":
        found["format"] = "date-time"
    if field.kind == "iri" or (field.kind == "country" and by_iri):
        found["format"] = "iri-reference"
    if field.kind == "array":
        found["items"] = {}
    for rule in field.rules:
        found |= dict(rule.schema)
    return found
