"""The trail as a chain: each line carries a MAC over itself and over the line before.

Whoever alters, removes or slips in a line without the key breaks it from there on; whoever cuts off its end is
found out by the head, which is written to the log with every line.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .models import Entry, Head

log = logging.getLogger("dashboard.audit")

# Everything a line says. A field that is not here could be altered unseen, so a test compares with the model.
SIGNED = (
    "number", "at", "phase", "write", "operation", "person_id", "username", "roles", "organization",
    "organization_name", "entity", "kind", "record", "record_name", "changes", "reason", "method", "path",
    "request_id", "outcome", "status", "milliseconds", "words", "before",
)  # fmt: skip


def add(**line: Any) -> Entry:
    """Adds a line, in a transaction of its own if none is open. Writers, in whatever process, queue at the head."""
    with transaction.atomic():
        head = Head.objects.select_for_update().get_or_create(pk=1)[0]
        entry = Entry(number=head.number + 1, at=timezone.now(), before=head.mac, **line)
        entry.mac = mac(entry)
        entry.save(force_insert=True)
        head.number, head.mac = entry.number, entry.mac
        head.save()
    log.info("audit head", extra={"audit_number": entry.number, "audit_mac": entry.mac})
    return entry


def mac(entry: Entry) -> str:
    said = {name: getattr(entry, name) for name in SIGNED}
    said["at"] = entry.at.isoformat()
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    key = hashlib.sha256(b"audit chain" + settings.AUDIT_KEY.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def faults() -> Iterator[str]:
    """What is wrong with the chain, line by line; nothing if it is whole."""
    before, number = "", 0
    for entry in Entry.objects.order_by("number").iterator(chunk_size=1000):
        number += 1
        if entry.number != number:
            yield f"line {number} is missing: the next one is {entry.number}"
            number = entry.number
        elif entry.before != before:
            yield f"line {entry.number} does not follow on the line before it"
        if not hmac.compare_digest(entry.mac, mac(entry)):
            yield f"line {entry.number} has been altered"
        before = entry.mac
    head = Head.objects.filter(pk=1).first()
    if head is not None and (head.number, head.mac) != (number, before):
        yield f"the chain ends at line {number}, and its head says {head.number}"
    if head is None and number:
        yield "the head is missing"
