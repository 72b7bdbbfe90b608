"""An API that fails over and over is left alone, asked once in a while, and trusted again when it answers."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier

import httpx
import pytest

from dashboard.flowtly import Connection, Flowtly, Limits, errors
from dashboard.flowtly.breaker import Breaker
from dashboard.flowtly.calls import Call
from tests.flowtly.conftest import Clock, Ending, request_of
from tests.support.raw_server import RawServer, raw_server, says, stopwatch

FAILS = (errors.ServerError, errors.Unavailable, errors.Timeout, errors.ConnectionLost, errors.Truncated)
SAYS_NO = (errors.NotFound, errors.Invalid, errors.TooManyRequests, errors.Unauthorized, errors.Unreadable)
SAYS_NOTHING = (errors.Busy, errors.OutOfTime, errors.BadIdentifier)


@pytest.fixture
def clock() -> Clock:
    return Clock()


STATUSES = {kind: status for status, kind in errors.BY_STATUS.items()} | {errors.ServerError: 500}


def ending(failure: type[errors.FlowtlyError] | None) -> Ending:
    def how(_request: httpx.Request) -> httpx.Response:
        if failure is None or failure in STATUSES:
            return httpx.Response(STATUSES[failure] if failure else 200)
        raise failure

    return Ending(how)


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(ending(None), Limits(), clock)


EACH_IN_TURN = cycle(["locations", "clients"])


def through(breaker: Breaker, inner: httpx.BaseTransport, kind: str = "") -> None:
    """One request, as if this were the rest of the way; of several kinds in turn where none is said."""
    before, breaker.inner = breaker.inner, inner
    try:
        breaker.handle_request(request_of(Call("GET", f"/{kind or next(EACH_IN_TURN)}/1")))
    finally:
        breaker.inner = before


def attempt(
    breaker: Breaker, failure: type[errors.FlowtlyError] | None = None, times: int = 1, kind: str = ""
) -> None:
    for _ in range(times):
        try:
            through(breaker, ending(failure), kind)
        except (errors.GivenUp, errors.KindGivenUp):
            raise
        except errors.FlowtlyError:
            pass


def dead_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("failure", FAILS)
def test_it_opens_when_half_of_twenty_calls_fail(
    breaker: Breaker, failure: type[errors.FlowtlyError]
) -> None:
    attempt(breaker, times=10)
    attempt(breaker, failure, times=9)
    assert not breaker.open
    attempt(breaker, failure)
    assert breaker.open


def test_nineteen_calls_are_too_few_to_tell(breaker: Breaker) -> None:
    attempt(breaker, errors.Unavailable, times=19)
    assert not breaker.open


def test_what_failed_longer_than_ten_seconds_ago_counts_no_more(breaker: Breaker, clock: Clock) -> None:
    attempt(breaker, errors.Unavailable, times=15)
    clock.now += 10.1
    attempt(breaker, errors.Unavailable, times=15)
    assert not breaker.open


@pytest.mark.parametrize("failure", SAYS_NO + SAYS_NOTHING)
def test_a_refusal_of_the_call_is_no_failure_of_the_api(
    breaker: Breaker, failure: type[errors.FlowtlyError]
) -> None:
    attempt(breaker, failure, times=50)
    assert not breaker.open


def test_what_was_never_sent_counts_neither_way(breaker: Breaker) -> None:
    attempt(breaker, errors.Timeout, times=19)
    attempt(breaker, errors.Busy, times=50)
    attempt(breaker, errors.Timeout)
    assert breaker.open


def test_five_refused_connections_in_a_row_open_it(breaker: Breaker) -> None:
    attempt(breaker, errors.CannotConnect, times=4)
    attempt(breaker)
    attempt(breaker, errors.CannotConnect, times=4)
    assert not breaker.open
    attempt(breaker, errors.CannotConnect)
    assert breaker.open


def test_each_failed_probe_doubles_the_rest_up_to_a_minute(breaker: Breaker, clock: Clock) -> None:
    attempt(breaker, errors.CannotConnect, times=5)
    for rest in (5, 10, 20, 40, 60, 60):
        clock.now += rest - 0.01
        with pytest.raises(errors.GivenUp) as refused:
            attempt(breaker)
        assert refused.value.retry_after == pytest.approx(0.01)
        clock.now += 0.02
        attempt(breaker, errors.Unavailable)


def test_an_answered_probe_closes_it_and_the_next_rest_is_short_again(breaker: Breaker, clock: Clock) -> None:
    attempt(breaker, errors.CannotConnect, times=5)
    for rest in (5, 10):
        clock.now += rest
        attempt(breaker, errors.CannotConnect)
    clock.now += 20
    attempt(breaker, errors.NotFound)  # an answer all the same
    assert not breaker.open
    attempt(breaker, errors.CannotConnect, times=5)
    clock.now += 5
    attempt(breaker)
    assert not breaker.open


@pytest.mark.parametrize("failure", FAILS)
def test_a_kind_that_fails_by_itself_is_left_alone_by_itself(
    breaker: Breaker, clock: Clock, failure: type[errors.FlowtlyError]
) -> None:
    """Two readers at night: hardly anything else is asked."""
    attempt(breaker, times=2, kind="organizations")
    attempt(breaker, failure, times=20, kind="locations")
    assert not breaker.open
    for _ in range(3):
        with pytest.raises(errors.KindGivenUp) as refused:
            attempt(breaker, kind="locations")
        assert refused.value.retry_after == pytest.approx(5)
        attempt(breaker, kind="organizations")
        attempt(breaker, kind="clients")
    clock.now += 5
    attempt(breaker, kind="locations")
    attempt(breaker, failure, times=19, kind="locations")
    assert not breaker.open


def test_each_kind_rests_for_itself_and_longer_each_time(breaker: Breaker, clock: Clock) -> None:
    attempt(breaker, errors.Timeout, times=20, kind="locations")
    for rest in (5, 10, 20, 40, 60, 60):
        with pytest.raises(errors.KindGivenUp) as refused:
            attempt(breaker, kind="locations")
        assert refused.value.retry_after == pytest.approx(rest)
        clock.now += rest
        attempt(breaker, errors.Timeout, kind="locations")
        attempt(breaker, kind="clients")


def test_where_other_kinds_fail_too_all_is_left_alone(breaker: Breaker) -> None:
    attempt(breaker, errors.Timeout, times=20, kind="locations")
    attempt(breaker, errors.Unavailable, times=4, kind="clients")
    assert not breaker.open
    attempt(breaker, errors.Unavailable, kind="clients")
    assert breaker.open
    with pytest.raises(errors.GivenUp):
        attempt(breaker, kind="organizations")


def test_a_probe_that_tells_nothing_makes_room_for_another(breaker: Breaker, clock: Clock) -> None:
    attempt(breaker, errors.CannotConnect, times=5)
    clock.now += 5
    attempt(breaker, errors.OutOfTime)
    assert breaker.open

    def interrupted(_request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        through(breaker, Ending(interrupted))
    attempt(breaker)
    assert not breaker.open


def test_what_ends_late_says_nothing_any_more(breaker: Breaker) -> None:
    def meanwhile_it_opens(_request: httpx.Request) -> httpx.Response:
        attempt(breaker, errors.CannotConnect, times=5)
        return httpx.Response(200)

    through(breaker, Ending(meanwhile_it_opens))
    assert breaker.open


def test_of_a_hundred_callers_one_is_the_probe(
    server: RawServer, connect: Callable[..., Connection], clock: Clock
) -> None:
    connection = connect(server.base_url)
    breaker = connection.breaker
    breaker.clock = clock
    flowtly = Flowtly(connection, tenant="acme")
    attempt(breaker, errors.CannotConnect, times=5)
    clock.now += 5
    began = Barrier(100)

    def call() -> str:
        began.wait()
        try:
            return flowtly.locations.get("1").id
        except errors.GivenUp:
            return "refused"

    release = Barrier(2)
    answer = says(200, {"id": 1})

    def slowly(asked: object, wire: object) -> None:
        release.wait()
        answer(asked, wire)  # type: ignore[arg-type]

    server.script = slowly
    with ThreadPoolExecutor(100) as pool:
        calls = [pool.submit(call) for _ in range(100)]
        while sum(done.done() for done in calls) < 99:
            time.sleep(0.001)
        release.wait(60)
    assert sorted(done.result() for done in calls) == ["1", *["refused"] * 99]
    assert len(server.asked) == 1


@pytest.fixture
def other() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_open_it_answers_at_once_and_opens_no_socket(
    server: RawServer, other: RawServer, connect: Callable[..., Connection], method: str
) -> None:
    other.script = says(200, {"id": 1})
    connection, usual = connect(server.base_url), Flowtly(connect(other.base_url), tenant="acme")
    flowtly = Flowtly(connection, tenant="acme")
    attempt(connection.breaker, errors.CannotConnect, times=5)
    took, answered = [], []
    for _ in range(20):
        elapsed = stopwatch()
        with pytest.raises(errors.GivenUp) as refused:
            flowtly.locations.get("1") if method == "GET" else flowtly.locations.update("1", {"name": "x"})
        took.append(elapsed())
        elapsed = stopwatch()
        usual.locations.get("1")
        answered.append(elapsed())
    assert not refused.value.sent
    assert not refused.value.outcome_unknown
    assert (refused.value.method, refused.value.path) == (method, "/locations/1")
    assert min(took) < min(answered)
    assert server.connections == 0


def test_a_dead_api_is_asked_five_times_and_then_left_alone(connect: Callable[..., Connection]) -> None:
    flowtly = Flowtly(connect(f"http://127.0.0.1:{dead_port()}"), tenant="acme")
    for kind in (errors.CannotConnect, errors.CannotConnect, errors.GivenUp):
        with pytest.raises(kind):
            flowtly.locations.get("1")


def test_switched_off_it_lets_every_call_out(server: RawServer, connect: Callable[..., Connection]) -> None:
    flowtly = Flowtly(connect(server.base_url, breaker=False), tenant="acme")
    server.script = says(500)
    for _ in range(30):
        with pytest.raises(errors.ServerError):
            flowtly.locations.get("1")
    assert len(server.asked) == 30
