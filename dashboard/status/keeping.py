"""From the memory of each web process to the database, every few seconds at most and after an answer has gone out,
so that nobody waits for it. A database that does not take it fails no page: it is said in the log, once."""

import logging
import os
import socket
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dashboard import connection
from dashboard.flowtly import drift
from dashboard.flowtly.connection import Connection

from .models import Met, Process, Reads

EVERY = 5.0  # seconds
STALE = timedelta(minutes=15)
MOST_MET = 500  # rows; what is new after that waits until somebody forgets some
MOST_VALUES = 30  # of one field

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
        with transaction.atomic():
            _keep(used)
        _silent = False
    except DatabaseError:
        if not _silent:
            log.exception("The figures of this process could not be kept; this is said once.")
        _silent = True
    finally:
        _lock.release()


def _keep(used: Connection) -> None:
    figures = used.snapshot()
    key = f"{socket.gethostname()[:60]}:{os.getpid()}:{figures['since']:.3f}"
    Process.objects.update_or_create(key=key, defaults={"figures": figures, "at": timezone.now()})
    Process.objects.filter(at__lt=timezone.now() - STALE).delete()
    met, reads = used.drift.take()
    if met:
        _met(met)
    if reads:
        _reads(reads)


def _met(found: Iterable[drift.Met]) -> None:
    room = MOST_MET - Met.objects.count()
    for one in found:
        which = {"kind": one.kind, "entity": one.entity, "name": one.name, "detail": one.detail}
        # A field of another type keeps its latest sample: it is the latest that has to be understood.
        changed = {
            "count": F("count") + one.count,
            "last": _moment(one.last),
            "sample": one.sample,
            "type": one.type,
        }
        if Met.objects.filter(**which).update(**changed) or room <= 0 or _full(one):
            continue
        room -= 1
        Met.objects.create(**which, **{**changed, "count": one.count}, first=_moment(one.first))


def _full(one: drift.Met) -> bool:
    """A field that takes ever new values has no closed list of them."""
    if one.kind != "value":
        return False
    return Met.objects.filter(kind="value", entity=one.entity, name=one.name).count() >= MOST_VALUES


def _reads(found: Mapping[str, drift.Reads]) -> None:
    for entity, reads in found.items():
        kept, _made = Reads.objects.select_for_update().get_or_create(entity=entity)
        seen: dict[str, Any] = kept.seen
        for name, times in reads.seen.items():
            seen[name] = seen.get(name, 0) + times
        kept.whole += reads.whole
        kept.save()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
