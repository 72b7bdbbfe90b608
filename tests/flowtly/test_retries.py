"""What is asked again, how often, after how long; and what never is."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import time_machine

from dashboard.flowtly import Connection, Flowtly, Limits, errors, retries
from tests.support.raw_server import LONG_BEFORE, RawServer, says, stopwatch

LIMITS = Limits()
RECORD = says(200, {"id": 1})


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_read_is_tried_three_times(status: int, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(status)
    with pytest.raises(errors.by_status(status)):
        flowtly.locations.get("1")
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_read_that_works_the_second_time_works(status: int, server: RawServer, flowtly: Flowtly) -> None:
    server.then(says(status), RECORD)
    assert flowtly.locations.get("1").id == "1"


def test_a_read_whose_connection_broke_is_tried_again(server: RawServer, flowtly: Flowtly) -> None:
    server.then(lambda asked, wire: wire.reset(), RECORD)
    assert flowtly.locations.get("1").id == "1"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 406, 409, 413, 415, 418, 422, 500, 501, 507])
def test_a_read_refused_for_good_is_not_tried_again(status: int, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(status)
    with pytest.raises(errors.by_status(status)):
        flowtly.locations.get("1")
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_write_is_never_tried_again_once_it_was_sent(
    status: int, server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(status, {"title": "No"})
    with pytest.raises(errors.by_status(status)) as raised:
        flowtly.locations.update("1", {"name": "x"})
    assert len(server.asked) == 1
    assert raised.value.outcome_unknown == (status in (502, 503, 504))


def test_a_500_that_is_not_the_apis_own_leaves_the_outcome_unknown(
    server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(500, b"<h1>Internal Server Error</h1>", Content_Type="text/html")
    with pytest.raises(errors.ServerError) as raised:
        flowtly.locations.update("1", {"name": "x"})
    assert raised.value.outcome_unknown


def test_a_short_retry_after_is_waited_for(server: RawServer, connect: Callable[..., Connection]) -> None:
    server.then(says(503, Retry_After="1"), RECORD)
    elapsed = stopwatch()
    Flowtly(connect(server.base_url), tenant="acme").locations.get("1")
    assert 1 <= elapsed() < LONG_BEFORE


@pytest.mark.parametrize("value", ["30", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_long_retry_after_is_reported_at_once(value: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(429, Retry_After=value)
    with pytest.raises(errors.TooManyRequests) as raised:
        flowtly.locations.get("1")
    assert raised.value.retry_after is not None
    assert raised.value.retry_after >= 30
    assert len(server.asked) == 1


def test_a_retry_after_beyond_the_deadline_is_not_waited_for(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    server.script = says(503, Retry_After="60")
    flowtly = Flowtly(connect(server.base_url, read_total=30, retry_after_most=60), tenant="acme")
    elapsed = stopwatch()
    with pytest.raises(errors.Unavailable):
        flowtly.locations.get("1")
    assert elapsed() < LONG_BEFORE
    assert len(server.asked) == 1


@pytest.mark.parametrize("value", ["soon", "", "-3", "1.5", "٣", "9" * 400, "Thu, 99 Foo 2026 99:99:99 GMT"])
def test_a_nonsensical_retry_after_is_ignored_or_capped(value: str) -> None:
    seconds = retries.retry_after(value)
    assert seconds is None or 0 <= seconds <= 86_400


def test_a_retry_after_may_be_a_date() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    soon, past = (format_datetime(now + timedelta(seconds=by), usegmt=True) for by in (90, -90))
    with time_machine.travel(now, tick=False):
        assert retries.retry_after(soon) == 90
        assert retries.retry_after(past) == 0


def _failure(kind: type[errors.FlowtlyError], retry_after: float | None = None) -> errors.FlowtlyError:
    return kind(retry_after=retry_after)


@pytest.mark.parametrize(
    ("kind", "read", "write"),
    [
        (errors.CannotConnect, True, True),
        (errors.Busy, False, False),
        (errors.OutOfTime, False, False),
        (errors.BadIdentifier, False, False),
        (errors.TenantUnknown, False, False),
        (errors.ForeignAddress, False, False),
        (errors.NotSignedIn, False, False),
        (errors.SignInFailed, False, False),
        (errors.Timeout, False, False),
        (errors.ConnectionLost, True, False),
        (errors.Truncated, True, False),
        (errors.Unreadable, False, False),
        (errors.BadRequest, False, False),
        (errors.Unauthorized, False, False),
        (errors.Forbidden, False, False),
        (errors.NotFound, False, False),
        (errors.MethodNotAllowed, False, False),
        (errors.NotAcceptable, False, False),
        (errors.Conflict, False, False),
        (errors.TooLarge, False, False),
        (errors.UnsupportedMediaType, False, False),
        (errors.Invalid, False, False),
        (errors.TooManyRequests, True, False),
        (errors.ServerError, False, False),
        (errors.Unavailable, True, False),
        (errors.Unexpected, False, False),
    ],
)
def test_what_is_worth_another_attempt(kind: type[errors.FlowtlyError], read: bool, write: bool) -> None:
    for repeatable, expected in ((True, read), (False, write)):
        wait = retries.pause(_failure(kind), repeatable=repeatable, tries=1, limits=LIMITS, left=8)
        assert (wait is not None) == expected


def test_the_wait_grows_and_is_spread_over_its_whole_length() -> None:
    random.seed(1)
    waits = [[retries.jitter(n, LIMITS) for _ in range(500)] for n in range(8)]
    for n, found in enumerate(waits):
        longest = min(0.1 * 2**n, 2)
        assert max(found) <= longest
        assert max(found) > 0.9 * longest
        assert min(found) < 0.1 * longest


def test_no_attempt_is_made_that_the_deadline_would_cut_off() -> None:
    wait = retries.pause(_failure(errors.Unavailable, 4), repeatable=True, tries=1, limits=LIMITS, left=3)
    assert wait is None
