"""Listeners: who looks on while this client talks to the API, without the client knowing what for."""

import time
from collections.abc import Sequence
from typing import TypeVar

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


L = TypeVar("L", bound=Listener)


class Listeners(Listener):
    """Several as one."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._all = tuple(listeners)

    def find(self, kind: type[L]) -> L | None:
        return next((each for each in self._all if isinstance(each, kind)), None)

    def began(self, call: Call) -> None:
        for each in self._all:
            each.began(call)

    def ended(self, call: Call, status: int | None, seconds: float) -> None:
        for each in self._all:
            each.ended(call, status, seconds)

    def read(self, record: Record) -> None:
        for each in self._all:
            each.read(record)

    def listed(self, records: Sequence[Record]) -> None:
        for each in self._all:
            each.listed(records)


class Announced(Layer):
    """Tells a listener of each attempt."""

    def __init__(self, inner: httpx.BaseTransport, listener: Listener) -> None:
        super().__init__(inner)
        self._listener = listener

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call, started, status = call_of(request), time.monotonic(), None
        self._listener.began(call)
        try:
            response = self.inner.handle_request(request)
            status = response.status_code
            return response
        finally:
            self._listener.ended(call, status, time.monotonic() - started)
