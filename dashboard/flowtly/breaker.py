"""Circuit breaker: an API that fails over and over is left alone for a while, and so is one kind of its calls.

Open, it refuses at once and no socket is opened. When its time is up one call, the probe, goes out: if that fails the
next rest is twice as long, if it is answered all is as before.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

import httpx

from dashboard.flowtly.errors import CannotConnect, FlowtlyError, GivenUp, KindGivenUp, NoAnswer, NotSent
from dashboard.flowtly.names import Limits
from dashboard.flowtly.transport import Layer, call_of


class Breaker(Layer):
    """Of one process: one circuit over all calls, and one for each kind of them, so that an endpoint that hangs closes
    nothing but itself. `clock` is monotonic, in seconds. Thread-safe."""

    def __init__(
        self, inner: httpx.BaseTransport, limits: Limits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(inner)
        self.clock = clock
        self._limits = limits
        self._lock = threading.Lock()
        self._whole = Circuit(limits)
        self._kinds: dict[str, Circuit] = {}
        self._refused = 0  # connections, in a row

    @property
    def open(self) -> bool:
        """Whether all calls are refused, but for a probe."""
        return self._whole.open

    def check(self, kind: str) -> None:
        """GivenUp or KindGivenUp if a call that is made now would be refused."""
        with self._lock:
            self._check(self._of(kind))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """GivenUp or KindGivenUp if no attempt must be made; else what comes of it counts."""
        if not self._limits.breaker:
            return self.inner.handle_request(request)
        with self._lock:
            kind = self._of(call_of(request).kind)
            self._check(kind)
            probed = [circuit for circuit in (self._whole, kind) if circuit.probe()]
        failed: bool | None = None
        refused = False
        try:
            response = self.inner.handle_request(request)
            failed = response.status_code >= 500
            return response
        except FlowtlyError as failure:
            failed, refused = verdict(failure), isinstance(failure, CannotConnect)
            raise
        finally:
            with self._lock:
                for circuit in probed:
                    circuit.probed(failed, self.clock())
                if not probed and failed is not None:
                    self._count(kind, failed, refused)

    def try_again(self) -> None:
        """Somebody else has had an answer: the next call is the probe."""
        with self._lock:
            for circuit in (self._whole, *self._kinds.values()):
                circuit.until = self.clock()

    def _of(self, kind: str) -> "Circuit":
        return self._kinds.setdefault(kind, Circuit(self._limits))

    def _check(self, kind: "Circuit") -> None:
        for circuit, refusal in ((self._whole, GivenUp), (kind, KindGivenUp)):
            left = circuit.refuses_for(self.clock())
            if left is not None:
                raise refusal(retry_after=left)

    def _count(self, kind: "Circuit", failed: bool, refused: bool) -> None:
        if self._whole.open or kind.open:  # what began before it opened says nothing any more
            return
        now = self.clock()
        kind.count(failed, now)
        self._refused = self._refused + 1 if refused else 0
        if self._refused >= self._limits.breaker_refused or self._all_fail(now):
            self._whole.rest_from(now)
            self._refused = 0
            for each in self._kinds.values():
                each.forget()
        elif self._mostly([kind], self._limits.breaker_calls):
            kind.rest_from(now)

    def _all_fail(self, now: float) -> bool:
        """Whether most calls fail, and not those of one kind alone."""
        kinds = list(self._kinds.values())
        for each in kinds:
            each.age(now)
        worst = max(kinds, key=lambda each: each.failed)
        others = [each for each in kinds if each is not worst]
        limits = self._limits
        return self._mostly(kinds, limits.breaker_calls) and self._mostly(others, limits.breaker_refused)

    def _mostly(self, circuits: Sequence["Circuit"], of_at_least: int) -> bool:
        calls, failed = sum(each.calls for each in circuits), sum(each.failed for each in circuits)
        return calls >= of_at_least and failed >= calls * self._limits.breaker_share


class Circuit:
    """What ended lately, and whether it rests. The breaker holds the lock."""

    def __init__(self, limits: Limits) -> None:
        self.until = 0.0
        self.failed = 0
        self._limits = limits
        self._ends: deque[tuple[float, bool]] = deque()  # of attempts: when, and whether it failed
        self._rest = 0.0  # how long it is open this time; 0 while it is closed
        self._probing = False

    @property
    def open(self) -> bool:
        return self._rest > 0

    @property
    def calls(self) -> int:
        return len(self._ends)

    def refuses_for(self, now: float) -> float | None:
        """Seconds; None if a call may be made."""
        left = max(0.0, self.until - now)
        return left if self.open and (left or self._probing) else None

    def probe(self) -> bool:
        """A call is made: whether it is one."""
        self._probing = self.open
        return self.open

    def probed(self, failed: bool | None, now: float) -> None:
        self._probing = False
        if failed:
            self.rest_from(now, min(self._rest * 2, self._limits.breaker_rest_most))
        elif failed is not None:
            self._rest = 0.0
            self.forget()

    def rest_from(self, now: float, rest: float | None = None) -> None:
        self._rest = self._limits.breaker_rest if rest is None else rest
        self.until = now + self._rest

    def count(self, failed: bool, now: float) -> None:
        self._ends.append((now, failed))
        self.failed += failed
        self.age(now)

    def age(self, now: float) -> None:
        while self._ends and self._ends[0][0] < now - self._limits.breaker_window:
            self.failed -= self._ends.popleft()[1]

    def forget(self) -> None:
        self._ends.clear()
        self.failed = 0


def verdict(failure: FlowtlyError) -> bool | None:
    """Whether an attempt without an answer says that the API is in trouble; None if it says nothing either way."""
    if isinstance(failure, CannotConnect | NoAnswer):
        return True
    return None if isinstance(failure, NotSent) else False
