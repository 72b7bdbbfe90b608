"""Whether a failed attempt is made again, and after how long.

This is the one place that decides it, and the budget over all calls is asked here too.
"""

import email.utils
import random
import threading
import time
from collections.abc import Callable

from dashboard.flowtly.errors import (
    Answered,
    CannotConnect,
    FlowtlyError,
    NoAnswer,
    Timeout,
    TooManyRequests,
    Unavailable,
)
from dashboard.flowtly.names import Limits


class Budget:
    """How many attempts more than one a process makes: a share of its calls, so that an API in trouble is not given
    a multiple of its load. A few are there from the start, and again after a minute in which none was needed."""

    MOST = 50.0  # saved up in good times
    QUIET = 60.0  # seconds

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._left = float(limits.retry_least)
        self._taken_at = 0.0

    def earn(self) -> None:
        """A call is made."""
        with self._lock:
            self._left = min(self._left + self._limits.retry_share, self.MOST)

    def take(self) -> bool:
        """Whether one may be made again."""
        with self._lock:
            now = self._clock()
            if now - self._taken_at > self.QUIET:
                self._left = max(self._left, float(self._limits.retry_least))
            if self._left < 1 - 1e-9:
                return False
            self._left -= 1
            self._taken_at = now
            return True


def pause(
    failure: FlowtlyError,
    *,
    repeatable: bool,
    tries: int,
    limits: Limits,
    left: float,
    budget: Budget | None = None,
) -> float | None:
    """Seconds to wait before the next attempt; None if there shall be none.

    `repeatable` is true for calls that change nothing; others are repeated only if they never left.
    `tries` counts the attempts made, `left` is what the deadline leaves, in seconds.
    """
    if tries >= limits.attempts or not _worth_repeating(failure, repeatable):
        return None
    wait = jitter(tries - 1, limits)
    if isinstance(failure, Answered) and failure.retry_after is not None:
        if failure.retry_after > limits.retry_after_most:
            return None
        wait = max(wait, failure.retry_after)
    return wait if wait < left and (budget is None or budget.take()) else None


def _worth_repeating(failure: FlowtlyError, repeatable: bool) -> bool:
    if isinstance(failure, CannotConnect):
        return True
    # Time that is up is not won back by asking again.
    return (
        repeatable
        and isinstance(failure, NoAnswer | Unavailable | TooManyRequests)
        and not isinstance(failure, Timeout)
    )


def jitter(n: int, limits: Limits) -> float:
    """Anything up to 0.1·2ⁿ seconds, at most 2: full jitter keeps many callers from coming back at once."""
    longest: float = min(limits.backoff * 2**n, limits.backoff_most)
    return random.random() * longest  # noqa: S311 - spreads load, guards nothing


def retry_after(value: str | None) -> float | None:
    """A `Retry-After` header in seconds (it may be a number or a date); None for anything else."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(min(int(value.strip()[:9]), 86_400))
    try:
        moment = email.utils.parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return min(max(0.0, moment - time.time()), 86_400.0)
