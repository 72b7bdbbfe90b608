"""One endpoint that hangs takes its own places and no others, and one that answers refuses nobody."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.flowtly import Connection, Flowtly, Limits, errors
from dashboard.flowtly.bulkhead import Places
from tests.flowtly.conftest import PATIENT, Clock
from tests.support.raw_server import Asked, RawServer, Wire, says

PEOPLE, WALK = False, True
# A time within which no answer comes here: a hanging endpoint is found out soon.
SOON_KNOWN = 0.1


class Hanging:
    """A server that answers no call for clients until it is told to."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def __call__(self, asked: Asked, wire: Wire) -> None:
        if asked.path.startswith("/clients"):
            self.released.wait(60)
        says(200, {"id": 1})(asked, wire)


@contextmanager
def callers(times: int, call: Callable[[], object]) -> Iterator[list["Future[object]"]]:
    with ThreadPoolExecutor(times) as pool:
        yield [pool.submit(call) for _ in range(times)]


def test_of_a_hanging_endpoint_sixteen_callers_wait_and_the_rest_are_told_so(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    flowtly = Flowtly(connect(server.base_url, wait=SOON_KNOWN), tenant="acme")
    server.script = hanging = Hanging()
    with callers(150, lambda: flowtly.clients.get("1")) as calls:
        told = [call.exception() for call in islice(as_completed(calls), 134)]
        assert {type(error) for error in told} == {errors.Busy}
        assert sum(not call.done() for call in calls) == 16
        # The next one is refused while nobody has been answered; it would wait for a minute otherwise.
        with pytest.raises(errors.Busy) as raised:
            flowtly.clients.create({"name": "x"})
        assert not raised.value.sent
        assert sum(asked.path.startswith("/clients") for asked in server.asked) == 8
        hanging.released.set()
        served = [call for call in calls if call.exception() is None]
    assert len(served) == 16


def test_others_are_answered_while_one_endpoint_hangs(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    flowtly = Flowtly(connect(server.base_url, wait=SOON_KNOWN), tenant="acme")
    server.script = hanging = Hanging()
    with callers(40, lambda: flowtly.clients.get("1")) as hung:
        list(islice(as_completed(hung), 24))
        others = (flowtly.locations, flowtly.meetings, flowtly.subscriptions, flowtly.addresses)
        with ExitStack() as stack:
            for resource in others:
                served = stack.enter_context(callers(40, lambda each=resource: each.get("1")))  # type: ignore[misc]
                assert [call.exception() for call in served] == [None] * 40
        assert sum(not call.done() for call in hung) == 16
        hanging.released.set()


@pytest.mark.parametrize("times", [9, 40, 200])
def test_nobody_is_refused_while_it_answers(
    times: int, server: RawServer, connect: Callable[..., Connection]
) -> None:
    connection = connect(server.base_url)
    flowtly = Flowtly(connection, tenant="acme")
    server.script = says(200, {"id": 1})
    with callers(times, lambda: flowtly.clients.get("1")) as calls:
        assert [call.exception() for call in calls] == [None] * times
    assert connection.snapshot()["busy"] == {}


class Waiting:
    """Callers of one kind's places, by number; each stays until it is told to leave."""

    def __init__(self, limits: Limits) -> None:
        self.clock = Clock()
        self.places = Places(limits, self.clock)
        self.pool = ThreadPoolExecutor(100)

    def call(self, yields: bool = PEOPLE, times: int = 1) -> list["Future[bool]"]:
        return [self.pool.submit(self.places.enter, yields) for _ in range(times)]

    def leave(self, after: float, yields: bool = PEOPLE) -> None:
        """Somebody's call ends that was made so many seconds ago."""
        self.places.leave(yields, self.clock.now - after)


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    made = Waiting(PATIENT)
    yield made
    made.pool.shutdown()


def entered(calls: list["Future[bool]"], times: int) -> list[bool]:
    return [call.result() for call in islice(as_completed(calls), times)]


def test_who_waits_longer_than_an_answer_takes_is_not_refused_for_that(waiting: Waiting) -> None:
    calls = waiting.call(times=40)
    for turn in range(1, 5):
        assert entered(calls, 8 * turn) == [True] * 8 * turn
        waiting.clock.now += PATIENT.wait - 1
        for _ in range(8):
            waiting.leave(after=PATIENT.wait - 1)
    assert entered(calls, 40) == [True] * 40


def test_a_place_goes_to_whoever_waits_though_nothing_is_answered_in_time(waiting: Waiting) -> None:
    inside, after = waiting.call(times=8), waiting.call(times=3)
    entered([*inside, *after], 8)
    waiting.clock.now += PATIENT.wait + 1
    for _ in range(3):
        waiting.leave(after=PATIENT.wait + 1)
    assert entered([*inside, *after], 11) == [True] * 11


def test_those_who_yield_have_a_quarter_of_the_places(waiting: Waiting) -> None:
    walks = waiting.call(WALK, times=5)
    entered(walks, 2)
    people = waiting.call(times=6)
    assert entered(people, 6) == [True] * 6, "the others are left to people"
    assert sum(walk.done() for walk in walks) == 2
    for turn in (3, 4, 5):
        waiting.leave(after=0, yields=WALK)
        assert entered(walks, turn) == [True] * turn


def test_the_pages_of_a_walk_but_the_first_yield(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    """Two walks have a place for their second pages, and the other six are left to people."""
    flowtly = Flowtly(connect(server.base_url), tenant="acme")
    released, second, person = threading.Event(), threading.Semaphore(0), threading.Semaphore(0)

    def script(asked: Asked, wire: Wire) -> None:
        page = int(parse_qs(urlsplit(asked.target).query).get("page", ["0"])[0])
        if page != 1:
            (second if page else person).release()
            released.wait(60)
        says(200, {"member": [{"id": page}], "totalItems": 2})(asked, wire)

    server.script = script
    with callers(5, lambda: list(flowtly.clients.stream())) as walks:
        assert all(second.acquire(timeout=60) for _ in range(2))
        with callers(9, lambda: flowtly.clients.get("0")):
            assert all(person.acquire(timeout=60) for _ in range(6))
            assert not second.acquire(blocking=False)
            released.set()
    assert [len(walk.result()) for walk in walks] == [2] * 5  # type: ignore[arg-type]


def test_a_place_is_free_again_after_any_end(server: RawServer, connect: Callable[..., Connection]) -> None:
    flowtly = Flowtly(connect(server.base_url, in_flight=1), tenant="acme")
    server.script = says(404)
    for _ in range(5):
        with pytest.raises(errors.NotFound):
            flowtly.locations.get("1")
    server.script = says(200, {"id": 1})
    assert flowtly.locations.get("1").id == "1"
