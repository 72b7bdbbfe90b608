"""One-use operation of a form: claimed before the form acts; a second submit is shown the first one's result."""

import time
import uuid
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import connection
from django.utils import timezone

from dashboard.audit.models import Operation

SALT = "operation"
LIVES = timedelta(hours=24)
LOOK_AGAIN = 0.05  # seconds


def new(person_id: int, path: str) -> str:
    """A signed id for one use of one form, by one person."""
    return signing.dumps([uuid.uuid4().hex, person_id, path], salt=SALT)


def read(signed: str) -> tuple[str, int, str] | None:
    """Id, person and path of a form's operation; None for one that is not ours or too old."""
    try:
        identifier, person, path = signing.loads(signed, salt=SALT, max_age=LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return identifier, person, path


def claim(identifier: str, person_id: int) -> bool:
    """True for exactly one caller, whatever the number of processes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_operation (id, person_id, claimed_at) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING",
            [identifier, person_id, connection.ops.adapt_datetimefield_value(timezone.now())],
        )
        return bool(cursor.rowcount)


def conclude(identifier: str, result: dict[str, Any]) -> None:
    Operation.objects.filter(pk=identifier).update(result=result)


def await_result(identifier: str, seconds: float) -> dict[str, Any] | None:
    """What became of an operation that somebody else has claimed; None if it is not known `seconds` after the
    claim, so that nobody waits for one who died long ago."""
    ends = time.monotonic() + seconds
    while True:
        claimed = Operation.objects.filter(pk=identifier).values("result", "claimed_at").first()
        if claimed is None or claimed["result"] is not None:
            return claimed["result"] if claimed else None
        old = timezone.now() - claimed["claimed_at"] > timedelta(seconds=seconds)
        if old or time.monotonic() > ends:
            return None
        time.sleep(LOOK_AGAIN)
