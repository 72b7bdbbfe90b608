"""Since when nothing has been heard of the API."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from dashboard.flowtly.errors import (
    CannotConnect,
    ConnectionLost,
    FlowtlyError,
    Garbled,
    GivenUp,
    NotSent,
    Timeout,
    Truncated,
    Unavailable,
)

SILENCE = (CannotConnect, GivenUp, Timeout, ConnectionLost, Unavailable)


class Reach:
    """Of one process. Thread-safe. It is away once a connection was refused, or once somebody made sure: that one
    call was not answered may be that call's own trouble."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: datetime | None = None
        self._away = False
        self._heard = float("-inf")

    @property
    def away_since(self) -> datetime | None:
        """When it was missed first (aware, UTC); None while it is there, as far as is known."""
        with self._lock:
            return self._since if self._away else None

    @property
    def missing(self) -> bool:
        """Whether calls have gone without an answer since the last one that had one."""
        return self._since is not None

    def heard_within(self, seconds: float) -> bool:
        return time.monotonic() - self._heard < seconds

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Around one attempt."""
        try:
            yield
        except FlowtlyError as failure:
            if silent(failure):
                self.missed(sure=isinstance(failure, CannotConnect | GivenUp))
            elif not isinstance(failure, NotSent | Truncated):
                self.heard()
            raise
        self.heard()

    def missed(self, *, sure: bool) -> None:
        with self._lock:
            self._since = self._since or datetime.now(UTC)
            self._away = self._away or sure

    def heard(self) -> None:
        with self._lock:
            self._since, self._away, self._heard = None, False, time.monotonic()


def silent(failure: FlowtlyError) -> bool:
    """Whether a call ended without a word of the API's own: refused, out of time, or a proxy's 502, 503, 504."""
    return isinstance(failure, SILENCE) and not isinstance(failure, Garbled)
