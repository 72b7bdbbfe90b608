"""How calls have gone in this process: how long they took, how many failed, how many are under way.

Kept in memory, a few numbers a call; whoever wants them across processes takes a `snapshot` now and then.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dashboard.flowtly.errors import Answered

KEPT = 60  # times of each kind of call
MOST_KINDS = 40


@dataclass
class _Kind:
    """`times`: when each call ended (seconds since 1970), and how long it took (seconds)."""

    times: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=KEPT))
    calls: int = 0
    failed: int = 0
    in_flight: int = 0


class Figures:
    """Thread-safe. A kind is the first segment of a path, as the bulkhead has it."""

    def __init__(self) -> None:
        self.since = time.time()
        self.changes = 0  # grows with each call, so that it shows whether there is anything new
        self._kinds: dict[str, _Kind] = {}
        self._lock = threading.Lock()

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Around one attempt at a call. An answer that says no is an answer; what fails otherwise has no time worth
        counting: it would tell of our own limits."""
        with self._lock:
            if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
                kind = "…"
            kept = self._kinds.setdefault(kind, _Kind())
            kept.in_flight += 1
        started, answered = time.monotonic(), False
        try:
            yield
            answered = True
        except Answered as refusal:
            answered = refusal.status is not None and refusal.status < 500
            raise
        finally:
            took = time.monotonic() - started
            with self._lock:
                kept.in_flight -= 1
                kept.calls += 1
                self.changes += 1
                if answered:
                    kept.times.append((time.time(), took))
                else:
                    kept.failed += 1

    def snapshot(self) -> dict[str, Any]:
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
