"""Results of a write: what it came to, as the form and the page tell it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from dashboard.audit.models import Outcome
from dashboard.audit.trail import Trail
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.upstream.merge import Clash
from dashboard.web.coded_text import drawn, kept
from dashboard.web.error_messages import Problem

R = TypeVar("R", bound=Record)
Raw: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Write:
    """What is to be written: whose, about what, by whom, and under which operation it is done once.

    `posted` tells what was typed from anything else, without keeping it. `secret` fields are kept nowhere, and the
    texts in `unsaid` are masked in whatever Flowtly says. `labels` and `words` tell fields and values to a person.
    """

    trail: Trail
    operation: str
    posted: str
    person: int
    request_id: str
    entity: str
    organization: str
    reason: str = ""
    record: str = ""
    name: str = ""
    secret: frozenset[str] = frozenset()
    unsaid: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Callable[[str, Any], str] = lambda _name, value: str(value)
    prove: Callable[[], None] = lambda: None  # that it reaches the right organization


@dataclass(frozen=True)
class Changes:
    """What a person changed: the values they were shown and what they typed, in the API's spelling; where values
    clashed before, whose was chosen, and what was shown then."""

    base: Raw
    mine: Raw
    resolved: Mapping[str, str] = field(default_factory=dict)
    clashed: Raw = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What a second look at a record tells of a write, and the values it saw."""

    outcome: Outcome
    record: Record | None = None
    now: Raw = field(default_factory=dict)


class Rewritten(NamedTuple):
    """A field's label, and in words what Flowtly made of what was sent; both "" where they are too long to compare."""

    label: str
    stored: str = ""
    sent: str = ""


@dataclass(frozen=True)
class Saved(Generic[R]):
    """A write that went well. `visible` is False where the record looks as it did before; `left` are the labels of
    fields that stayed as they were though the rest was taken; `rewritten` are those that now hold neither what they did
    nor what was sent."""

    record: R
    outcome: str  # "applied", or "unchanged" where nothing had to be sent
    visible: bool = True
    left: tuple[str, ...] = ()
    rewritten: tuple[Rewritten, ...] = ()
    name: str = ""  # of the record, where something was rewritten


@dataclass(frozen=True)
class Clashed(Generic[R]):
    """Nothing was sent: another person changed the same fields. Without clashes, the record is simply not what was
    shown. `theirs` is the record as it is now, None where a second submit is told of it."""

    theirs: R | None
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Known not to be done: refused, never sent, or failed with nothing of it to be seen. `complaints` are Flowtly's,
    each with the path of its field; `record` is the record as it was read before sending."""

    problem: Problem
    complaints: tuple[tuple[str, str], ...] = ()
    error: errors.FlowtlyError | None = None
    record: Record | None = None


@dataclass(frozen=True)
class Unknown:
    """It left, and whether it was done cannot be told."""

    problem: Problem
    record: Record | None = None


Result: TypeAlias = Saved[R] | Clashed[R] | Refused | Unknown


# --- kept for a second submit ---


def as_data(write: Write, result: Result[R]) -> dict[str, Any]:
    match result:
        case Saved():
            own = {key: result.record.raw[key] for key in ("@id", "id", "name") if key in result.record.raw}
            told = {"outcome": result.outcome, "visible": result.visible}
            fields = {"left": result.left, "rewritten": result.rewritten, "name": result.name}
            return {"posted": write.posted, **told, **fields, "record": own}
        case Clashed():
            telling = result.clashes and result.theirs and not write.secret & {c.name for c in result.clashes}
            theirs = result.theirs.raw if telling and result.theirs else {}
            shown = {
                name: value for name, value in theirs.items() if name in write.labels.keys() - write.secret
            }
            clashes = [asdict(clash) for clash in result.clashes] if telling else []
            return {"posted": write.posted, "clashes": clashes, "theirs": shown}
        case Refused():
            told = {
                "problem": result.problem.as_data(),
                "complaints": [(path, kept(words)) for path, words in result.complaints],
            }
            return {"posted": write.posted, **told}
    return {"posted": write.posted, "problem": result.problem.as_data()}


def from_data(data: Mapping[str, Any], record: type[R]) -> Result[R]:
    if "outcome" in data:
        rewritten = tuple(Rewritten(*each) for each in data.get("rewritten", ()))
        outcome, visible, left = data["outcome"], data["visible"], tuple(data["left"])
        return Saved(record.read(data["record"]), outcome, visible, left, rewritten, data.get("name", ""))
    if "theirs" in data:
        clashes = tuple(Clash(**clash) for clash in data["clashes"])
        return Clashed(record.read(data["theirs"]) if clashes else None, clashes)
    problem = Problem.of_data(data["problem"])
    if problem.outcome == Outcome.UNKNOWN:
        return Unknown(problem)
    return Refused(problem, tuple((path, drawn(words)) for path, words in data.get("complaints", ())))
