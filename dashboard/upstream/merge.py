"""Three ways: what the form was drawn from, what the record holds now, and what somebody typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
