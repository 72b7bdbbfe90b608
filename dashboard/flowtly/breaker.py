"""Circuit breaker: an API that fails over and over is left alone for a while.

Open, it refuses at once and no socket is opened. When its time is up one call, the probe, goes out: if that fails the
next rest is twice as long, if it is answered all is as before.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

import httpx

from dashboard.flowtly.errors import CannotConnect, FlowtlyError, GivenUp, NoAnswer, NotSent
from dashboard.flowtly.names import Limits
from dashboard.flowtly.transport import Layer


class Breaker(Layer):
    """Of one process, over all calls. `clock` is monotonic, in seconds. Thread-safe."""

    def __init__(
        self, inner: httpx.BaseTransport, limits: Limits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(inner)
        self.clock = clock
        self._limits = limits
        self._lock = threading.Lock()
        self._ends: deque[tuple[float, bool]] = deque()  # of attempts: when, and whether it failed
        self._failed = 0  # of these
        self._refused = 0  # connections, in a row
        self._rest = 0.0  # how long it is open this time; 0 while it is closed
        self._until = 0.0
        self._probing = False

    @property
    def open(self) -> bool:
        """Whether calls are refused, but for a probe."""
        return self._rest > 0

    def check(self) -> None:
        """GivenUp if a call that is made now would be refused."""
        with self._lock:
            self._check()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """GivenUp if no attempt must be made; else what comes of it counts."""
        if not self._limits.breaker:
            return self.inner.handle_request(request)
        with self._lock:
            self._check()
            probe = self._probing = self._rest > 0
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
                self._end(failed, refused, probe)

    def try_again(self) -> None:
        """Somebody else has had an answer: the next call is the probe."""
        with self._lock:
            self._until = self.clock()

    def _check(self) -> None:
        if self._rest:
            left = self._until - self.clock()
            if left > 0 or self._probing:
                raise GivenUp(retry_after=max(0.0, left))

    def _end(self, failed: bool | None, refused: bool, probe: bool) -> None:
        if probe:
            self._probing = False
            if failed:
                self._open(min(self._rest * 2, self._limits.breaker_rest_most))
            elif failed is not None:
                self._rest = 0.0
        elif failed is not None and not self._rest:  # what began before it opened says nothing any more
            self._count(failed, refused)

    def _count(self, failed: bool, refused: bool) -> None:
        limits, now = self._limits, self.clock()
        self._ends.append((now, failed))
        self._failed += failed
        self._refused = self._refused + 1 if refused else 0
        while self._ends[0][0] < now - limits.breaker_window:
            self._failed -= self._ends.popleft()[1]
        calls = len(self._ends)
        mostly = calls >= limits.breaker_calls and self._failed >= calls * limits.breaker_share
        if mostly or self._refused >= limits.breaker_refused:
            self._open(limits.breaker_rest)

    def _open(self, rest: float) -> None:
        self._rest, self._until = rest, self.clock() + rest
        self._ends.clear()
        self._failed = self._refused = 0


def verdict(failure: FlowtlyError) -> bool | None:
    """Whether an attempt without an answer says that the API is in trouble; None if it says nothing either way."""
    if isinstance(failure, CannotConnect | NoAnswer):
        return True
    return None if isinstance(failure, NotSent) else False
