"""What this process has learnt about the API while talking to it, and for how long it believes it."""

import threading
import time
from collections.abc import Mapping


class Learnt:
    """Announced filters, the prefix of IRIs, tenants of organizations. Thread-safe."""

    def __init__(self, base_path: str, remember: float) -> None:
        self.base_path = base_path
        self._remember = remember
        self._prefixes: dict[str, str] = {}
        self._filters: dict[str, frozenset[str]] = {}
        self._tenants: dict[str, tuple[str, float]] = {}
        self._announced: tuple[Mapping[str, frozenset[str]], float] | None = None
        self.asking = threading.Lock()

    def prefix(self, path: str) -> str:
        """What the API puts before a collection's path in its IRIs; the base's own path until it is seen."""
        return self._prefixes.get(path, self.base_path)

    def learn_prefix(self, path: str, prefix: str) -> None:
        self._prefixes[path] = prefix

    def filters(self, path: str) -> frozenset[str] | None:
        return self._filters.get(path)

    def learn_filters(self, path: str, names: frozenset[str] | None) -> None:
        if names is not None:
            self._filters[path] = names

    def tenant(self, organization: str) -> str | None:
        tenant, until = self._tenants.get(organization, ("", 0.0))
        return tenant if time.monotonic() < until else None

    def learn_tenant(self, organization: str, tenant: str) -> None:
        now = time.monotonic()
        for known, (_, until) in list(self._tenants.items()):
            if until < now:
                self._tenants.pop(known, None)
        self._tenants[organization] = (tenant, now + self._remember)

    def announced(self) -> Mapping[str, frozenset[str]] | None:
        """Filters by path from the OpenAPI document; empty if there is none, None if that is not known."""
        names, until = self._announced or ({}, 0.0)
        return names if time.monotonic() < until else None

    def learn_announced(self, names: Mapping[str, frozenset[str]]) -> None:
        self._announced = names, time.monotonic() + self._remember
