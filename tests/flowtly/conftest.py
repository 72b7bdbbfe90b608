from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest

from dashboard.flowtly import Connection, Flowtly, Limits, Login, Names, Token
from dashboard.flowtly.calls import Call
from dashboard.upstream.cache import Store
from tests.support.raw_server import RawServer, raw_server

# No limit is met by the way, however busy the machine is: a test that wants to meet one names it.
PATIENT = Limits(connect=60, read=60, write=60, pool=60, read_total=60, write_total=60, wait=60, backoff=0.01)
# Such a one: time enough to send a request, and little of what a server that never ends takes.
SOON = 0.6


class Clock:
    """Stands still until a test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Ending(httpx.BaseTransport):
    """A transport without a network: each request ends as it is told, and is remembered as it came."""

    def __init__(self, how: Callable[[httpx.Request], httpx.Response]) -> None:
        self._how = how
        self.came: list[dict[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.came.append(dict(request.headers))
        return self._how(request)


def answers(*statuses: int) -> Ending:
    """One after the other, the last one for good."""
    left = list(statuses)
    return Ending(lambda _request: httpx.Response(left.pop(0) if len(left) > 1 else left[0]))


def raises(failure: Exception) -> Ending:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise failure

    return Ending(fail)


def request_of(call: Call, base_url: str = "http://127.0.0.1", **headers: str) -> httpx.Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Request(call.method, base_url + call.path, headers=named, extensions={"call": call})


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


class Remembering(Store[str, Any]):
    """Keeps everything for as long as the test says."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds, 1000)

    def set(self, key: str, value: Any, _seconds: float = 0.0) -> None:
        super().set(key, value)


@pytest.fixture
def connect() -> Iterator[Callable[..., Connection]]:
    """Connections that end with the test; limits may be changed by name."""
    with ExitStack() as stack:

        def made(
            base_url: str,
            credentials: Login | Token | None = None,
            names: Names | None = None,
            remember: float = 600.0,
            **limits: Any,
        ) -> Connection:
            memory = Remembering(remember)
            every = replace(PATIENT, **limits)
            connection = Connection(base_url, credentials, names or Names(), every, memory=memory)
            stack.callback(connection.close)
            return connection

        yield made


@pytest.fixture
def flowtly(server: RawServer, connect: Callable[..., Connection]) -> Flowtly:
    return Flowtly(connect(server.base_url), tenant="acme", request_id="req-1")
