"""Trouble on demand: which requests it strikes, and how each kind of it is played on the wire.

Another answer      {"status": 503, "headers": {...}, "body": text or JSON, "content_type": "...", "violations": [...]}
                    without a body the status comes in the shape of errors in use
A drifting answer   {"replace": JSON} {"merge": {...}} {"remove": [...]} {"rename": {"old": "new"}}
                    and merge_members, remove_members, rename_members for what a list holds
Bad delivery        {"drip": bytes a second} {"slow_headers": seconds} {"truncate": bytes} {"raw": latin-1 text}
No answer           {"hang": seconds} {"drop": "before" or "after"}
Time                {"delay": seconds}; {"act_after": seconds} acts late, and is silent unless it has a status

Each may have "act": whether a write happens. By itself it does, but not with status, hang, raw and drop before.
Where the real answer is needed and the write may not happen, it is tried and taken back.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import responses
from typing import Any

from dashboard.sandbox import contract
from dashboard.sandbox.messages import Answer, Request, json_bytes
from dashboard.sandbox.refusals import Refusal, Violation, in_words
from dashboard.sandbox.server import Connection

Fault = dict[str, Any]
Act = Callable[[bool], Answer]  # with False the act is tried, answered and taken back

KINDS: dict[str, Any] = {
    "status": int, "headers": dict, "body": object, "content_type": str, "violations": list,
    "hang": (int, float), "drip": (int, float), "slow_headers": (int, float), "truncate": int, "drop": str,
    "act_after": (int, float), "replace": object, "merge": dict, "remove": list, "rename": dict,
    "merge_members": dict, "remove_members": list, "rename_members": dict,
    "delay": (int, float), "act": bool, "raw": str,
}  # fmt: skip
LONGEST_SILENCE = 300.0
WORDS = {401: "Expired JWT Token", 403: "Access Denied.", 404: "Not Found"}


@dataclass
class Planned:
    match: re.Pattern[str]
    fault: Fault
    times: int | None


class Faults:
    def __init__(self) -> None:
        self._planned: list[Planned] = []
        self._late: list[threading.Timer] = []
        self._over = threading.Event()
        self._lock = threading.Lock()

    def add(self, match: str, fault: Fault, times: int | None) -> None:
        for name, value in fault.items():
            if name not in KINDS or not isinstance(value, KINDS[name]):
                raise ValueError(f"A fault does not take {name!r}: {value!r}.")
        if fault.get("drop") not in (None, "before", "after"):
            raise ValueError("drop is before or after.")
        with self._lock:
            self._planned.append(Planned(re.compile(match), fault, times))

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def forget(self) -> None:
        """Besides what is planned, what is under way: late acts do not happen, who waits is let go."""
        with self._lock:
            self._planned.clear()
            for timer in self._late:
                timer.cancel()
            self._late.clear()
            self._over.set()
            self._over = threading.Event()

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that is meant for this request, counted down."""
        if not self._planned:
            return None
        with self._lock:
            for planned in self._planned:
                if planned.times != 0 and planned.match.fullmatch(f"{method} {path}"):
                    planned.times = None if planned.times is None else planned.times - 1
                    return planned.fault
        return None

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        with self._lock:
            self._late = [each for each in self._late if each.is_alive()]
            self._late.append(timer)
        timer.start()

    def wait(self, seconds: float, connection: Connection | None = None) -> bool:
        """False when it was cut short: by a reset, or because the caller has gone."""
        over, ends = self._over, time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            if connection is None:
                if over.wait(left):
                    return False
            elif connection.caller_left(min(left, 0.05)) or over.is_set():
                return False
        return True


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
    media_type = contract.PROBLEM if fault["status"] >= 400 else contract.LD
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
    return contract.refused(Refusal(status, detail, found), shape)


def _drift(fault: Fault, answer: Answer) -> None:
    if "replace" in fault:
        answer.body = json_bytes(fault["replace"])
        answer.headers.setdefault("Content-Type", contract.LD)
        return
    if not fault.keys() & {name for name in KINDS if name.startswith(("merge", "remove", "rename"))}:
        return
    document = json.loads(answer.body or b"{}")
    _reshape(document, fault, "")
    for member in _members(document):
        _reshape(member, fault, "_members")
    answer.body = json_bytes(document)


def _reshape(document: Any, fault: Fault, suffix: str) -> None:
    if not isinstance(document, dict):
        return
    for old, new in fault.get(f"rename{suffix}", {}).items():
        if old in document:
            document[new] = document.pop(old)
    for name in fault.get(f"remove{suffix}", []):
        document.pop(name, None)
    document.update(fault.get(f"merge{suffix}", {}))


def _members(document: Any) -> list[Any]:
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
