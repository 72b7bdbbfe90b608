"""One endpoint that hangs takes its own places and no others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from dashboard.flowtly import Connection, Flowtly, errors
from tests.support.raw_server import Asked, RawServer, Wire, says


def test_who_finds_no_place_is_told_so_and_sends_nothing(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    flowtly = Flowtly(connect(server.base_url, wait=0.1), tenant="acme")
    answered = threading.Event()

    def hangs(asked: Asked, wire: Wire) -> None:
        if asked.path.startswith("/clients"):
            answered.wait(60)
        says(200, {"id": 1})(asked, wire)

    server.script = hangs
    with ThreadPoolExecutor(150) as callers:
        calls = [callers.submit(flowtly.clients.get, "1") for _ in range(150)]
        told = [call.exception() for call in islice(as_completed(calls), 142)]
        assert {type(error) for error in told} == {errors.Busy}
        assert flowtly.locations.get("1").id == "1"
        with pytest.raises(errors.Busy) as raised:
            flowtly.clients.create({"name": "x"})
        assert not raised.value.sent
        answered.set()
        served = [call for call in calls if call.exception() is None]
    assert len(served) == 8
    assert sum(asked.path.startswith("/clients") for asked in server.asked) == 8


def test_a_place_is_free_again_after_any_end(server: RawServer, connect: Callable[..., Connection]) -> None:
    flowtly = Flowtly(connect(server.base_url, in_flight=1), tenant="acme")
    server.script = says(404)
    for _ in range(5):
        with pytest.raises(errors.NotFound):
            flowtly.locations.get("1")
    server.script = says(200, {"id": 1})
    assert flowtly.locations.get("1").id == "1"
