"""Discovery: what was learnt about the API while talking to it, and for how long that is believed."""

import threading
from collections.abc import Mapping
from typing import Any, Protocol

TEN_MINUTES = 600.0
FOR_GOOD = float("inf")


class Memory(Protocol):
    """Where something is kept: for some seconds, or for as long as it keeps anything. Once that is up it gives None.
    All the processes of a site may share one."""

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: object, seconds: float = ..., /) -> None: ...


class OfProcess:
    """Memory that ends with the process, and keeps nothing that has its time."""

    def __init__(self) -> None:
        self._facts: dict[str, object] = {}

    def get(self, key: str) -> Any:
        return self._facts.get(key)

    def set(self, key: str, value: object, seconds: float = FOR_GOOD) -> None:
        if seconds == FOR_GOOD:
            self._facts[key] = value


class Learnt:
    """The filters that lists announce, what stands before collections in IRIs, how fields name other records, which
    media types a kind of call takes; for ten minutes tenants of organizations and what the API's document announces.
    Thread-safe."""

    def __init__(self, base_path: str = "", memory: Memory | None = None) -> None:
        self.base_path = base_path
        self.memory: Memory = memory or OfProcess()
        self.asking = threading.Lock()

    def prefix(self, path: str) -> str:
        """What the API puts before a collection's path in its IRIs; the base's own path until it is seen."""
        seen: str | None = self.memory.get(f"prefix {path}")
        return self.base_path if seen is None else seen

    def learn_prefix(self, path: str, before: str) -> None:
        self.memory.set(f"prefix {path}", before)

    def filters(self, path: str) -> frozenset[str] | None:
        """The filters that the list at this path has announced itself."""
        seen: frozenset[str] | None = self.memory.get(f"filters {path}")
        return seen

    def learn_filters(self, path: str, names: frozenset[str]) -> None:
        self.memory.set(f"filters {path}", names)

    def tenant(self, organization: str) -> str | None:
        seen: str | None = self.memory.get(f"tenant {organization}")
        return seen

    def learn_tenant(self, organization: str, tenant: str) -> None:
        self.memory.set(f"tenant {organization}", tenant, TEN_MINUTES)

    def announced(self) -> Mapping[str, frozenset[str]] | None:
        """Filters by path from the OpenAPI document; empty if there is none, None if that is not known."""
        seen: Mapping[str, frozenset[str]] | None = self.memory.get("announced")
        return seen

    def learn_announced(self, names: Mapping[str, frozenset[str]]) -> None:
        self.memory.set("announced", names, TEN_MINUTES)
