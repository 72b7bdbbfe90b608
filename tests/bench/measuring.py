"""How time, processor and memory are taken: medians of runs that take turns, so that what else the machine does
strikes both sides."""

import http.client
import os
import statistics
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
median = statistics.median


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


class Caller:
    """A connection that is kept open and says what it is told to, with nothing of its own between."""

    def __init__(self, address: str, **headers: str) -> None:
        self._at = urllib.parse.urlsplit(address)
        self.headers = _named(headers)
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers=_named(headers))

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Sent once more, where the server has ended the connection meanwhile."""
        kept = self._connection is not None
        try:
            return self._send(method, path, body, {**self.headers, **(headers or {})})
        except (http.client.RemoteDisconnected, ConnectionError):
            self.close()
            if not kept:
                raise
            return self._send(method, path, body, {**self.headers, **(headers or {})})

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        begun = time.perf_counter()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._at.netloc, timeout=120)
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - begun
        if answer.will_close:
            self.close()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, content, took)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


Run = Callable[[], float]  # seconds


def in_turns(runs: Mapping[str, Run], times: int) -> dict[str, list[float]]:
    """What each takes, by its name: one of each, then again. The first of each is for warming and does not count."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(times + 1):
        for name, run in runs.items():
            took = run()
            if turn:
                taken[name].append(took)
    return taken


def medians(runs: Mapping[str, Run], times: int) -> dict[str, float]:
    return {name: median(taken) for name, taken in in_turns(runs, times).items()}


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


# Processes


def tree(pid: int) -> list[int]:
    """The process and all that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in tree(int(child)))]


def processor_seconds(pids: Sequence[int]) -> float:
    """What the processes have used of the processor since they began, user and system."""
    used = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS


def megabytes(pids: Sequence[int]) -> float:
    """The memory that would be free without them: what they share is counted once (PSS)."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def load() -> str:
    """What the system calls load, and how long a loop of a known length takes: in a container the former does not show
    what others do on the same processors."""
    begun, used = time.perf_counter(), time.process_time()
    sum(range(3_000_000))
    wall, processor = time.perf_counter() - begun, time.process_time() - used
    return (
        f"load {os.getloadavg()[0]:.1f}, a loop of {processor * 1000:.0f} ms CPU takes {wall * 1000:.0f} ms"
    )


# Many at once


@dataclass
class Crowd:
    """What many people who click without a pause were answered."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    took: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return sum(status == 200 for status in self.statuses) / self.took

    @property
    def refused(self) -> int:
        return sum(status != 200 for status in self.statuses)

    def within(self, part: float) -> float:
        """The time within which this part of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)]

    @property
    def spread(self) -> float:
        return self.within(0.95) / self.within(0.5)


def crowd(
    people: Sequence[tuple[Caller, str]], seconds: float, warm: bool = True, pause: float = 0.0
) -> Crowd:
    """Each asks for their page again and again, on a connection of their own, with a pause after each answer. Who has
    asked before the end is waited for; a first answer, for warming, is not counted."""
    seen = Crowd()
    lock = threading.Lock()
    ready = threading.Barrier(len(people) + 1)
    ends = [0.0]

    def click(caller: Caller, path: str) -> None:
        try:
            if warm:
                caller.get(path)
        finally:
            ready.wait()
        while time.perf_counter() < ends[0]:
            try:
                reply = caller.get(path)
            except OSError:
                reply = Reply(0, {}, b"", 0.0)
            with lock:
                seen.statuses.append(reply.status)
                seen.seconds.append(reply.seconds)
            time.sleep(pause)
        caller.close()

    threads = [threading.Thread(target=click, args=person) for person in people]
    for thread in threads:
        thread.start()
    ends[0] = time.perf_counter() + 600
    ready.wait()
    begun = time.perf_counter()
    ends[0] = begun + seconds
    for thread in threads:
        thread.join()
    seen.took = time.perf_counter() - begun
    return seen
