"""Listeners: who looks on while this client talks to the API, without the client knowing what for."""

import time
from collections.abc import Sequence

import httpx

from dashboard.flowtly.calls import Call
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.transport import Layer, call_of


class Listener:
    """Hears what it overrides, and nothing by itself. It must be quick, thread-safe, and raise nothing."""

    def began(self, call: Call) -> None:
        """An attempt at a call begins."""

    def ended(self, call: Call, status: int | None, seconds: float) -> None:
        """It has ended; without a status where no complete and readable answer came."""

    def read(self, record: Record) -> None:
        """A whole record has come."""

    def listed(self, records: Sequence[Record]) -> None:
        """One page of a list has come."""


class Announced(Layer):
    """Tells whoever listens of each attempt."""

    def __init__(self, inner: httpx.BaseTransport, listeners: Sequence[Listener]) -> None:
        super().__init__(inner)
        self._listeners = listeners

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call, started, status = call_of(request), time.monotonic(), None
        for each in self._listeners:
            each.began(call)
        try:
            response = self.inner.handle_request(request)
            status = response.status_code
            return response
        finally:
            for each in self._listeners:
                each.ended(call, status, time.monotonic() - started)
