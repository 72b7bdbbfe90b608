"""References: whether the API names another record by an IRI or by a bare code is a fact of each field.

It never follows from a sibling: `country` may be an IRI where `tinCountry` is a code. So it is taken from the record
that is written, else from others of its collection as far as they were seen, else guessed from what was published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from dashboard.flowtly.discovery import Learnt
from dashboard.flowtly.resources.records import Record, Reference


@dataclass(frozen=True)
class Spelling:
    """`before` is what stands before the id in an IRI, "" for a bare code. `known`: it was seen, not guessed."""

    before: str = ""
    known: bool = False

    def of(self, identifier: str) -> str:
        return self.before + quote(identifier, safe="") if self.before else identifier


CODE = Spelling()


class References:
    """What was seen, by record and field."""

    def __init__(self, learnt: Learnt) -> None:
        self._learnt = learnt

    def learn(self, records: Iterable[Record]) -> None:
        for record in records:
            for field in record.refers_to:
                if seen := spelling(record.raw.get(field)):
                    self._learn(type(record), field, seen.before)

    def spelling(self, kind: type[Record], field: str, record: Record | None = None) -> Spelling:
        """How to write a field: as this record has it, else as others do."""
        own = spelling(record.raw.get(field)) if record else None
        return own or self._seen(kind, field) or self._guess(kind, field)

    def expect_iris(self, kind: type[Record], fields: Iterable[str]) -> None:
        """The API has refused bare codes in these."""
        for field in fields:
            self._learn(kind, field, self._iri(kind, field))

    def _seen(self, kind: type[Record], field: str) -> Spelling | None:
        before: str | None = self._learnt.memory.get(f"spelling {kind.__name__}.{field}")
        return None if before is None else Spelling(before, known=True)

    def _learn(self, kind: type[Record], field: str, before: str) -> None:
        self._learnt.memory.set(f"spelling {kind.__name__}.{field}", before)

    def _guess(self, kind: type[Record], field: str) -> Spelling:
        return Spelling(self._iri(kind, field)) if field in kind.iris else CODE

    def _iri(self, kind: type[Record], field: str) -> str:
        path = kind.refers_to[field]
        return f"{self._learnt.prefix(path)}{path}/"


def spelling(value: object) -> Spelling | None:
    """How a value spells a reference; None where it is none."""
    read = Reference.read(value)
    if read is None:
        return None
    return Spelling(f"{read.iri.rpartition('/')[0]}/" if read.iri else "", known=True)
