"""Whether a failed attempt is made again, and after how long.

This is the one place that decides it; a budget over all calls would be asked here too.
"""

import email.utils
import random
import time

from .errors import Answered, CannotConnect, FlowtlyError, NoAnswer, Timeout, TooManyRequests, Unavailable
from .names import Limits


def pause(
    failure: FlowtlyError, *, repeatable: bool, tries: int, limits: Limits, left: float
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
    return wait if wait < left else None


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
