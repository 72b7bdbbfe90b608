"""Discovery: what was learnt about the API while talking to it, and for how long that is believed."""

import threading
from collections.abc import Mapping
from typing import Protocol, cast


class Memory(Protocol):
    """Where something is kept for a time; once that is up it gives None."""

    def get(self, key: str) -> object: ...

    def set(self, key: str, value: object) -> None: ...


class Learnt:
    """The filters that lists announce, by path, what stands before collections in IRIs, and, with a memory, tenants of
    organizations and what the API's document announces. Thread-safe."""

    def __init__(self, base_path: str, memory: Memory | None) -> None:
        self.base_path = base_path
        self._memory = memory
        self.prefixes: dict[str, str] = {}
        self.filters: dict[str, frozenset[str]] = {}
        self.asking = threading.Lock()

    def prefix(self, path: str) -> str:
        """What the API puts before a collection's path in its IRIs; the base's own path until it is seen."""
        return self.prefixes.get(path, self.base_path)

    def tenant(self, organization: str) -> str | None:
        return cast("str | None", self._recall(f"tenant {organization}"))

    def learn_tenant(self, organization: str, tenant: str) -> None:
        self._keep(f"tenant {organization}", tenant)

    def announced(self) -> Mapping[str, frozenset[str]] | None:
        """Filters by path from the OpenAPI document; empty if there is none, None if that is not known."""
        return cast("Mapping[str, frozenset[str]] | None", self._recall("announced"))

    def learn_announced(self, names: Mapping[str, frozenset[str]]) -> None:
        self._keep("announced", names)

    def _recall(self, key: str) -> object:
        return self._memory.get(key) if self._memory else None

    def _keep(self, key: str, value: object) -> None:
        if self._memory:
            self._memory.set(key, value)
