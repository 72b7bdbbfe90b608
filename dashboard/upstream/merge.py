"""Three ways: what the form was drawn from, what the record holds now, and what somebody typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.flowtly.resources.records import Reference, parse_moment

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Clash:
    """A field that two people changed, to different values."""

    name: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Merged:
    """`changes` is what to send: nothing that others changed is in it unless this person said so."""

    changes: dict[str, Any] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


def merge(
    base: Mapping[str, Any],
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    resolved: Mapping[str, str] | None = None,
    clashed: Mapping[str, Any] | None = None,
) -> Merged:
    """`mine` holds the fields this person touched, as the API would have them; null and absent are the same.

    `clashed` are the fields that were shown as clashing before, with the value they were first drawn from: they
    need a decision in `resolved`, and a decision counts only for the value that was shown.
    """
    resolved, clashed = resolved or {}, clashed or {}
    changes: dict[str, Any] = {}
    clashes: list[Clash] = []
    for name in [*mine, *(name for name in clashed if name not in mine)]:
        now, then = theirs.get(name), base.get(name)
        wanted = mine.get(name, then)
        if resolved.get(name) == THEIRS and name in clashed and same(now, then):
            continue
        if same(wanted, now):
            continue
        if same(now, then) and (name not in clashed or resolved.get(name) == MINE):
            changes[name] = wanted
        else:
            clashes.append(Clash(name, clashed.get(name, then), now, wanted))
    return Merged(changes, clashes)


def same(one: object, other: object) -> bool:
    """Equal as JSON has it: 1 and 1.0 are one number, and true is none, though Python takes it for 1."""
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def same_meaning(one: object, other: object) -> bool:
    """Whether an API that spells in its own way says the same: an equal value, the same moment at another offset, the
    same record by IRI, by id or embedded, or nothing at all as null, "" or an empty list."""
    if same(one, other) or (_is_nothing(one) and _is_nothing(other)):
        return True
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_meaning, one, other))
    moment = parse_moment(one)
    if moment is not None and moment == parse_moment(other):
        return True
    embedded = isinstance(one, dict) is not isinstance(other, dict)
    return (embedded or _is_iri(one) or _is_iri(other)) and _record(one) == _record(other) != ""


def _is_nothing(value: object) -> bool:
    return value is None or value in ("", [], {})


def _record(value: object) -> str:
    """The id of the record that a value could name."""
    named = Reference.read(value)
    return named.id if named else ""


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/")
