"""References: whether the API names another record by an IRI or by a bare code is a fact of each field.

It never follows from a sibling: `country` may be an IRI where `tinCountry` is a code. So it is taken from the record
that is written, else from what the API took after it had refused the other, from its own document, from other records
of the collection as far as they were seen, and last from what was published.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dashboard.flowtly.discovery import Learnt
from dashboard.flowtly.errors import FlowtlyError
from dashboard.flowtly.resources.iris import identifier
from dashboard.flowtly.resources.records import Record, Reference

_QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True)
class Spelling:
    """`before` is what stands before the id in an IRI, "" for a bare code. `known`: it was seen, not guessed."""

    before: str = ""
    known: bool = False

    def of(self, identifier: str) -> str:
        return self.before + quote(identifier, safe="") if self.before else identifier


CODE = Spelling()
Fields = Mapping[str, object]


class References:
    """What was seen, taken and announced, by record and field."""

    def __init__(self, learnt: Learnt) -> None:
        self._learnt = learnt

    def learn(self, records: Sequence[Record]) -> None:
        """What the last of these that says anything says; they are of one collection."""
        for field in records[-1].refers_to if records else ():
            spellings = (spelling(record.raw.get(field)) for record in reversed(records))
            if seen := next(filter(None, spellings), None):
                self._keep("seen", type(records[-1]), field, seen.before)

    def learn_taken(self, kind: type[Record], fields: Fields) -> None:
        """The API has taken these after it had refused the other spelling of each."""
        for field, value in fields.items():
            if taken := spelling(value):
                self._keep("taken", kind, field, taken.before)

    def learn_described(self, kind: type[Record], iris: Mapping[str, bool]) -> None:
        """Whether the API's own document has a field as an IRI."""
        for field, is_iri in iris.items():
            before = (self._kept("seen", kind, field) or self._iri(kind, field)) if is_iri else ""
            self._keep("described", kind, field, before)

    def spelling(self, kind: type[Record], field: str, record: Record | None = None) -> Spelling:
        """How to write a field: as this record has it, else as others do."""
        if own := spelling(record.raw.get(field)) if record else None:
            return own
        kept = (self._kept(source, kind, field) for source in ("taken", "described", "seen"))
        before = next((each for each in kept if each is not None), None)
        if before is not None:
            return Spelling(before, known=True)
        return Spelling(self._iri(kind, field)) if field in kind.iris else CODE

    def respelled(
        self, kind: type[Record], sent: Fields, refusal: FlowtlyError, record: Record | None = None
    ) -> dict[str, str]:
        """The other spelling of each reference that a refusal is about. One that the record itself shows is right."""
        own = {field for field in kind.refers_to if record and spelling(record.raw.get(field))}
        found = {
            field: self._other(kind, field, str(sent[field])) for field in named_in(refusal, kind, sent) - own
        }
        return {field: value for field, value in found.items() if value}

    def _other(self, kind: type[Record], field: str, value: str) -> str:
        if "/" in value:
            return identifier(value)
        before = self._kept("seen", kind, field) or self._iri(kind, field)
        return Spelling(before).of(value) if before else ""

    def _iri(self, kind: type[Record], field: str) -> str:
        """What was published; "" where it is not known which collection a field leads to."""
        path = kind.refers_to[field]
        return f"{self._learnt.prefix(path)}{path}/" if path else ""

    def _kept(self, source: str, kind: type[Record], field: str) -> str | None:
        before: str | None = self._learnt.memory.get(f"{source} {kind.__name__}.{field}")
        return before

    def _keep(self, source: str, kind: type[Record], field: str, before: str) -> None:
        self._learnt.memory.set(f"{source} {kind.__name__}.{field}", before)


def named_in(refusal: FlowtlyError, kind: type[Record], sent: Fields) -> set[str]:
    """The references among the fields sent that a refusal is about: by their path, name or value."""
    paths = {re.split(r"[.\[]", each.path)[0] for each in refusal.violations}
    words = " ".join([refusal.detail, *(each.message for each in refusal.violations)])
    said = paths | set(_QUOTED.findall(words))
    given = {field: sent.get(field) for field in kind.refers_to}
    return {
        name for name, value in given.items() if value and isinstance(value, str) and {name, value} & said
    }


def spelling(value: object) -> Spelling | None:
    """How a value spells a reference; None where it is none."""
    read = Reference.read(value)
    if read is None or not read.id:
        return None
    return Spelling(f"{read.iri.rpartition('/')[0]}/" if read.iri else "", known=True)
