"""One endpoint that hangs takes its own places and no others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.flowtly import Connection, Flowtly, errors
from tests.flowtly.raw_server import Asked, RawServer, Wire, says, stopwatch


def test_who_finds_no_place_is_told_so_and_sends_nothing(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    flowtly = Flowtly(connect(server.base_url, read_total=1, read=1), tenant="acme")
    arrived = threading.Semaphore(0)

    def hangs(asked: Asked, wire: Wire) -> None:
        if asked.path.startswith("/clients"):
            arrived.release()
            wire.hang()
        says(200, {"id": 1})(asked, wire)

    server.script = hangs

    def call(_: int) -> type[Exception]:
        with pytest.raises(errors.FlowtlyError) as raised:
            flowtly.clients.get("1")
        return raised.type

    with ThreadPoolExecutor(150) as callers:
        found = callers.map(call, range(150))
        for _ in range(8):
            arrived.acquire(timeout=5)
        elapsed = stopwatch()
        assert flowtly.locations.get("1").id == "1"
        assert elapsed() < 0.5
        with pytest.raises(errors.Busy) as raised:
            flowtly.clients.create({"name": "x"})
        assert not raised.value.sent
        kinds = list(found)
    assert kinds.count(errors.Timeout) == 8
    assert kinds.count(errors.Busy) == 142
    assert sum(asked.path.startswith("/clients") for asked in server.asked) == 8


def test_a_place_is_free_again_after_any_end(server: RawServer, connect: Callable[..., Connection]) -> None:
    flowtly = Flowtly(connect(server.base_url, in_flight=1), tenant="acme")
    server.script = says(404)
    for _ in range(5):
        with pytest.raises(errors.NotFound):
            flowtly.locations.get("1")
    server.script = says(200, {"id": 1})
    assert flowtly.locations.get("1").id == "1"
