"""Faults on the wire: what is done, and what is answered, where one strikes."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import responses

from dashboard.sandbox import error_shapes, media_types
from dashboard.sandbox.faults import KINDS, Fault, Faults
from dashboard.sandbox.messages import Answer, Request, json_bytes
from dashboard.sandbox.refusals import Refusal, Violation, in_words
from dashboard.sandbox.server import Connection

Act = Callable[[bool], Answer]  # with False the act is tried, answered and taken back

LONGEST_SILENCE = 300.0
WORDS = {401: "Expired JWT Token", 403: "Access Denied.", 404: "Not Found"}
DRIFTS = frozenset(name for name in KINDS if name.startswith(("merge", "remove", "rename")))


@dataclass
class Struck:
    """A request that a fault has hit, and all that is needed to play it."""

    connection: Connection
    request: Request
    act: Act
    shape: str  # of errors
    note: Callable[[int], None]  # the status for the log; 0 is no answer

    def close(self) -> None:
        self.note(0)
        self.connection.open = False


def play(faults: Faults, fault: Fault, struck: Struck) -> None:
    """Acts or not, answers or not, as the fault says."""
    if "delay" in fault and not faults.wait(fault["delay"]):
        struck.close()
        return
    if "together" in fault and not faults.meet(fault):
        struck.close()
        return
    if "act_after" in fault:
        _act_late(faults, fault, struck)
        return
    wanted = fault.get("act", _acts_by_itself(fault))
    real = None if _silent_and_idle(fault, wanted) else struck.act(wanted)
    if "hang" in fault:
        struck.note(0)
        faults.wait(fault["hang"], struck.connection)
    if "hang" in fault or "drop" in fault:
        struck.close()
    else:
        _send(fault, struck, _rewritten(fault, real, struck.shape))


def _acts_by_itself(fault: Fault) -> bool:
    return not ({"status", "hang", "raw"} & fault.keys() or fault.get("drop") == "before")


def _silent_and_idle(fault: Fault, wanted: bool) -> bool:
    return not wanted and bool({"status", "hang", "raw", "drop"} & fault.keys())


def _act_late(faults: Faults, fault: Fault, struck: Struck) -> None:
    faults.later(fault["act_after"], lambda: _ignore(struck.act(True)))
    if "status" in fault:
        _send(fault, struck, _rewritten(fault, None, struck.shape))
        return
    struck.note(0)
    if "drop" not in fault:
        faults.wait(fault.get("hang", LONGEST_SILENCE), struck.connection)
    struck.close()


def _ignore(answer: Answer) -> None:
    """Nobody is there to read it any more."""


# Another answer than the real one


def _rewritten(fault: Fault, real: Answer | None, shape: str) -> Answer:
    answer = _stated(fault, shape) if "status" in fault else real
    if answer is None:
        answer = Answer(200)
    _drift(fault, answer)
    if "content_type" in fault:
        answer.headers["Content-Type"] = fault["content_type"]
    answer.headers |= {str(name): str(value) for name, value in fault.get("headers", {}).items()}
    return answer


def _stated(fault: Fault, shape: str) -> Answer:
    if "body" not in fault:
        return _refused(fault, shape)
    body = fault["body"]
    if isinstance(body, str):
        media_type = "text/html" if body.lstrip().startswith("<") else "text/plain"
        return Answer(fault["status"], body.encode("utf-8", "surrogateescape"), {"Content-Type": media_type})
    media_type = media_types.PROBLEM if fault["status"] >= 400 else media_types.LD
    return Answer(fault["status"], json_bytes(body), {"Content-Type": media_type})


def _refused(fault: Fault, shape: str) -> Answer:
    status = fault["status"]
    if status < 400:
        return Answer(status)
    found = [
        Violation(each.get("propertyPath", ""), each.get("message", ""), each.get("code", ""))
        for each in fault.get("violations", [])
    ]
    detail = in_words(found) or WORDS.get(status) or responses.get(status, "Error")
    return error_shapes.refused(Refusal(status, detail, found), shape)


def _drift(fault: Fault, answer: Answer) -> None:
    if "replace" in fault:
        answer.body = json_bytes(fault["replace"])
        answer.headers.setdefault("Content-Type", media_types.LD)
        return
    if not fault.keys() & DRIFTS:
        return
    document = json.loads(answer.body or b"{}")
    _reshape(document, fault, "")
    for member in _members(document):
        _reshape(member, fault, "_members")
    answer.body = json_bytes(document)


def _reshape(document: object, fault: Fault, suffix: str) -> None:
    if not isinstance(document, dict):
        return
    for old, new in fault.get(f"rename{suffix}", {}).items():
        if old in document:
            document[new] = document.pop(old)
    for name in fault.get(f"remove{suffix}", []):
        document.pop(name, None)
    document.update(fault.get(f"merge{suffix}", {}))


def _members(document: object) -> list[object]:
    if isinstance(document, dict):
        document = document.get("hydra:member", document.get("member", []))
    return document if isinstance(document, list) else []


# The same answer, badly delivered


def _send(fault: Fault, struck: Struck, answer: Answer) -> None:
    connection = struck.connection
    struck.note(answer.status)
    if "raw" in fault:
        connection.open = False
        connection.write(fault["raw"].encode("latin-1", "replace"))
    elif "truncate" in fault:
        connection.open = False
        connection.write(answer.head(keep_alive=False) + answer.body[: fault["truncate"]])
    elif "slow_headers" in fault:
        head = answer.head(connection.open)
        _drip(connection, head, len(head) / max(fault["slow_headers"], 0.001))
        connection.write(answer.body)
    elif "drip" in fault:
        connection.write(answer.head(connection.open))
        _drip(connection, answer.body, max(fault["drip"], 0.001))
    else:
        connection.send(answer, struck.request.method == "HEAD")


def _drip(connection: Connection, data: bytes, rate: float) -> None:
    """A few bytes at a time, at so many bytes a second, until all is sent or the caller has gone."""
    step = max(1, int(rate / 20))
    for start in range(0, len(data), step):
        connection.write(data[start : start + step])
        time.sleep(step / rate)
        if not connection.open:
            return
