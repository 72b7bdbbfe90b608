"""What is pending becomes something else by itself after a while: decided when the record is read.

How long that takes is asked then too: whoever turns the switch down settles what already waits.
"""

import time
from typing import Any


def pending(then: dict[str, Any]) -> dict[str, Any]:
    """What a record keeps unseen while it waits for what it will be."""
    return {"_pending_since": time.time(), "_then": then}


def settled(record: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The record as it is by now."""
    if "_pending_since" in record and record["_pending_since"] + seconds <= time.time():
        record.update(record["_then"])
        forget(record)
    return record


def forget(record: dict[str, Any]) -> None:
    """Whatever it waited for does not come any more."""
    for name in ("_pending_since", "_then"):
        record.pop(name, None)
