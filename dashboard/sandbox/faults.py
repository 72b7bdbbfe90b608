"""Faults on demand: which requests they strike.

Another answer      {"status": 503, "headers": {...}, "body": text or JSON, "content_type": "...", "violations": [...]}
                    without a body the status comes in the shape of errors in use
A drifting answer   {"replace": JSON} {"merge": {...}} {"remove": [...]} {"rename": {"old": "new"}}
                    and merge_members, remove_members, rename_members for what a list holds
Bad delivery        {"drip": bytes a second} {"slow_headers": seconds} {"truncate": bytes} {"raw": latin-1 text}
No answer           {"hang": seconds} {"drop": "before" or "after"}
Time                {"delay": seconds}; {"act_after": seconds} acts late, or when /_control/act-now is posted to, and is
                    silent unless it has a status
Company             {"together": number} answers once so many are there, and none of them before

Each may have "act": whether a write happens. By itself it does, but not with status, hang, raw and drop before.
Where the real answer is needed and the write may not happen, it is tried and taken back.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.sandbox.server import Connection

Fault = dict[str, Any]

LONGEST_WAIT = 60.0

KINDS: dict[str, Any] = {
    "status": int, "headers": dict, "body": object, "content_type": str, "violations": list,
    "hang": (int, float), "drip": (int, float), "slow_headers": (int, float), "truncate": int, "drop": str,
    "act_after": (int, float), "replace": object, "merge": dict, "remove": list, "rename": dict,
    "merge_members": dict, "remove_members": list, "rename_members": dict,
    "delay": (int, float), "act": bool, "raw": str, "together": int,
}  # fmt: skip


@dataclass
class Planned:
    match: re.Pattern[str]
    fault: Fault
    times: int | None


class Faults:
    def __init__(self) -> None:
        self._planned: list[Planned] = []
        self._late: list[threading.Timer] = []
        self._meetings: dict[int, threading.Barrier] = {}  # by the fault that calls for them
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
            for meeting in self._meetings.values():
                meeting.abort()
            self._meetings.clear()
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

    def meet(self, fault: Fault) -> bool:
        """Waits for the others; False where they do not come."""
        with self._lock:
            meeting = self._meetings.setdefault(id(fault), threading.Barrier(fault["together"]))
        try:
            meeting.wait(LONGEST_WAIT)
        except threading.BrokenBarrierError:
            return False
        return True

    def act_now(self) -> None:
        """Late acts happen at once."""
        with self._lock:
            late, self._late = self._late, []
        for timer in late:
            if timer.is_alive():
                timer.cancel()
                timer.function()

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
