"""Memory: what was learnt about this site's Flowtly, the same in all its processes.

Names of fields, spellings of references, filters that lists announce, tenants: what one worker knows all know, for a
page that depends on which of them answers it would come and go between two loads. All of it is one small entry of the
shared cache. It is read and written by the request's own thread, at its start and its end: threads beside it leave the
database alone. A fact that another process has overwritten meanwhile is added again at the next occasion.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any

from django.core.cache import cache

LASTING = 30 * 86400.0  # seconds; a fact that is seen to have changed is overwritten at once
WRITTEN = 600.0  # seconds; longer than anything read is kept
MOST = 3000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fact:
    value: Any
    until: float  # of the wall clock: processes share it


class Memory:
    """`identity` says whose API it is about: another one is another memory. Thread-safe."""

    def __init__(self, identity: Callable[[], str], clock: Callable[[], float] = time.time) -> None:
        self._identity = identity
        self._clock = clock
        self._lock = Lock()
        self._begun = 0
        self._facts: dict[str, Fact] = {}
        self._new: set[str] = set()

    def get(self, key: str) -> Any:
        fact = self._facts.get(key)
        return fact.value if fact is not None and fact.until > self._clock() else None

    def set(self, key: str, value: object, seconds: float = LASTING) -> None:
        now, known = self._clock(), self._facts.get(key)
        if known and known.value == value and known.until > now + seconds / 2:
            return
        with self._lock:
            self._facts[key] = Fact(value, now + seconds)
            self._new.add(key)

    def written(self, whose: str) -> None:
        """Something of theirs was written: what any process has read of it before is not shown again."""
        self.set(f"written {whose}", self._clock(), WRITTEN)

    def written_since(self, whose: str, age: float) -> bool:
        """Whether it was, after something was read that is so many seconds old."""
        at: float | None = self.get(f"written {whose}")
        return at is not None and at >= self._clock() - age

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Around a request, in its own thread."""
        self._load()
        yield
        if self._new:
            self._keep()

    def forget(self) -> None:
        """Starts anew, as an installation does."""
        with self._lock:
            self._begun += 1
            self._facts, self._new = {}, set()

    def forget_here(self) -> None:
        """Starts anew, as a process does."""
        with self._lock:
            self._facts, self._new = {}, set()

    def _load(self) -> None:
        there = self._read()
        with self._lock:
            missing = {key for key, fact in self._facts.items() if key not in there}
            self._new |= {key for key in missing if self._facts[key].until > self._clock()}
            self._facts = {**there, **{key: self._facts[key] for key in self._new}}

    def _keep(self) -> None:
        there, now = self._read(), self._clock()
        with self._lock:
            facts = {**there, **{key: self._facts[key] for key in self._new}}
            living = [(key, fact) for key, fact in facts.items() if fact.until > now]
            self._facts, self._new = dict(living[-MOST:]), set()
            kept = dict(self._facts)
        # A cache that is away, or holds what another version kept, costs a page nothing: it learns again.
        try:
            cache.set(self._key(), kept, LASTING)
        except Exception:
            log.exception("What was learnt could not be kept.")

    def _read(self) -> dict[str, Fact]:
        try:
            return cache.get(self._key()) or {}
        except Exception:
            log.exception("What other processes have learnt could not be had.")
            return {}

    def _key(self) -> str:
        return f"flowtly-learnt-{sha256(f'{self._identity()} {self._begun}'.encode()).hexdigest()}"
