"""Whole lists, kept for a minute, so that filtering one does not read it anew for every click.

They are kept per process, until somebody writes through this site. A change made elsewhere shows at the latest after
that minute, which is why the pages say how old their rows are and offer to read them again.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from dashboard.flowtly.resources.pagination import Every
from dashboard.upstream import offline
from dashboard.upstream.cache import Store
from dashboard.upstream.connection import memory

SECONDS = 60.0
MOST_LISTS = 50


@dataclass(frozen=True)
class Kept:
    every: Every[Any]
    read_at: float  # of the monotonic clock

    @property
    def age(self) -> float:
        return time.monotonic() - self.read_at


# Whose list it is, and what is in it.
_lists: Store[tuple[str, str], Kept] = Store(SECONDS, MOST_LISTS)
_written: Counter[str] = Counter()  # how often something was written, by whose it was
_lock = Lock()


def rows(whose: str, what: str, read: Callable[[], Every[Any]], *, fresh: bool = False) -> Kept:
    """The list, read at most a minute ago; `fresh` reads it now."""
    kept, written = _lists.get((whose, what)), _written[whose]
    if kept is not None and not fresh and not memory.written_since(whose, kept.age):
        return kept
    read_at = time.monotonic()  # as old as its oldest page
    kept = Kept(read(), read_at)
    if oldest := offline.oldest():  # one person's, and not of now
        return replace(kept, read_at=read_at - (datetime.now(UTC) - oldest).total_seconds())
    # What was read while somebody wrote may be of before or after; it is shown once and not kept.
    with _lock:
        if _written[whose] == written:
            _lists.set((whose, what), kept)
    return kept


def forget(whose: str) -> None:
    """Something of theirs was written: what was read before is not shown again, by whichever process."""
    memory.written(whose)
    with _lock:
        _written[whose] += 1
        _lists.forget(lambda key: key[0] == whose)


def forget_all() -> None:
    _lists.forget()
    _written.clear()
