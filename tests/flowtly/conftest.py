from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from dashboard.flowtly import Connection, Flowtly, Limits, Login, Names, Token
from tests.support.raw_server import RawServer, raw_server

QUICK = Limits(
    connect=0.3,
    read=0.3,
    write=0.3,
    pool=0.2,
    read_total=0.3,
    write_total=0.3,
    wait=0.1,
    backoff=0.01,
    rest=0.3,
)


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.fixture
def connect() -> Iterator[Callable[..., Connection]]:
    """Connections that end with the test; limits are short, and may be changed by name."""
    with ExitStack() as stack:

        def made(
            base_url: str,
            credentials: Login | Token | None = None,
            names: Names | None = None,
            **limits: Any,
        ) -> Connection:
            connection = Connection(base_url, credentials, names or Names(), replace(QUICK, **limits))
            stack.callback(connection.close)
            return connection

        yield made


@pytest.fixture
def flowtly(server: RawServer, connect: Callable[..., Connection]) -> Flowtly:
    return Flowtly(connect(server.base_url), tenant="acme", request_id="req-1")
