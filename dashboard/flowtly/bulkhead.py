"""Bulkhead: how many calls of one kind may be under way, for one hanging endpoint must not take all threads."""

import threading
from collections import Counter
from collections.abc import Callable

import httpx

from dashboard.flowtly import deadline
from dashboard.flowtly.errors import Busy
from dashboard.flowtly.names import Limits
from dashboard.flowtly.transport import Layer, call_of


class Bulkhead(Layer):
    """A number of places for each kind of call (the first segment of its path), in this process.

    Who finds none waits a short while and is then turned away with Busy; `turned_away` counts them by kind. `admit`
    is called with the kind before anybody waits: it raises where there is no use in waiting.
    """

    def __init__(self, inner: httpx.BaseTransport, limits: Limits, admit: Callable[[str], None]) -> None:
        super().__init__(inner)
        self.turned_away: Counter[str] = Counter()
        self._limits = limits
        self._admit = admit
        self._places: dict[str, threading.BoundedSemaphore] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        kind = call_of(request).kind
        self._admit(kind)
        places = self._of(kind)
        if not places.acquire(timeout=deadline.at_most(self._limits.wait)):
            self.turned_away[kind] += 1
            raise Busy
        try:
            return self.inner.handle_request(request)
        finally:
            places.release()

    def _of(self, kind: str) -> threading.BoundedSemaphore:
        with self._lock:
            return self._places.setdefault(kind, threading.BoundedSemaphore(self._limits.in_flight))
