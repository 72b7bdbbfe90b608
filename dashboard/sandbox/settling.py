"""What is pending becomes something else by itself after a while: decided when the record is read."""

import time
from typing import Any


def settles_at(seconds: float) -> float:
    return time.time() + seconds


def settled(record: dict[str, Any]) -> dict[str, Any]:
    """The record as it is by now."""
    if "_settles" in record and record["_settles"] <= time.time():
        record.update(record.pop("_then", {}))
        del record["_settles"]
    return record
