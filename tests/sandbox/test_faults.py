"""Trouble on demand, each kind of it as a caller meets it, with a write that happened or did not."""

import http.client
import socket
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from tests.support.api_caller import Caller
from tests.support.sandbox import Sandbox

LOST = (http.client.HTTPException, OSError)


def strike(caller: Caller, **fault: Any) -> None:
    caller.sandbox.faults("PATCH /locations/.*", fault, times=1)


def rename(caller: Caller, timeout: float = 60) -> Any:
    headers = {"Content-Type": "application/merge-patch+json"}
    return caller.call("PATCH", "/locations/1", {"name": "Anders"}, None, headers, timeout)


def renamed(caller: Caller) -> bool:
    return bool(caller.get("/locations/1").json["name"] == "Anders")


def test_a_fault_strikes_as_often_as_it_was_told_and_only_its_match(caller: Caller) -> None:
    caller.sandbox.faults("GET /locations/[12]", {"status": 503}, times=2)
    assert caller.get("/locations/3").status == 200
    assert caller.get("/locations").status == 200
    statuses = [caller.get("/locations/1?page=1").status for _ in range(3)]
    assert statuses == [503, 503, 200]


def test_a_fault_without_times_stays_until_it_is_cleared(caller: Caller) -> None:
    caller.sandbox.faults(".*", {"status": 500})
    assert {caller.get("/countries").status for _ in range(3)} == {500}
    caller.sandbox.clear_faults()
    assert caller.get("/countries").status == 200


def test_calls_that_are_to_come_together_are_answered_once_all_are_there(caller: Caller) -> None:
    caller.sandbox.faults("GET /locations/.*", {"together": 3})
    with ThreadPoolExecutor(3) as pool:
        first = [pool.submit(caller.get, f"/locations/{number}") for number in (1, 2)]
        assert caller.get("/countries").status == 200
        assert not any(one.done() for one in first)
        last = pool.submit(caller.get, "/locations/3")
        assert [one.result().status for one in (*first, last)] == [200] * 3


@pytest.mark.parametrize("act", [True, False])
@pytest.mark.parametrize("fault", [
    {"status": 503}, {"hang": 0.2}, {"drop": "after"}, {"truncate": 20}, {"raw": "HTTP/9 what\r\n\r\n"},
    {"replace": {"a": 1}}, {"status": 200, "body": ""}, {"status": 502, "body": "<html>"},
], ids=str)  # fmt: skip
def test_a_write_happens_or_not_whatever_is_answered(
    caller: Caller, fault: dict[str, Any], act: bool
) -> None:
    strike(caller, **fault, act=act)
    with suppress(*LOST):
        rename(caller)
    assert renamed(caller) is act


@pytest.mark.parametrize(("fault", "happens"), [
    ({"status": 500}, False), ({"hang": 0.1}, False), ({"drop": "before"}, False), ({"drop": "after"}, True),
    ({"truncate": 5}, True), ({"drip": 100_000}, True), ({"slow_headers": 0.1}, True), ({"delay": 0.1}, True),
    ({"merge": {"name": 5}}, True), ({"remove": ["name"]}, True), ({"headers": {"X-A": "b"}}, True),
], ids=str)  # fmt: skip
def test_whether_a_write_happens_by_itself(caller: Caller, fault: dict[str, Any], happens: bool) -> None:
    strike(caller, **fault)
    with suppress(*LOST):
        rename(caller)
    assert renamed(caller) is happens


def test_an_answer_can_be_stated_in_full(caller: Caller) -> None:
    caller.sandbox.faults(
        "GET /countries",
        {"status": 429, "headers": {"Retry-After": "Wed, 21 Oct 2037 07:28:00 GMT"}, "body": {"a": ["é"]}},
    )
    reply = caller.get("/countries")
    assert (reply.status, reply.json) == (429, {"a": ["é"]})
    assert reply.headers["retry-after"].startswith("Wed")


def test_a_body_of_text_is_a_page_or_plain(caller: Caller) -> None:
    caller.sandbox.faults("GET /countries", {"status": 502, "body": "<html>Bad</html>"}, times=1)
    assert caller.get("/countries").media_type == "text/html"
    caller.sandbox.faults("GET /countries", {"status": 200, "body": "OK"}, times=1)
    assert caller.get("/countries").media_type == "text/plain"
    fault = {"status": 200, "body": "<p>", "content_type": "application/ld+json"}
    caller.sandbox.faults("GET /countries", fault, times=1)
    assert caller.get("/countries").media_type == "application/ld+json"


@pytest.mark.parametrize(
    ("shape", "key"), [("problem", "detail"), ("hydra", "hydra:description"), ("lexik", "message")]
)
def test_a_status_alone_comes_in_the_shape_of_errors_in_use(caller: Caller, shape: str, key: str) -> None:
    caller.sandbox.settings(errors=shape)
    violations = [{"propertyPath": "name", "message": "Too odd."}, {"message": "All of it."}]
    strike(caller, status=422, violations=violations)
    refused = rename(caller)
    assert refused.json[key] == "name: Too odd.\nAll of it."
    assert shape == "lexik" or refused.paths == ["name", ""]


def test_a_redirect_elsewhere_can_be_answered(caller: Caller) -> None:
    caller.sandbox.faults("GET /countries", {"status": 302, "headers": {"Location": "http://127.0.0.2:1/"}})
    assert caller.get("/countries").headers["location"] == "http://127.0.0.2:1/"


def test_silence_lasts_as_long_as_it_was_told_and_ends_in_nothing(caller: Caller) -> None:
    strike(caller, hang=0.3)
    began = time.monotonic()
    with pytest.raises(LOST):
        rename(caller, timeout=60)
    assert 0.25 <= time.monotonic() - began < 60


def test_slow_headers_and_a_dripping_body_take_their_time(caller: Caller) -> None:
    for fault in ({"slow_headers": 0.4}, {"drip": 300}):
        strike(caller, **fault)
        began = time.monotonic()
        assert rename(caller).json["name"] == "Anders"
        assert time.monotonic() - began >= 0.25


def test_a_truncated_answer_promises_more_than_it_brings(caller: Caller) -> None:
    strike(caller, truncate=10)
    with pytest.raises(http.client.IncompleteRead) as lost:
        rename(caller)
    assert lost.value.partial == b'{"@context'


def test_an_act_can_come_after_the_caller_has_gone(caller: Caller) -> None:
    strike(caller, act_after=3600)
    with pytest.raises(LOST):
        rename(caller, timeout=0.1)
    assert not renamed(caller)
    caller.sandbox.act_now()
    assert renamed(caller)


def test_a_late_act_may_follow_an_error_or_a_dropped_connection(caller: Caller) -> None:
    strike(caller, act_after=3600, status=504)
    assert rename(caller).status == 504
    assert not renamed(caller)
    caller.sandbox.act_now()
    assert renamed(caller)
    caller.sandbox.reset()
    strike(caller, act_after=0.2, drop="after")
    with pytest.raises(LOST):
        rename(caller)
    _until(lambda: renamed(caller))


def test_a_reset_calls_off_what_was_still_to_come(caller: Caller) -> None:
    strike(caller, act_after=3600, status=504)
    rename(caller)
    caller.sandbox.reset()
    caller.sandbox.act_now()
    assert not renamed(caller)


def _until(holds: Any, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_real_answer_can_drift(caller: Caller) -> None:
    caller.sandbox.faults(
        "GET /locations/1",
        {"merge": {"id": "one", "extra": {"a": None}}, "remove": ["@type"], "rename": {"name": "title"}},
    )
    drifted = caller.get("/locations/1").json
    assert (drifted["id"], drifted["extra"]) == ("one", {"a": None})
    assert drifted["title"] == "Magazijn Zwolle 1"
    assert "name" not in drifted and "@type" not in drifted


@pytest.mark.parametrize("envelope", ["hydra", "plain", "array"])
def test_the_members_of_a_list_can_drift(caller: Caller, envelope: str) -> None:
    caller.sandbox.settings(envelope=envelope)
    fault = {
        "merge_members": {"status": "odd"},
        "remove_members": ["slug"],
        "rename_members": {"name": "title"},
    }
    caller.sandbox.faults("GET /organizations", fault)
    document = caller.get("/organizations").json
    members = document if envelope == "array" else document.get("hydra:member", document.get("member"))
    assert {each["status"] for each in members} == {"odd"}
    assert not any("slug" in each or "name" in each for each in members)


def test_a_list_can_come_as_an_object_with_numbers_for_keys(caller: Caller) -> None:
    caller.sandbox.faults("GET /locations", {"merge": {"hydra:member": {"0": {"id": 1}, "2": {"id": 3}}}})
    assert caller.get("/locations").members == {"0": {"id": 1}, "2": {"id": 3}}  # type: ignore[comparison-overlap]


def test_the_body_may_be_replaced_and_the_status_kept(caller: Caller) -> None:
    caller.sandbox.faults("POST /locations", {"replace": [1, None]})
    reply = caller.post("/locations", {"name": "Zaal"})
    assert (reply.status, reply.json) == (201, [1, None])


def test_bytes_can_be_put_on_the_wire_as_they_are(caller: Caller) -> None:
    raw = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\xff"
    caller.sandbox.faults("GET /countries", {"raw": raw})
    assert caller.get("/countries").body == b"\x1f\x8b\xff"


def test_the_login_and_uploads_can_be_struck_too(caller: Caller) -> None:
    caller.sandbox.faults("POST /login", {"status": 503}, times=1)
    assert caller.sign_in().status == 503
    caller.sandbox.faults("POST /organizations/logo", {"drop": "before"}, times=1)
    with pytest.raises(LOST):
        caller.upload("/organizations/logo", "file", b"x")


# Control


def test_the_log_says_what_arrived(caller: Caller) -> None:
    caller.sandbox.clear_requests()
    caller.patch("/locations/1?a=b", {"name": "Anders"})
    caller.upload("/organizations/icon", "file", b"\xff\xd8\xff\x00")
    caller.get("/locations/999")
    first, second, third = caller.sandbox.requests()
    assert (first["method"], first["path"], first["query"]) == ("PATCH", "/locations/1", {"a": "b"})
    assert (first["body"], first["status"]) == ({"name": "Anders"}, 200)
    assert first["headers"]["content-type"] == "application/merge-patch+json"
    assert first["headers"]["instance"] == "org_1001"
    assert set(second["body"]) == {"base64"}
    assert (third["status"], third["body"]) == (404, None)


def test_a_request_that_got_no_answer_is_logged_with_no_status(caller: Caller) -> None:
    strike(caller, drop="after")
    with pytest.raises(LOST):
        rename(caller)
    assert caller.sandbox.requests()[-1]["status"] == 0


def test_control_is_neither_logged_nor_struck(caller: Caller) -> None:
    caller.sandbox.faults(".*", {"status": 500})
    caller.sandbox.settings(latency=30_000)
    began = time.monotonic()
    caller.sandbox.clear_requests()
    assert caller.sandbox.requests() == []
    assert time.monotonic() - began < 30


def test_a_reset_restores_everything(caller: Caller) -> None:
    caller.sandbox.faults(".*", {"status": 500}, times=0)
    caller.sandbox.settings(envelope="array")
    caller.post("/organizations/clear", {})
    caller.post("/organizations", {"name": "Meer"})
    caller.sandbox.reset()
    assert caller.sandbox.requests() == []
    assert caller.get("/clients").total == 400
    assert caller.get("/organizations").total == 42


def test_latency_delays_each_answer(caller: Caller) -> None:
    caller.sandbox.settings(latency=120)
    began = time.monotonic()
    caller.get("/countries")
    assert time.monotonic() - began >= 0.12


@pytest.mark.parametrize(("word", "body"), [
    ("faults", {"match": "(", "fault": {}}), ("faults", {"fault": {}}),
    ("faults", {"match": "x", "fault": {"boom": 1}}),
    ("faults", {"match": "x", "fault": {"hang": "long"}}), ("faults", {"match": "x", "fault": {"drop": "now"}}),
    ("settings", {"envelope": "xml"}), ("settings", {"colour": 1}), ("settings", {"latency": "5"}),
])  # fmt: skip
def test_control_says_what_it_did_not_understand(sandbox: Sandbox, word: str, body: Any) -> None:
    with pytest.raises(RuntimeError, match="refused"):
        sandbox._control("POST", word, body)


def test_a_caller_who_talks_nonsense_is_told_so(sandbox: Sandbox) -> None:
    host, port = urllib.parse.urlsplit(sandbox.origin).netloc.split(":")
    for sent, status in (
        (b"what\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 70_000, b"431"),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"400"),
    ):
        with socket.create_connection((host, int(port)), timeout=60) as peer:
            peer.sendall(sent)
            assert peer.recv(1000).split(b" ")[1] == status
    assert sandbox.requests() == []
