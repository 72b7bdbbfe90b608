"""No call outlives its time, whatever the server does with its bytes."""

from collections.abc import Callable

import pytest

from dashboard.flowtly import Connection, Flowtly, errors
from dashboard.flowtly.client import page_deadline, page_reserve
from tests.flowtly.conftest import SOON
from tests.support.raw_server import (
    LONG_BEFORE,
    Asked,
    RawServer,
    Wire,
    answer,
    blackhole,
    says,
    stopwatch,
    walled_off,
)

HURRIED = {"read_total": SOON, "write_total": SOON}


@pytest.fixture
def hurried(server: RawServer, connect: Callable[..., Connection]) -> Flowtly:
    return Flowtly(connect(server.base_url, **HURRIED), tenant="acme")


def drips_headers(asked: Asked, wire: Wire) -> None:
    wire.drip(answer(200, b"{}", X_Slow="y" * 600))


def drips_body(asked: Asked, wire: Wire) -> None:
    body = b'{"id": 1, "name": "' + b"x" * 600 + b'"}'
    head = answer(200, body)[: -len(body)]
    wire.send(head)
    wire.drip(body)


def drips_hints(asked: Asked, wire: Wire) -> None:
    wire.drip(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 120, pause=0.02)


def hangs(asked: Asked, wire: Wire) -> None:
    wire.hang()


@pytest.mark.parametrize("script", [drips_headers, drips_body, drips_hints, hangs])
@pytest.mark.parametrize("method", ["get", "create"])
def test_a_slow_answer_ends_with_the_total_time(
    script: Callable[[Asked, Wire], None], method: str, server: RawServer, hurried: Flowtly
) -> None:
    server.script = script
    elapsed = stopwatch()
    with pytest.raises(errors.Timeout) as raised:
        _ = hurried.locations.get("1") if method == "get" else hurried.locations.create({"name": "x"})
    assert elapsed() < LONG_BEFORE
    assert raised.value.sent
    assert raised.value.outcome_unknown == (method == "create")


@pytest.mark.parametrize("method", ["get", "create"])
def test_a_server_that_never_answers_ends_with_the_total_time(
    method: str, connect: Callable[..., Connection]
) -> None:
    with blackhole() as address:
        locations = Flowtly(connect(address, **HURRIED), tenant="acme").locations
        elapsed = stopwatch()
        with pytest.raises(errors.Timeout):
            _ = locations.get("1") if method == "get" else locations.create({"name": "x"})
        assert elapsed() < LONG_BEFORE


@pytest.mark.parametrize("method", ["get", "create"])
def test_a_connection_that_is_never_taken_ends_with_the_total_time(
    method: str, connect: Callable[..., Connection]
) -> None:
    with walled_off() as address:
        locations = Flowtly(connect(address, **HURRIED), tenant="acme").locations
        elapsed = stopwatch()
        with pytest.raises(errors.NotSent):
            _ = locations.get("1") if method == "get" else locations.create({"name": "x"})
        assert elapsed() < LONG_BEFORE


def test_an_upload_that_nobody_takes_ends_with_the_total_time(connect: Callable[..., Connection]) -> None:
    with blackhole() as address:
        elapsed = stopwatch()
        with pytest.raises(errors.Timeout) as raised:
            Flowtly(connect(address, **HURRIED), tenant="acme").organizations.upload_logo(
                b"x" * 20_000_000, "image/png", "logo.png"
            )
        assert elapsed() < LONG_BEFORE
        assert raised.value.outcome_unknown


def test_a_refusal_whose_body_drips_is_still_that_refusal(server: RawServer, hurried: Flowtly) -> None:
    def script(asked: Asked, wire: Wire) -> None:
        wire.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 600\r\n\r\n")
        wire.drip(b"x" * 600)

    server.script = script
    elapsed = stopwatch()
    with pytest.raises(errors.NotFound):
        hurried.locations.get("1")
    assert elapsed() < LONG_BEFORE


def test_a_page_gives_its_calls_what_is_left_of_its_time(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    server.script = hangs
    locations = Flowtly(connect(server.base_url), tenant="acme").locations
    elapsed = stopwatch()
    with page_deadline(SOON):
        for _ in range(3):
            with pytest.raises((errors.Timeout, errors.OutOfTime)):
                locations.get("1")
    assert elapsed() < LONG_BEFORE
    assert len(server.asked) == 1


def test_a_call_whose_page_is_out_of_time_is_never_sent(server: RawServer, flowtly: Flowtly) -> None:
    with page_deadline(0.0), pytest.raises(errors.OutOfTime) as raised:
        flowtly.locations.create({"name": "x"})
    assert not raised.value.sent
    assert not raised.value.outcome_unknown
    assert server.asked == []


def test_the_reserve_of_a_page_is_kept_for_finding_out(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"id": 1})
    with page_deadline(60, reserve=60):
        with pytest.raises(errors.OutOfTime):
            flowtly.locations.get("1")
        with page_reserve():
            assert flowtly.locations.get("1").id == "1"


def test_time_spent_outside_a_page_is_not_limited_by_it(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"id": 1})
    with page_deadline(0.0):
        pass
    assert flowtly.locations.get("1").id == "1"
