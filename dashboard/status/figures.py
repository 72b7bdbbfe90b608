"""Figures of this process: how long calls took, how many failed, how many are under way.

Kept in memory, a few numbers a call; whoever wants them across processes takes a `snapshot` now and then.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from dashboard.flowtly.calls import Call
from dashboard.flowtly.listeners import Listener

KEPT = 60  # times of each kind of call
MOST_KINDS = 40


@dataclass
class _Kind:
    """`times`: when each call ended (seconds since 1970), and how long it took (seconds)."""

    times: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=KEPT))
    calls: int = 0
    failed: int = 0
    in_flight: int = 0


class Figures(Listener):
    """Thread-safe. A kind is the first segment of a path, as the bulkhead has it."""

    def __init__(self) -> None:
        self.since = time.time()
        self._kinds: dict[str, _Kind] = {}
        self._lock = threading.Lock()

    def began(self, call: Call) -> None:
        with self._lock:
            self._of(call).in_flight += 1

    def ended(self, call: Call, status: int | None, seconds: float) -> None:
        """An answer that says no is an answer; what fails otherwise has no time worth counting: it would tell of our
        own limits."""
        with self._lock:
            kept = self._of(call)
            kept.in_flight -= 1
            kept.calls += 1
            if status is not None and status < 500:
                kept.times.append((time.time(), seconds))
            else:
                kept.failed += 1

    def _of(self, call: Call) -> _Kind:
        known = call.kind in self._kinds or len(self._kinds) < MOST_KINDS
        return self._kinds.setdefault(call.kind if known else "…", _Kind())

    def snapshot(self) -> dict[str, object]:
        """Ready for JSON: kind → calls, failed, in_flight, times as [seconds since 1970, milliseconds]."""
        with self._lock:
            return {
                kind: {
                    "calls": kept.calls,
                    "failed": kept.failed,
                    "in_flight": kept.in_flight,
                    "times": [[round(at, 1), round(1000 * took, 1)] for at, took in kept.times],
                }
                for kind, kept in self._kinds.items()
            }
