"""Several calls at once, each with a result of its own: a page is as slow as its slowest call, and one broken
thing stays one broken thing."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from dashboard.flowtly import errors
from dashboard.upstream import offline

K = TypeVar("K")
T = TypeVar("T")

# More threads than the API may have of our calls in flight for all its first path segments together: a group
# that hangs fills its own places and never the pool.
_pool = ThreadPoolExecutor(max_workers=96, thread_name_prefix="flowtly")


@dataclass(frozen=True)
class Result(Generic[T]):
    """What a call gave, or the error it ended in."""

    value: T | None = None
    error: errors.FlowtlyError | None = None

    def get(self) -> T:
        """The value; raises the error instead, if the call ended in one."""
        if self.error:
            raise self.error
        return cast(T, self.value)


def gather(calls: Mapping[K, Callable[[], Any]]) -> dict[K, Result[Any]]:
    """Makes the calls at the same time. The last one runs here, so that a page of one call starts no thread.

    Each runs in a copy of the caller's context: the page's deadline and the request's id go with it.
    """
    *others, here = calls.items()
    beside = {name: offline.Beside(call) for name, call in others}
    started: dict[K, Future[Result[Any]]] = {
        name: _pool.submit(copy_context().run, _result, call) for name, call in beside.items()
    }
    last = _result(here[1])
    results = {name: future.result() for name, future in started.items()}
    # Where Flowtly is away: what was read before, here in the page's own thread.
    before = {name: _result(read) for name, call in beside.items() if (read := call.instead())}
    return {**results, **before, here[0]: last}


def _result(call: Callable[[], Any]) -> Result[Any]:
    try:
        return Result(value=call())
    except errors.FlowtlyError as error:
        return Result(error=error)
