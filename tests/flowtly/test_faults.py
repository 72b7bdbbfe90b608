"""Everything a network and a server can do wrong, told as one of our errors."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from dashboard.flowtly import Connection, Flowtly, errors
from tests.flowtly.conftest import SOON
from tests.support.raw_server import Asked, RawServer, Script, Wire, answer, nobody, says, sends

BREAKS: dict[str, tuple[Script, type[errors.FlowtlyError]]] = {
    "reset": (lambda asked, wire: wire.reset(), errors.ConnectionLost),
    "closed before the answer": (lambda asked, wire: wire.close(), errors.ConnectionLost),
    "garbage status line": (sends(b"SSH-2.0-OpenSSH\r\n\r\n"), errors.ConnectionLost),
    "huge header": (
        sends(b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * 300_000 + b"\r\n\r\n{}"),
        errors.ConnectionLost,
    ),
    "headers cut short": (sends(b"HTTP/1.1 200 OK\r\nContent-Le"), errors.ConnectionLost),
    "truncated": (sends(answer(200, b'{"id": 1}')[:-3]), errors.Truncated),
    "truncated gzip": (
        says(200, gzip.compress(b'{"id": 1}' + b" " * 99)[:-9], Content_Encoding="gzip"),
        errors.Truncated,
    ),
    "bad chunks": (
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
        errors.Truncated,
    ),
}

NONSENSE: dict[str, bytes] = {
    "invalid JSON": b'{"id": 1',
    "HTML": b"<!doctype html><title>Welcome</title>",
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "200,000 nested arrays": b"[" * 200_000 + b"]" * 200_000,
    "70 nested arrays": b'{"name": ' + b"[" * 70 + b"]" * 70 + b"}",
    "NaN": b'{"id": NaN}',
    "infinity": b'{"id": -Infinity}',
    "a float too big to hold": b'{"id": 1e999}',
    "5,000 digits": b'{"id": ' + b"9" * 5000 + b"}",
    "a key twice": b'{"id": 1, "id": 2}',
    "half a character": b'{"name": "\\ud800"}',
    "a string": b'"done"',
    "a number": b"7",
    "null": b"null",
}


@pytest.mark.parametrize("fault", BREAKS)
def test_a_broken_connection_is_told_as_one(fault: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script, expected = BREAKS[fault]
    with pytest.raises(expected) as raised:
        flowtly.locations.get("1")
    assert raised.value.sent
    assert not raised.value.outcome_unknown
    assert raised.value.method == "GET"
    assert raised.value.path == "/locations/1"
    assert raised.value.request_id == "req-1"
    assert len(server.asked) == 3


@pytest.mark.parametrize("fault", BREAKS)
@pytest.mark.parametrize("act", ["create", "update", "delete", "upload"])
def test_a_write_whose_answer_is_lost_has_an_unknown_outcome_and_is_not_repeated(
    fault: str, act: str, server: RawServer, flowtly: Flowtly
) -> None:
    server.script, expected = BREAKS[fault]
    with pytest.raises(expected) as raised:
        _act(flowtly, act)
    assert raised.value.outcome_unknown
    assert len(server.asked) == 1


@pytest.mark.parametrize("fault", NONSENSE)
def test_an_answer_that_cannot_be_read_is_told_as_one(
    fault: str, server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(200, NONSENSE[fault])
    with pytest.raises(errors.Unreadable) as raised:
        flowtly.locations.get("1")
    assert raised.value.status == 200
    assert len(server.asked) == 1


@pytest.mark.parametrize("fault", NONSENSE)
def test_a_list_that_cannot_be_read_is_told_as_one(fault: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, NONSENSE[fault])
    with pytest.raises(errors.Unreadable):
        flowtly.locations.list()


@pytest.mark.parametrize("fault", NONSENSE)
def test_a_write_answered_unreadably_has_an_unknown_outcome(
    fault: str, server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(200, NONSENSE[fault])
    with pytest.raises(errors.Unreadable) as raised:
        flowtly.locations.create({"name": "x"})
    assert raised.value.outcome_unknown
    assert len(server.asked) == 1


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_a_body_that_cannot_be_decoded_is_unreadable(
    encoding: str, server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(200, b"this is not compressed", Content_Encoding=encoding)
    with pytest.raises(errors.Unreadable):
        flowtly.locations.get("1")


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
def test_a_compressed_body_is_read(
    compress: Callable[[bytes], bytes], server: RawServer, flowtly: Flowtly
) -> None:
    encoding = "gzip" if compress is gzip.compress else "deflate"
    server.script = says(200, compress(b'{"id": 1, "name": "Aalborg \xc3\x98st"}'), Content_Encoding=encoding)
    assert flowtly.locations.get("1").name == "Aalborg Øst"


def test_a_gzip_bomb_costs_little_memory(server: RawServer, connect: Callable[..., Connection]) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    server.script = says(200, bomb, Content_Encoding="gzip")
    locations = Flowtly(connect(server.base_url), tenant="acme").locations
    tracemalloc.start()
    try:
        with pytest.raises(errors.Unreadable) as raised:
            locations.get("1")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "larger" in raised.value.detail
    assert most < 16 * 1024 * 1024


def test_a_body_larger_than_the_cap_is_not_read_to_its_end(server: RawServer, flowtly: Flowtly) -> None:
    def endless(asked: Asked, wire: Wire) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            wire.send(b" " * 65536)

    server.script = endless
    with pytest.raises(errors.Unreadable):
        flowtly.locations.get("1")


def test_an_empty_answer_to_a_read_is_unreadable(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200)
    with pytest.raises(errors.Unreadable):
        flowtly.locations.get("1")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_an_empty_answer_to_a_write_is_an_empty_record(
    status: int, server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(status) if status != 204 else sends(b"HTTP/1.1 204 No Content\r\n\r\n")
    record = flowtly.locations.create({"name": "x"})
    assert (record.id, record.raw, record.said("name")) == ("", {}, False)


def test_a_new_record_without_a_body_is_known_by_its_location(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(201, Location="/locations/17")
    assert flowtly.locations.create({"name": "x"}).id == "17"


@pytest.mark.parametrize(
    "location",
    ["//evil.example/x", "http://[", "https://evil.example/", "/organizations/9", "javascript:alert(1)"],
)
def test_a_hostile_location_names_no_record(location: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(201, Location=location)
    assert flowtly.locations.create({"name": "x"}).id == ""


@pytest.mark.parametrize("act", ["get", "create", "update", "delete", "upload"])
def test_a_refused_connection_means_nothing_was_sent(act: str, connect: Callable[..., Connection]) -> None:
    with nobody() as address, pytest.raises(errors.CannotConnect) as raised:
        _act(Flowtly(connect(address), tenant="acme", request_id="req-1"), act)
    assert not raised.value.sent
    assert not raised.value.outcome_unknown
    assert raised.value.request_id == "req-1"


def test_a_host_without_an_address_means_nothing_was_sent(connect: Callable[..., Connection]) -> None:
    with pytest.raises(errors.CannotConnect):
        Flowtly(connect("http://no-such-host.invalid"), tenant="acme").locations.get("1")


def test_tls_that_the_server_does_not_speak_means_nothing_was_sent(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    server.script = sends(b"no TLS here")
    address = server.base_url.replace("http:", "https:")
    with pytest.raises(errors.CannotConnect):
        Flowtly(connect(address, write_total=SOON), tenant="acme").locations.create({"name": "x"})
    assert all(asked.headers.get("x-request-id") is None for asked in server.asked)


def _act(flowtly: Flowtly, act: str) -> object:
    acts: dict[str, Callable[[], object]] = {
        "get": lambda: flowtly.locations.get("1"),
        "create": lambda: flowtly.locations.create({"name": "x"}),
        "update": lambda: flowtly.locations.update("1", {"name": "x"}),
        "delete": lambda: flowtly.addresses.delete("1"),
        "upload": lambda: flowtly.organizations.upload_logo(b"PNG", "image/png", "logo.png"),
    }
    return acts[act]()
