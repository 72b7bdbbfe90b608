"""Per-record lock: two of our own people who save the same record queue from the re-read to the answer.

The lock is a row with a time on it and not a database transaction: a call to Flowtly must not keep the
database's writers waiting, and a holder whose process died must not keep the record for ever.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from dashboard.audit.models import Saving

log = logging.getLogger(__name__)

# Seconds a holder has beyond the longest page that writes: nobody else gets the record while a call may be under way.
GRACE = 15
LOOK_AGAIN = 0.03  # seconds


class Taken(Exception):  # noqa: N818 - what happened, not a mistake
    """Somebody else is saving this record, and took longer than one can wait."""


@contextmanager
def saving(key: str, wait: float = 10.0) -> Iterator[None]:
    holder = new_holder()
    wait_for(holder, key, wait)
    try:
        yield
    finally:
        let_go(holder, key)


def new_holder() -> str:
    return uuid.uuid4().hex


def wait_for(holder: str, key: str, wait: float) -> None:
    ends = time.monotonic() + wait
    while not taken_by(holder, key):
        if time.monotonic() > ends:
            raise Taken
        time.sleep(LOOK_AGAIN)


def is_being_saved(key: str) -> bool:
    return Saving.objects.filter(key=key, until__gt=timezone.now()).exists()


def let_go(holder: str, key: str) -> None:
    """What was done is done: a database that fails now changes nothing about it, and the lock ends by the clock."""
    try:
        release(holder, key)
    except Error:
        log.exception("The lock on %s could not be taken away.", key)


def release(holder: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_saving WHERE key = %s AND holder = %s", [key, holder])


def taken_by(holder: str, key: str) -> bool:
    """One statement, and so one step for everybody: the row is made, or taken over from a holder whose time is up."""
    now = timezone.now()
    until = now + timedelta(seconds=settings.PAGE_WRITE_TIMEOUT + GRACE)
    as_kept = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_saving (key, holder, until) VALUES (%s, %s, %s) ON CONFLICT (key) DO UPDATE "
            "SET holder = excluded.holder, until = excluded.until WHERE audit_saving.until <= %s",
            [key, holder, as_kept(until), as_kept(now)],
        )
        return bool(cursor.rowcount)
