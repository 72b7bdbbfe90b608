"""Snapshots of a web process, from its memory to the database: every few seconds at most and after an answer has gone
out, so that nobody waits for it. A database that does not take it fails no page: it is said in the log, once."""

import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dashboard.flowtly.connection import Connection
from dashboard.status.figures import Figures
from dashboard.status.models import Met, Process, Reads
from dashboard.storage.database import hurried
from dashboard.upstream import connection

if TYPE_CHECKING:
    from dashboard.flowtly.contract import drift

EVERY = 5.0  # seconds
STALE = timedelta(minutes=15)
MOST_MET = 500  # rows; what is new after that waits until somebody forgets some
MOST_VALUES = 30  # of one field: one that takes ever new values has no closed list of them

log = logging.getLogger(__name__)
_lock = Lock()
_due = 0.0
_silent = False


def keep_sometimes(**_signal: object) -> None:
    """After each request. Almost always this is a look at the clock."""
    if time.monotonic() >= _due:
        keep()


def keep() -> None:
    global _due, _silent
    used = connection.used()
    if used is None or not _lock.acquire(blocking=False):
        return
    _due = time.monotonic() + EVERY
    try:
        with hurried(), transaction.atomic():
            _keep(used)
        _silent = False
    except DatabaseError:
        if not _silent:
            log.exception("The figures of this process could not be kept; this is said once.")
        _silent = True
    finally:
        _lock.release()


def _keep(used: Connection) -> None:
    figures = used.listener(Figures)
    if figures is not None:
        key = f"{socket.gethostname()[:60]}:{os.getpid()}:{figures.since:.3f}"
        said = {**used.snapshot(), "since": figures.since, "kinds": figures.snapshot()}
        Process.objects.update_or_create(key=key, defaults={"figures": said, "at": timezone.now()})
    Process.objects.filter(at__lt=timezone.now() - STALE).delete()
    met, reads = _drift(used)
    if met:
        _met(met)
    if reads:
        _reads(reads)


def _drift(used: Connection) -> "tuple[list[drift.Met], dict[str, drift.Reads]]":
    try:
        from dashboard.flowtly.contract.drift import Drift
    except ImportError:
        return [], {}
    listener = used.listener(Drift)
    return listener.take() if listener else ([], {})


def _met(found: "Iterable[drift.Met]") -> None:
    kept = {(row.kind, row.entity, row.name, row.detail): row.pk for row in Met.objects.all()}
    values = Counter((entity, name) for kind, entity, name, _ in kept if kind == "value")
    new = []
    for one in found:
        if pk := kept.get((one.kind, one.entity, one.name, one.detail)):
            # Of a field of another type the latest sample is the one that has to be understood.
            latest = {"last": _moment(one.last), "sample": one.sample, "type": one.type}
            Met.objects.filter(pk=pk).update(count=F("count") + one.count, **latest)
        elif one.kind != "value" or values[one.entity, one.name] < MOST_VALUES:
            values[one.entity, one.name] += one.kind == "value"
            new.append(_row(one))
    # Another process may have met the same: then it counts there, and here from the next time on.
    Met.objects.bulk_create(new[: max(0, MOST_MET - len(kept))], ignore_conflicts=True)


def _row(one: "drift.Met") -> Met:
    return Met(**{**vars(one), "first": _moment(one.first), "last": _moment(one.last)})


def _reads(found: "Mapping[str, drift.Reads]") -> None:
    for entity, reads in found.items():
        kept, _made = Reads.objects.select_for_update().get_or_create(entity=entity)
        seen: dict[str, int] = kept.seen
        for name, times in reads.seen.items():
            seen[name] = seen.get(name, 0) + times
        kept.whole += reads.whole
        kept.save()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
