"""Deadline: when a call must be over, whatever its parts do. One moment per context, only ever brought nearer.

httpx and httpcore time each read by itself, so an answer that drips never ends; the pool asks here before each
operation on the socket. Threads start with an empty context: a fan-out that should share the page's deadline
runs its calls in a copy of the context (`contextvars.copy_context().run`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import httpx

from dashboard.flowtly.errors import OutOfTime
from dashboard.flowtly.names import Limits
from dashboard.flowtly.transport import Layer

_ends: ContextVar[float | None] = ContextVar("flowtly_ends", default=None)


@dataclass(frozen=True)
class _Budget:
    all: float
    kept: float


_page: ContextVar[_Budget | None] = ContextVar("flowtly_page", default=None)


class Deadline(Layer):
    """Sends nothing once the time is up, and waits for a connection no longer than what is left."""

    def __init__(self, inner: httpx.BaseTransport, limits: Limits) -> None:
        super().__init__(inner)
        self._limits = limits

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if remaining() == 0:
            raise OutOfTime
        limits = self._limits
        timeouts = {"connect": limits.connect, "read": limits.read, "write": limits.write}
        request.extensions["timeout"] = {**timeouts, "pool": at_most(limits.pool)}
        return self.inner.handle_request(request)


def remaining() -> float | None:
    """Seconds left, at least 0; None where nothing limits them."""
    ends = _ends.get()
    return None if ends is None else max(0.0, ends - time.monotonic())


def at_most(seconds: float) -> float:
    """`seconds`, or what is left if that is less."""
    left = remaining()
    return seconds if left is None else min(seconds, left)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Calls inside end within `seconds`, or sooner if something outside says so."""
    with _ending(time.monotonic() + at_most(seconds)):
        yield


@contextmanager
def page_deadline(total: float, reserve: float = 0.0) -> Iterator[None]:
    """All calls inside together end within `total` seconds less `reserve`.

    The reserve is for finding out what became of a write: only calls inside `page_reserve()` may use it.
    """
    ends = time.monotonic() + at_most(total)
    mark = _page.set(_Budget(all=ends, kept=reserve))
    try:
        with _ending(ends - reserve):
            yield
    finally:
        _page.reset(mark)


@contextmanager
def page_reserve() -> Iterator[None]:
    """Calls inside may also use what the page's deadline keeps in reserve."""
    page = _page.get()
    with _ending(page.all if page else _ends.get()):
        yield


@contextmanager
def _ending(moment: float | None) -> Iterator[None]:
    mark = _ends.set(moment)
    try:
        yield
    finally:
        _ends.reset(mark)
