"""Bulkhead: how many calls of one kind may be under way, for one hanging endpoint must not take all threads.

While calls of a kind are answered in time, whoever finds no place waits for one, and nobody is refused. Once they hang,
no more wait than have places, and the next is refused at once.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import httpx

from dashboard.flowtly import deadline
from dashboard.flowtly.errors import Busy
from dashboard.flowtly.names import Limits
from dashboard.flowtly.transport import Layer, call_of

LONGEST = 60.0  # seconds to wait for a place where no deadline says less

_yields: ContextVar[bool] = ContextVar("flowtly_yields", default=False)


@contextmanager
def yielding() -> Iterator[None]:
    """Calls inside leave most places to others: one of many calls that a person does not look at one by one."""
    mark = _yields.set(True)
    try:
        yield
    finally:
        _yields.reset(mark)


class Bulkhead(Layer):
    """A number of places for each kind of call (the first segment of its path), in this process.

    Who is refused gets Busy; `turned_away` counts them by kind. `admit` is called with the kind before anybody waits:
    it raises where there is no use in waiting.
    """

    def __init__(self, inner: httpx.BaseTransport, limits: Limits, admit: Callable[[str], None]) -> None:
        super().__init__(inner)
        self.turned_away: Counter[str] = Counter()
        self._limits = limits
        self._admit = admit
        self._places: dict[str, Places] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        kind, yields = call_of(request).kind, _yields.get()
        self._admit(kind)
        places = self._of(kind)
        if not places.enter(yields):
            self.turned_away[kind] += 1
            raise Busy
        began = time.monotonic()
        try:
            return self.inner.handle_request(request)
        finally:
            places.leave(yields, began)

    def _of(self, kind: str) -> "Places":
        with self._lock:
            return self._places.setdefault(kind, Places(self._limits))


@dataclass(eq=False)
class Caller:
    yields: bool
    called: threading.Event = field(default_factory=threading.Event)


class Places:
    """Those of one kind, and the queue before them. Thread-safe. A place goes to whoever has waited longest, but those
    who yield have only a quarter of them all together."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._queue: list[Caller] = []
        self._taken: Counter[bool] = Counter()  # by whether they yield
        self._good = 0.0  # when there was room last, or an answer in time

    def enter(self, yields: bool) -> bool:
        """Waits for a place; False where none is to be had."""
        me = Caller(yields)
        with self._lock:
            if self._room(me):
                self._good = self._clock()
            self._queue.append(me)
            self._call_in()
        while not me.called.is_set():
            with self._lock:
                hangs_in = self._good + self._limits.wait - self._clock()
                if not me.called.is_set() and self._hopeless(me, hangs=hangs_in <= 0):
                    self._queue.remove(me)
                    return False
            me.called.wait(deadline.at_most(hangs_in if hangs_in > 0 else LONGEST))
        return True

    def leave(self, yields: bool, began: float) -> None:
        with self._lock:
            self._taken[yields] -= 1
            if self._clock() - began <= self._limits.wait:
                self._good = self._clock()
            self._call_in()

    def _hopeless(self, me: Caller, *, hangs: bool) -> bool:
        return deadline.remaining() == 0 or (hangs and self._queue.index(me) >= self._limits.in_flight)

    def _call_in(self) -> None:
        while caller := next(filter(self._room, self._queue), None):
            self._queue.remove(caller)
            self._taken[caller.yields] += 1
            caller.called.set()

    def _room(self, caller: Caller) -> bool:
        most = self._limits.in_flight
        if self._taken.total() >= most:
            return False
        return not caller.yields or self._taken[True] < max(1, most // 4)
