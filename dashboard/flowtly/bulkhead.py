"""How many calls of one kind may be under way: one hanging endpoint must not take all threads."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.flowtly import deadline
from dashboard.flowtly.errors import Busy
from dashboard.flowtly.names import Limits


class Bulkhead:
    """A number of places for each kind of call (the first segment of its path), in this process.

    `turned_away` counts, by kind, who found no place.
    """

    def __init__(self, limits: Limits) -> None:
        self.turned_away: Counter[str] = Counter()
        self._limits = limits
        self._places: dict[str, threading.BoundedSemaphore] = {}
        self._lock = threading.Lock()

    @contextmanager
    def place(self, kind: str) -> Iterator[None]:
        """Waits its turn for a short while; Busy if none came."""
        places = self._of(kind)
        if not places.acquire(timeout=deadline.at_most(self._limits.wait)):
            self.turned_away[kind] += 1
            raise Busy
        try:
            yield
        finally:
            places.release()

    def _of(self, kind: str) -> threading.BoundedSemaphore:
        with self._lock:
            return self._places.setdefault(kind, threading.BoundedSemaphore(self._limits.in_flight))
