"""Each write is announced before it is sent and told of after, whatever became of it."""

from collections.abc import Callable

import pytest

from dashboard.flowtly import Connection, Flowtly, Login, Write, errors
from tests.flowtly.conftest import SOON
from tests.support.raw_server import Asked, RawServer, Script, Wire, nobody, says, stopwatch


class UnwillingError(Exception):
    pass


@pytest.fixture
def heard() -> list[Write]:
    return []


@pytest.fixture
def told(server: RawServer, connect: Callable[..., Connection], heard: list[Write]) -> Flowtly:
    return Flowtly(connect(server.base_url), tenant="acme", request_id="req-1", on_write=heard.append)


def test_a_write_is_announced_before_it_is_sent(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    seen: list[tuple[str, int]] = []
    flowtly = Flowtly(
        connect(server.base_url),
        tenant="acme",
        on_write=lambda write: seen.append((write.phase, len(server.asked))),
    )
    server.script = says(201, {"id": 1})
    flowtly.locations.create({"name": "x"})
    assert seen == [("intent", 0), ("outcome", 1)]


def test_a_write_says_what_was_sent_and_what_came_of_it(
    server: RawServer, told: Flowtly, heard: list[Write]
) -> None:
    server.script = says(200, {"id": 7, "name": "Ny"})
    elapsed = stopwatch()
    told.locations.update("7", {"name": "Ny"})
    intent, outcome = heard
    assert (intent.method, intent.path, intent.tenant) == ("PATCH", "/locations/7", "acme")
    assert (intent.body, intent.request_id) == ({"name": "Ny"}, "req-1")
    assert (intent.status, intent.duration, intent.result, intent.error) == (None, None, "", "")
    assert outcome.id == intent.id
    assert (outcome.status, outcome.result, outcome.error) == (200, "applied", "")
    assert outcome.answer == {"id": 7, "name": "Ny"}
    assert outcome.duration is not None
    assert 0 < outcome.duration <= elapsed()


@pytest.mark.parametrize(
    ("script", "result", "status", "error"),
    [
        (says(422, {"violations": []}), "refused", 422, "Invalid"),
        (says(403), "refused", 403, "Forbidden"),
        (says(500, {"title": "An error occurred"}), "refused", 500, "ServerError"),
        (says(503), "unknown", 503, "Unavailable"),
        (says(200, b"<html>"), "unknown", 200, "Unreadable"),
        (lambda asked, wire: wire.close(), "unknown", None, "ConnectionLost"),
    ],
)
def test_a_failed_write_says_whether_it_may_have_happened(
    script: Script,
    result: str,
    status: int | None,
    error: str,
    server: RawServer,
    told: Flowtly,
    heard: list[Write],
) -> None:
    server.script = script
    with pytest.raises(errors.FlowtlyError):
        told.locations.create({"name": "x"})
    assert [write.phase for write in heard] == ["intent", "outcome"]
    assert (heard[1].result, heard[1].status, heard[1].error) == (result, status, error)


def test_a_write_that_is_not_answered_in_time_may_have_happened(
    server: RawServer, connect: Callable[..., Connection], heard: list[Write]
) -> None:
    server.script = lambda asked, wire: wire.hang()
    hurried = connect(server.base_url, write_total=SOON)
    with pytest.raises(errors.Timeout):
        Flowtly(hurried, tenant="acme", on_write=heard.append).locations.create({"name": "x"})
    assert [write.phase for write in heard] == ["intent", "outcome"]
    assert (heard[1].result, heard[1].status, heard[1].error) == ("unknown", None, "Timeout")


def test_a_write_that_never_left_says_so(connect: Callable[..., Connection], heard: list[Write]) -> None:
    with nobody() as address, pytest.raises(errors.CannotConnect):
        Flowtly(connect(address), tenant="acme", on_write=heard.append).locations.create({"name": "x"})
    assert (heard[1].result, heard[1].error) == ("not-sent", "CannotConnect")


def test_an_intent_that_cannot_be_recorded_stops_the_write(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    def unwilling(write: Write) -> None:
        raise UnwillingError

    flowtly = Flowtly(connect(server.base_url, Login("robot", "x")), tenant="acme", on_write=unwilling)
    with pytest.raises(UnwillingError):
        flowtly.subscriptions.clear_coupon()
    assert server.connections == 0


def test_a_write_that_was_sent_twice_is_told_once(
    server: RawServer, told: Flowtly, heard: list[Write]
) -> None:
    server.then(says(415), says(201, {"id": 1}))
    told.locations.create({"name": "x"})
    assert [write.phase for write in heard] == ["intent", "outcome"]
    assert len(server.asked) == 2


def test_an_upload_is_described_without_its_content(
    server: RawServer, told: Flowtly, heard: list[Write]
) -> None:
    server.script = says(201, {"id": 1})
    told.organizations.upload_icon(b"PNG", "image/png", "icon.png")
    assert heard[0].body == {"file": {"filename": "icon.png", "type": "image/png", "bytes": 3}}


def test_reads_are_not_told(server: RawServer, told: Flowtly, heard: list[Write]) -> None:
    server.script = says(200, {"id": 1})
    told.locations.get("1")
    assert heard == []


def test_an_identifier_that_is_none_announces_nothing(told: Flowtly, heard: list[Write]) -> None:
    with pytest.raises(errors.BadIdentifier):
        told.subscriptions.cancel("..")
    assert heard == []


def test_an_organization_belongs_to_no_tenant_until_it_is_made(
    server: RawServer, told: Flowtly, heard: list[Write]
) -> None:
    server.script = says(201, {"id": "org-1"})
    told.organizations.create({"name": "x"})
    assert heard[0].tenant is None
    assert "instance" not in server.asked[0].headers


def test_who_sends_in_two_tabs_writes_to_two_tenants(
    server: RawServer, told: Flowtly, heard: list[Write]
) -> None:
    server.script = says(201, {"id": 1})
    told.within("one").subscriptions.clear_coupon()
    told.within("two").subscriptions.clear_coupon()
    assert [write.tenant for write in heard] == ["one", "one", "two", "two"]


def test_a_listener_is_told_even_when_the_caller_is_interrupted(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    told: list[Write] = []

    def interrupted(write: Write) -> None:
        told.append(write)

    def answers(asked: Asked, wire: Wire) -> None:
        raise OSError

    server.script = answers
    flowtly = Flowtly(connect(server.base_url), tenant="acme", on_write=interrupted)
    with pytest.raises(TypeError):
        flowtly.locations.create({"name": object()})
    assert (told[1].result, told[1].error) == ("unknown", "TypeError")
