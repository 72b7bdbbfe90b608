"""Rows of an export: every record of a list, a page at a time, by the list's own search and filters."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from django.http import HttpRequest

from dashboard.flowtly import errors
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.walk import Step
from dashboard.tables import filtering
from dashboard.tables.query import Plan, Query
from dashboard.upstream.parallel import beside

R = TypeVar("R", bound=Record)


class Exported(Protocol[R]):
    """A resource of the client, or what behaves as one."""

    @property
    def path(self) -> str: ...
    @property
    def record(self) -> type[R]: ...
    def filters(self) -> frozenset[str] | None: ...
    def stream(self, filters: Filters) -> Iterator[Step[R]]: ...


@dataclass(frozen=True)
class Mapped(Generic[R]):
    """A resource whose records go through something on their way; one that becomes None is left out. `always` goes
    with every list."""

    resource: Exported[R]
    each: Callable[[R], R | None]
    always: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.resource.path

    @property
    def record(self) -> type[R]:
        return self.resource.record

    def filters(self) -> frozenset[str] | None:
        return self.resource.filters()

    def stream(self, filters: Filters) -> Iterator[Step[R]]:
        for step in self.resource.stream({**self.always, **filters}):
            yield replace(step, items=[made for record in step.items if (made := self.each(record))])


def stream(request: HttpRequest, resource: Exported[R], plan: Plan) -> Iterator[list[R]]:
    """All records of the list that the request asks for, a page at a time, whichever of its pages is on the screen.
    Raises FlowtlyError, also where the API counts more than it gives: a part is never taken for the whole."""
    query = Query.of(request, plan)
    wanted = query.wanted(plan, (resource.filters() or frozenset()) if query.asks else frozenset())
    steps = resource.stream(wanted or {})
    following = beside(lambda: next(steps, None))
    while step := following().get():
        if step.complete is None:  # the next page is asked for while this one is written
            following = beside(lambda: next(steps, None))
        yield (
            step.items if wanted is not None else [r for r in step.items if filtering.matches(r, plan, query)]
        )
        if step.complete is False:
            raise errors.Truncated(method="GET", path=resource.path)
        if step.complete:
            return
