"""Whole lists, kept for a minute, so that sifting through one does not read it anew for every click.

They are kept per process: a change made through another process shows here at the latest after that minute, which
is why the pages say how old their rows are and offer to read them again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from dashboard.flowtly import Connection
from dashboard.flowtly.resources.pagination import Every
from dashboard.upstream import connection, offline

SECONDS = 60.0
MOST_LISTS = 50


@dataclass(frozen=True)
class Kept:
    every: Every[Any]
    read_at: float  # of the monotonic clock

    @property
    def age(self) -> float:
        return time.monotonic() - self.read_at


# Which API answered, whose list it is, and what is in it. Another address, account or tenant field is another
# connection, and may mean other rows under the same id.
Key = tuple[Connection, str, str]

_lists: dict[Key, Kept] = {}
_written: dict[str, int] = {}  # how often something was written, by whose it was
_lock = Lock()


def rows(whose: str, what: str, read: Callable[[], Every[Any]], *, fresh: bool = False) -> Kept:
    """The list, read at most a minute ago; `fresh` reads it now."""
    key = (connection.connection(), whose, what)
    with _lock:
        kept, written = _lists.get(key), _written.get(whose, 0)
    if kept is not None and kept.age < SECONDS and not fresh:
        return kept
    read_at = time.monotonic()  # as old as its oldest page
    kept = Kept(read(), read_at)
    if oldest := offline.oldest():  # one person's, and not of now
        return replace(kept, read_at=read_at - (datetime.now(UTC) - oldest).total_seconds())
    with _lock:
        # What was read while somebody wrote may be of before or after; it is shown once and not kept.
        if _written.get(whose, 0) == written:
            _lists.pop(key, None)
            _lists[key] = kept
            while len(_lists) > MOST_LISTS:
                _lists.pop(next(iter(_lists)))
    return kept


def forget(whose: str) -> None:
    """Something of theirs was written: what was read before is not shown again."""
    with _lock:
        _written[whose] = _written.get(whose, 0) + 1
        for key in [key for key in _lists if key[1] == whose]:
            del _lists[key]


def forget_all() -> None:
    with _lock:
        _lists.clear()
        _written.clear()
