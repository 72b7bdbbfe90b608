"""Short lists in the order that the reader knows their rows by. The API sorts them by code, if at all."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dashboard.entities.reference.naming import sorting
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.upstream import list_cache
from dashboard.web.formatting import locale


class ByName:
    """Reads as a resource does. All pages are read for it, at most once a minute for each organization."""

    def __init__(self, resource: Any, whose: str, named: Callable[[Any], str]) -> None:
        self._resource, self._whose, self._named = resource, whose, named
        self.path = f"{resource.path} {locale()}"

    def every(self, filters: Mapping[str, Any] | None = None, most: int = 2000) -> Every[Any]:
        found = self._resource.every(most=most)
        return replace(found, items=sorted(found.items, key=lambda record: sorting(self._named(record))))

    def filters(self) -> frozenset[str]:
        """None of the API's: it knows no names."""
        return frozenset()

    def list(self, page: int = 1, items: int = 30, filters: Mapping[str, Any] | None = None) -> Page[Any]:
        every = list_cache.rows(self._whose, f"{self.path} by name", self.every).every
        shown = every.items[(page - 1) * items : page * items]
        more = page * items < len(every.items)
        total = len(every.items) if every.complete else None
        return Page(shown, total, page, page + 1 if more else None, more, frozenset())
