"""Lists to choose from, such as countries: short ones that hardly ever change."""

import time
from typing import Any, TypeVar

from dashboard.flowtly import Record, errors
from dashboard.flowtly.resources.base import Lists
from dashboard.upstream.cache import Store
from dashboard.upstream.connection import memory

R = TypeVar("R", bound=Record)

_read: Store[tuple[str, str], tuple[float, tuple[Any, ...]]] = Store(600.0, 500)


def listed(resource: Lists[R], whose: str) -> tuple[R, ...]:
    """All of such a list, read at most every ten minutes for an organization, and again once somebody has written
    something of it; none where Flowtly has no such list."""
    key = whose, resource.path
    at, found = _read.get(key) or (0.0, None)
    if found is None or memory.written_since(whose, time.monotonic() - at):
        at = time.monotonic()
        try:
            found = tuple(resource.every().items)
        except (errors.NotFound, errors.MethodNotAllowed):
            found = ()
        _read.set(key, (at, found))
    return found
