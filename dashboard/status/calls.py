"""Calls to Flowtly of all web processes together, from what each has last said of itself."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from django.utils import timezone

from dashboard.status.models import Process

RECENT = 15 * 60  # seconds: calls that count
NEWEST = 200  # of these, per kind, over all processes
JUST_NOW = 30  # seconds: what a process has in flight is worth telling


@dataclass
class CallGroup:
    """Calls of one kind: the first segment of their paths. Times in milliseconds, None without any."""

    kind: str
    times: list[tuple[float, float]] = field(default_factory=list)
    calls: int = 0
    failed: int = 0
    busy: int = 0
    in_flight: int = 0

    @property
    def recent(self) -> list[float]:
        since = time.time() - RECENT
        newest = sorted(each for each in self.times if each[0] >= since)[-NEWEST:]
        return [took for _, took in newest]

    @property
    def median(self) -> float | None:
        return median(self.recent) if self.recent else None

    @property
    def p95(self) -> float | None:
        """Time that 19 of 20 did not exceed."""
        ordered = sorted(self.recent)
        return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)] if ordered else None


@dataclass(frozen=True)
class Heard:
    """Web process as it was when it was last heard of. Moments are aware; None where there is none."""

    name: str
    at: datetime
    token: str  # login, long-lived, none
    token_since: datetime | None
    token_until: datetime | None
    resting: bool
    left_alone: bool


def processes() -> list[Process]:
    """Processes heard of lately, the latest first."""
    since = timezone.now() - timedelta(seconds=RECENT)
    return list(Process.objects.filter(at__gte=since).order_by("-at"))


def heard(process: Process) -> Heard:
    token: Mapping[str, Any] = process.figures.get("token", {})
    return Heard(
        name=":".join(process.key.split(":")[:2]),
        at=process.at,
        token=token.get("kind", "none"),
        token_since=_moment(token.get("since")),
        token_until=_moment(token.get("until")),
        resting=(token.get("resting_until") or 0) > time.time(),
        left_alone=bool(process.figures.get("left_alone")),
    )


def groups(heard_of: Iterable[Process]) -> list[CallGroup]:
    found: dict[str, CallGroup] = {}
    for process in heard_of:
        figures, fresh = process.figures, (timezone.now() - process.at).total_seconds() < JUST_NOW
        for kind, said in figures.get("kinds", {}).items():
            group = found.setdefault(kind, CallGroup(kind))
            group.times += [(at, took) for at, took in said["times"]]
            group.calls += said["calls"]
            group.failed += said["failed"]
            group.in_flight += said["in_flight"] if fresh else 0
        for kind, times in figures.get("busy", {}).items():
            found.setdefault(kind, CallGroup(kind)).busy += times
    return sorted(found.values(), key=lambda group: group.kind)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
