"""Lists to choose from, such as countries: short ones that hardly ever change."""

from typing import Any, TypeVar

from dashboard.flowtly import Record, errors
from dashboard.flowtly.resources.base import Lists
from dashboard.upstream.cache import Store

R = TypeVar("R", bound=Record)

_read: Store[tuple[str, str], tuple[Any, ...]] = Store(600.0, 500)


def listed(resource: Lists[R], whose: str) -> tuple[R, ...]:
    """All of such a list, read at most every ten minutes for an organization; none where Flowtly has no such list."""
    key = whose, resource.path
    found = _read.get(key)
    if found is None:
        try:
            found = tuple(resource.every().items)
        except (errors.NotFound, errors.MethodNotAllowed):
            found = ()
        _read.set(key, found)
    return found
