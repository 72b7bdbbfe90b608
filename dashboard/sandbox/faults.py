"""Trouble on demand: which requests it strikes, and how each kind of it is played on the wire."""

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.sandbox import contract
from dashboard.sandbox.messages import Answer, Request, json_bytes
from dashboard.sandbox.refusals import Refusal, Violation
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


@dataclass
class Planned:
    match: re.Pattern[str]
    fault: Fault
    times: int | None


class Faults:
    def __init__(self) -> None:
        self._planned: list[Planned] = []
        self._lock = threading.Lock()

    def add(self, match: str, fault: Fault, times: int | None) -> None:
        for name, value in fault.items():
            if name not in KINDS or not isinstance(value, KINDS[name]):
                raise ValueError(f"A fault does not take {name!r}: {value!r}.")
        with self._lock:
            self._planned.append(Planned(re.compile(match), fault, times))

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that is meant for this request, counted down."""
        if not self._planned:
            return None
        with self._lock:
            for planned in self._planned:
                if planned.match.fullmatch(f"{method} {path}") and planned.times != 0:
                    planned.times = None if planned.times is None else planned.times - 1
                    return planned.fault
        return None


def play(fault: Fault, connection: Connection, request: Request, act: Act, shape: str) -> int:
    """Acts or not, answers or not, as the fault says. Returns the status the log shows; 0 is no answer."""
    if fault.get("delay"):
        time.sleep(fault["delay"])
    if "act_after" in fault:
        return _act_late(fault, connection, act, shape)
    wanted = fault.get("act", _acts_by_itself(fault))
    answer = None if _silent_and_idle(fault, wanted) else act(wanted)
    if "hang" in fault or "drop" in fault:
        connection.caller_left(fault.get("hang", 0)) if "hang" in fault else None
        connection.open = False
        return 0
    answer = _rewritten(fault, answer, shape)
    _send(fault, connection, answer, request.method == "HEAD")
    return answer.status


def _acts_by_itself(fault: Fault) -> bool:
    return not ({"status", "hang", "raw"} & fault.keys() or fault.get("drop") == "before")


def _silent_and_idle(fault: Fault, wanted: bool) -> bool:
    return not wanted and bool({"status", "hang", "raw", "drop"} & fault.keys())


def _act_late(fault: Fault, connection: Connection, act: Act, shape: str) -> int:
    def later() -> None:
        time.sleep(fault["act_after"])
        act(True)

    threading.Thread(target=later, daemon=True).start()
    if "status" in fault:
        answer = _rewritten(fault, None, shape)
        _send(fault, connection, answer, False)
        return answer.status
    if "drop" not in fault:
        connection.caller_left(fault.get("hang", LONGEST_SILENCE))
    connection.open = False
    return 0


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
    detail = "\n".join(f"{each.path}: {each.message}" for each in found) or "The sandbox was told to refuse."
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


def _send(fault: Fault, connection: Connection, answer: Answer, head_only: bool) -> None:
    if "raw" in fault:
        connection.open = False
        connection.write(fault["raw"].encode("latin-1", "replace"))
    elif "truncate" in fault:
        head = answer.head(keep_alive=False)
        connection.open = False
        connection.write(head + answer.body[: fault["truncate"]])
    elif "slow_headers" in fault:
        _drip(connection, answer.head(connection.open), len(answer.head(True)) / fault["slow_headers"])
        connection.write(answer.body)
    elif "drip" in fault:
        connection.write(answer.head(connection.open))
        _drip(connection, answer.body, fault["drip"])
    else:
        connection.send(answer, head_only)


def _drip(connection: Connection, data: bytes, rate: float) -> None:
    """A few bytes at a time, at so many bytes a second, until all is sent or the caller has gone."""
    step = max(1, int(rate / 20))
    for start in range(0, len(data), step):
        connection.write(data[start : start + step])
        with contextlib.suppress(ZeroDivisionError):
            time.sleep(step / rate)
        if not connection.open:
            return
