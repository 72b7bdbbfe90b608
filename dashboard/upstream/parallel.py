"""Several calls at once, each with a result of its own: a page is as slow as its slowest call, and one broken
thing stays one broken thing."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
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


Started = Callable[[], Result[T]]


def gather(calls: Mapping[K, Callable[[], Any]]) -> dict[K, Result[Any]]:
    """Makes the calls at the same time. The last one runs here, so that a page of one call starts no thread.

    Each runs in a copy of the caller's context: the page's deadline and the request's id go with it.
    """
    *others, (name, here) = calls.items()
    started = [(other, beside(call)) for other, call in others]
    last = _result(here)
    return {**{other: answer() for other, answer in started}, name: last}


def beside(call: Callable[[], T]) -> Started[T]:
    """Starts a call and lets the page go on with what does not need its answer; called, it waits for that."""
    made = offline.Beside(call)
    future = _pool.submit(copy_context().run, _result, made)

    def answer() -> Result[T]:
        result = future.result()
        # Where Flowtly is away: what was read before, here in the page's own thread.
        return _result(read) if (read := made.instead()) else result

    return answer


def _result(call: Callable[[], T]) -> Result[T]:
    try:
        return Result(value=call())
    except errors.FlowtlyError as error:
        return Result(error=error)
