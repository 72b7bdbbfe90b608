"""Whether there is any use in asking: an API that fails over and over is left alone for a while.

Open, it refuses at once and no socket is opened. When its time is up one call, the probe, goes out: if that fails the
next rest is twice as long, if it is answered all is as before.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dashboard.flowtly.errors import CannotConnect, FlowtlyError, GivenUp, NoAnswer, NotSent, ServerError
from dashboard.flowtly.names import Limits


class Breaker:
    """Of one process, over all calls. `clock` is monotonic, in seconds. Thread-safe."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
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

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one attempt. GivenUp if it must not be made; else what comes of it counts."""
        if not self._limits.breaker:
            yield
            return
        with self._lock:
            self._check()
            probe = self._probing = self._rest > 0
        failed: bool | None = None
        refused = False
        try:
            yield
            failed = False
        except FlowtlyError as failure:
            failed, refused = verdict(failure), isinstance(failure, CannotConnect)
            raise
        finally:
            with self._lock:
                self._end(failed, refused, probe)

    def try_again(self) -> None:
        """Somebody else has had an answer: the next call is the probe."""
        with self._lock:
            self._until = self._clock()

    def _check(self) -> None:
        if self._rest:
            left = self._until - self._clock()
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
        limits, now = self._limits, self._clock()
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
        self._rest, self._until = rest, self._clock() + rest
        self._ends.clear()
        self._failed = self._refused = 0


def verdict(failure: FlowtlyError) -> bool | None:
    """Whether an attempt that ended so says that the API is in trouble; None if it says nothing either way."""
    if isinstance(failure, CannotConnect | NoAnswer | ServerError):
        return True
    return None if isinstance(failure, NotSent) else False
