"""Attempts more than one are a share of the calls: an API in trouble is not given a multiple of its load."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from dashboard.flowtly import Connection, Flowtly, Limits, errors
from dashboard.flowtly.retries import Budget
from tests.support.raw_server import RawServer, says


def test_a_thousand_reads_of_a_dead_api_are_at_most_1103_calls(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    server.script = says(503)
    limits = {"breaker": False, "backoff": 0.001, "in_flight": 64}
    flowtly = Flowtly(connect(server.base_url, **limits), tenant="acme")

    def read(_: int) -> None:
        with suppress(errors.FlowtlyError):
            flowtly.locations.get("1")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, range(1000)))
    assert 1000 < len(server.asked) <= 1103


def test_three_are_there_from_the_start_and_one_more_for_each_ten_calls() -> None:
    budget = Budget(Limits())
    assert [budget.take() for _ in range(4)] == [True, True, True, False]
    for _ in range(10):
        assert not budget.take()
        budget.earn()
    assert [budget.take() for _ in range(2)] == [True, False]


def test_after_a_quiet_minute_three_are_there_again() -> None:
    now = [0.0]
    budget = Budget(Limits(), lambda: now[0])
    assert [budget.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 60.1
    assert [budget.take() for _ in range(4)] == [True, True, True, False]


def test_good_times_save_up_no_flood() -> None:
    budget = Budget(Limits())
    for _ in range(100_000):
        budget.earn()
    assert sum(budget.take() for _ in range(1000)) == 50
