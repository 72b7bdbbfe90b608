"""Sorted list: a short list in the order that the reader knows its rows by. The API sorts by code, if at all."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

from dashboard.entities.reference.language_names import sorting
from dashboard.flowtly.resources.base import Lists
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.flowtly.resources.records import Record
from dashboard.upstream import list_cache
from dashboard.web.formatting import locale

R = TypeVar("R", bound=Record)


class SortedList(Generic[R]):
    """Resource whose pages are sorted here. All are read for it, at most once a minute for each organization."""

    def __init__(self, resource: Lists[R], whose: str, name: Callable[[R], str]) -> None:
        self._resource, self._whose, self._name = resource, whose, name
        self.path = f"{resource.path} {locale()}"

    def every(self, filters: Mapping[str, object] | None = None, most: int = 2000) -> Every[R]:
        found = self._resource.every(most=most)
        return replace(found, items=sorted(found.items, key=lambda record: sorting(self._name(record))))

    def filters(self) -> frozenset[str]:
        return frozenset()

    def list(self, page: int = 1, items: int = 30, filters: Mapping[str, object] | None = None) -> Page[R]:
        every = list_cache.rows(self._whose, f"{self.path} by name", self.every).every
        shown = every.items[(page - 1) * items : page * items]
        more = page * items < len(every.items)
        total = len(every.items) if every.complete else None
        return Page(shown, total, page, page + 1 if more else None, more, frozenset())
