"""Drift: where the API turns out to be other than this client knows it: fields, values and endpoints met that are not
known, fields of another type, fields and endpoints that are expected and not met.

It costs a look at one record of a page, whatever the size of the list. Samples hold no secrets: see `redact`.
"""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.flowtly.calls import Call
from dashboard.flowtly.contract.endpoints import documented, endpoints, fields_of, template
from dashboard.flowtly.listeners import Listener
from dashboard.flowtly.names import Names
from dashboard.flowtly.redact import LONGEST_SAMPLE, sample, type_of
from dashboard.flowtly.resources.configs import Config
from dashboard.flowtly.resources.records import Record

Kind = Literal["field", "type", "value", "endpoint"]
MOST = 200  # different things remembered until somebody takes them
DOCUMENTED_BY_NOBODY = frozenset({"id", "hydra:search"})


@dataclass
class Met:
    """`entity` is a record's class or "", `name` a field or an endpoint. `detail`: of a type, what was expected and
    what came; of a value, the value; of an endpoint, the status. Moments in seconds since 1970."""

    kind: Kind
    entity: str
    name: str
    detail: str
    sample: str
    type: str
    count: int
    first: float
    last: float


@dataclass
class Reads:
    """How many whole records were looked at, and how often each expected field was among them or in a list's."""

    whole: int
    seen: Counter[str]


class Drift(Listener):
    """Of one process, until somebody takes it. Thread-safe."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lock = threading.Lock()
        self._turn = itertools.count()
        self._collections = _collections(names)
        self._fields: dict[type[Record], tuple[Mapping[str, str], frozenset[str]]] = {}
        self._met: dict[tuple[str, str, str, str], Met] = {}
        self._reads: dict[str, Reads] = {}

    def listed(self, records: Sequence[Record]) -> None:
        """One page of a list: another place of it each time."""
        if records:
            self._look(records[next(self._turn) % len(records)], whole=False)

    def read(self, record: Record) -> None:
        if record.raw:
            self._look(record, whole=True)

    def ended(self, call: Call, status: int | None, seconds: float) -> None:
        """An endpoint that is not there. A record that is not found is none; nor is what acts on one."""
        if status not in (404, 405):
            return
        path = template(call.method, call.path) or ("" if call.path != self._names.login_path else call.path)
        if path and (status == 405 or (call.method, path) in self._collections):
            with self._lock:
                self._note("endpoint", "", f"{call.method} {path}", str(status))

    def take(self) -> tuple[list[Met], dict[str, Reads]]:
        """What was met since the last time, which is then forgotten here."""
        with self._lock:
            met, reads, self._met, self._reads = self._met, self._reads, {}, {}
        return list(met.values()), reads

    def _look(self, record: Record, whole: bool) -> None:
        kind = type(record)
        known, expected = self._fields_of(kind)
        with self._lock:
            reads = self._reads.setdefault(kind.__name__, Reads(0, Counter()))
            reads.whole += whole
            reads.seen.update(record.raw.keys() & expected)
            for name, value in record.other.items():
                self._field(kind, name, value, known.get(name))
            for name, codes in kind.codes.items():
                value = record.raw.get(name)
                if isinstance(value, str) and value not in codes:
                    self._note("value", kind.__name__, name, sample(name, value), value)

    def _fields_of(self, kind: type[Record]) -> tuple[Mapping[str, str], frozenset[str]]:
        if kind not in self._fields:
            self._fields[kind] = fields_of(kind, self._names), documented(kind, self._names)
        return self._fields[kind]

    def _field(self, kind: type[Record], name: str, value: object, expected: str | None) -> None:
        """A field that its class has not read: one it does not know, or one it could not make sense of."""
        if value is None or expected == "" or name in DOCUMENTED_BY_NOBODY:
            return
        # A config may hold anything at all, and its own name says whether that is secret.
        shown = None if kind is Config else value
        if expected:
            self._note("type", kind.__name__, name, f"{expected} → {type_of(value)}", shown)
        elif not kind.open_ended:
            self._note("field", kind.__name__, name, "", shown)

    def _note(self, kind: Kind, entity: str, name: str, detail: str, value: object = None) -> None:
        now, key = time.time(), (kind, entity, name[:LONGEST_SAMPLE], detail[:LONGEST_SAMPLE])
        met = self._met.get(key)
        if met is None:
            if len(self._met) >= MOST:
                return
            said, came = ("", "") if value is None else (sample(name, value), type_of(value))
            met = self._met[key] = Met(*key, said, came, 0, now, now)
        met.count, met.last = met.count + 1, now


def _collections(names: Names) -> frozenset[tuple[str, str]]:
    """Endpoints that are there or are not, whatever the records: the lists, what creates in them, and signing in."""
    lists = {each.path for each in endpoints(names) if each.many and "{" not in each.path}
    return frozenset(
        (each.method, each.path)
        for each in endpoints(names)
        if each.path in lists or each.path == names.login_path
    )
