"""Retries: whether a failed attempt is made again, and after how long.

This is the one place that decides it.
"""

import email.utils
import random
import threading
import time
from collections.abc import Callable

import httpx

from dashboard.flowtly import deadline, errors
from dashboard.flowtly.names import Limits
from dashboard.flowtly.transport import Layer, call_of


class Retries(Layer):
    """Sends a request again, until it is answered or may not be sent again."""

    def __init__(self, inner: httpx.BaseTransport, limits: Limits) -> None:
        super().__init__(inner)
        self._limits = limits
        self._budget = Budget(limits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._budget.earn()
        tries = 1
        while True:
            try:
                response = self.inner.handle_request(request)
            except errors.FlowtlyError as failure:
                wait = self._pause(failure, request, tries)
                if wait is None:
                    raise
            else:
                wait = None if response.is_success else self._pause(_refusal(response), request, tries)
                if wait is None:
                    return response
            time.sleep(wait)
            tries += 1

    def _pause(self, failure: errors.FlowtlyError, request: httpx.Request, tries: int) -> float | None:
        repeatable, left = call_of(request).repeatable, deadline.at_most(float("inf"))
        wait = pause(failure, repeatable=repeatable, tries=tries, limits=self._limits, left=left)
        return wait if wait is not None and self._budget.take() else None


def _refusal(response: httpx.Response) -> errors.Answered:
    return errors.by_status(response.status_code)(
        retry_after=retry_after(response.headers.get("Retry-After"))
    )


class Budget:
    """Retry budget: a share of a process's calls may be attempted more than once, so that an API in trouble is not
    given a multiple of its load. A few attempts are there from the start, and again after a minute without
    need of any."""

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
    failure: errors.FlowtlyError, *, repeatable: bool, tries: int, limits: Limits, left: float
) -> float | None:
    """Seconds to wait before the next attempt; None if there shall be none.

    `repeatable` is true for calls that change nothing; others are repeated only if they never left.
    `tries` counts the attempts made, `left` is what the deadline leaves, in seconds.
    """
    if tries >= limits.attempts or not _worth_repeating(failure, repeatable):
        return None
    wait = jitter(tries - 1, limits)
    if isinstance(failure, errors.Answered) and failure.retry_after is not None:
        if failure.retry_after > limits.retry_after_most:
            return None
        wait = max(wait, failure.retry_after)
    return wait if wait < left else None


def _worth_repeating(failure: errors.FlowtlyError, repeatable: bool) -> bool:
    if isinstance(failure, errors.CannotConnect):
        return True
    # Time that is up is not won back by asking again.
    return (
        repeatable
        and isinstance(failure, errors.NoAnswer | errors.Unavailable | errors.TooManyRequests)
        and not isinstance(failure, errors.Timeout)
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
