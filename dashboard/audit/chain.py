"""Hash chain of the trail: each line carries a MAC over itself and over the line before.

Whoever alters, removes or slips in a line without the key breaks it from there on; whoever cuts off its end is
found out by the head, which is written to the log with every line.
"""

import hashlib
import hmac
import json
import logging
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, overload

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.audit import known
from dashboard.audit.models import Entry, Head, Known, Open, Operation

log = logging.getLogger("dashboard.audit")

# Everything a line says. A field that is not here could be altered unseen, so a test compares with the model.
SIGNED = (
    "number", "at", "phase", "write", "operation", "person_id", "username", "roles", "organization",
    "organization_name", "entity", "kind", "record", "record_name", "changes", "reason", "method", "path",
    "request_id", "outcome", "status", "milliseconds", "words", "before",
)  # fmt: skip

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_LENGTHS = {
    field.name: field.max_length for field in Entry._meta.get_fields() if isinstance(field, models.CharField)
}


def add(**line: object) -> Entry:
    """Adds a line, in a transaction of its own if none is open. Writers, in whatever process, queue at the head."""
    said: dict[str, Any] = {
        name: as_kept(value)[: _LENGTHS.get(name)] if isinstance(value, str) else value
        for name, value in line.items()
    }
    said["changes"] = as_kept(line.get("changes", {}))
    with transaction.atomic(savepoint=False):
        head = queue()
        entry = Entry(number=head.number + 1, at=timezone.now(), before=head.mac, **said)
        entry.mac = mac(entry)
        entry.save(force_insert=True)
        known.keep(entry)
        head.number, head.mac = entry.number, entry.mac
        head.save(update_fields=["number", "mac"])
        number, seal = entry.number, entry.mac
        # Only once it is kept: a head in the log that no line bears would look like a line cut off.
        transaction.on_commit(
            lambda: log.info("audit head", extra={"audit_number": number, "audit_mac": seal})
        )
    return entry


def queue() -> Head:
    """Waits until no other writer of the trail is at work, and keeps the others out until the transaction ends."""
    return Head.objects.select_for_update().get_or_create(pk=1)[0]


def make_known_anew() -> int:
    """What is known of each write, from the trail; how many writes there are. Writers of the trail wait meanwhile."""
    with transaction.atomic():
        queue()
        return known.rebuild()


def make_known(using: str = DEFAULT_DB_ALIAS, **_kwargs: object) -> None:
    """Signal, after a migration: what is known of the writes of an older version."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if Known._meta.db_table in tables and not Known.objects.exists() and Entry.objects.exists():
        make_known_anew()


@overload
def as_kept(value: str) -> str: ...
@overload
def as_kept(value: Mapping[str, Any]) -> dict[str, Any]: ...
@overload
def as_kept(value: object) -> object: ...
def as_kept(value: object) -> object:
    """JSON that any database gives back just as it was handed in, so that the MAC still fits: PostgreSQL takes no
    NUL and no half of a character, and writes numbers in its own way."""
    if isinstance(value, str):
        return _NO_TEXT.sub("\ufffd", value)
    if isinstance(value, dict):
        return {as_kept(str(key)): as_kept(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_kept(each) for each in value]
    if isinstance(value, float):
        plain = math.isfinite(value) and "e" not in repr(value)
        return value + 0.0 if plain else repr(value)
    return value if value is None or isinstance(value, int) else as_kept(str(value))


def mac(entry: Entry) -> str:
    said = {name: getattr(entry, name) for name in SIGNED}
    said["at"] = entry.at.astimezone(UTC).isoformat()
    return _sealed(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True))


def _sealed(text: str) -> str:
    key = hashlib.sha256(b"audit chain" + settings.AUDIT_KEY.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def faults(after: Entry | None = None) -> Iterator[str]:
    """What is wrong with the chain, line by line; nothing if it is whole. Lines may be added meanwhile. Beginning after
    a line that was checked before, it does not see what was altered before that."""
    head = Head.objects.filter(pk=1).first()
    before, number = (after.mac, after.number) if after else ("", 0)
    at_head = before if head is not None and number == head.number else ""
    for entry in Entry.objects.filter(number__gt=number).order_by("number").iterator(chunk_size=1000):
        number += 1
        if entry.number != number:
            yield f"line {number} is missing: the next one is {entry.number}"
            number = entry.number
        elif entry.before != before:
            yield f"line {entry.number} does not follow on the line before it"
        if not hmac.compare_digest(entry.mac, mac(entry)):
            yield f"line {entry.number} has been altered"
        before = entry.mac
        if head is not None and number == head.number:
            at_head = before
    yield from _faults_of_the_end(head, number, at_head)


def checked_to(head: Head) -> Entry | None:
    """The line that the last check ended at. None where that line, or the note of the check, is not as it was."""
    line = Entry.objects.filter(number=head.checked).first()
    if line is None or not hmac.compare_digest(line.mac, mac(line)):
        return None
    return line if hmac.compare_digest(head.checked_mac, _of_check(line, head.whole_at)) else None


def note_check(head: Head, whole_at: datetime) -> None:
    """Notes that the chain is whole to this head, and since when the lines before it were last looked at. It is sealed,
    so that nobody without the key can have lines taken for checked."""
    if line := Entry.objects.filter(number=head.number).first():
        seal = _of_check(line, whole_at)
        Head.objects.filter(pk=1).update(checked=head.number, checked_mac=seal, whole_at=whole_at)


def _of_check(line: Entry, whole_at: datetime | None) -> str:
    since = whole_at.astimezone(UTC).isoformat() if whole_at else ""
    return _sealed(f"checked {line.number} {line.mac} {since}")


def _faults_of_the_end(head: Head | None, number: int, at_head: str) -> Iterator[str]:
    if not number and _was_used():
        yield "there is no line, and there were some: people have signed in here or acted"
    if head is None:
        if number:
            yield "the head is missing"
        return
    if head.mac != at_head:
        yield f"the chain ends at line {number}, and its head says {head.number}"
    elif number > Head.objects.get(pk=1).number:
        yield f"the chain goes on to line {number}, past its head"


def _was_used() -> bool:
    """Whether other tables tell of what leaves lines."""
    return (
        Person.objects.exclude(last_login=None).exists()
        or Operation.objects.exists()
        or Open.objects.exists()
    )


def holds(head: str) -> bool:
    """Whether a head from the log is a line of the chain: by its MAC, for a chain that was made anew has the same
    numbers."""
    return Entry.objects.filter(mac=head).exists()
