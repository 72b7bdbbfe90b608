"""Health of the API as this process sees it: since when nothing has been heard of it."""

import threading
import time
from datetime import UTC, datetime

import httpx

from dashboard.flowtly import errors
from dashboard.flowtly.transport import Layer

SILENCE = (errors.CannotConnect, errors.GivenUp, errors.Timeout, errors.ConnectionLost, errors.Unavailable)


class Reach(Layer):
    """Of one process. Thread-safe. The API is away once a connection was refused, or once somebody made sure: that one
    call was not answered may be that call's own trouble."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        super().__init__(inner)
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

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self.inner.handle_request(request)
        except errors.FlowtlyError as failure:
            if silent(failure):
                self.missed(sure=isinstance(failure, errors.CannotConnect | errors.GivenUp))
            elif not isinstance(failure, errors.NotSent | errors.Truncated):
                self.heard()
            raise
        if errors.by_status(response.status_code) is errors.Unavailable:
            self.missed(sure=False)
        else:
            self.heard()
        return response

    def missed(self, *, sure: bool) -> None:
        with self._lock:
            self._since = self._since or datetime.now(UTC)
            self._away = self._away or sure

    def heard(self) -> None:
        with self._lock:
            self._since, self._away, self._heard = None, False, time.monotonic()


def silent(failure: errors.FlowtlyError) -> bool:
    """Whether a call ended without a word of the API's own: refused, out of time, or a proxy's 502, 503, 504."""
    return isinstance(failure, SILENCE) and not isinstance(failure, errors.Garbled)
