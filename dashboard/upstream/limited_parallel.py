"""Many calls of one kind at the same time, and never more than a few of them: the API's first path segment has room
for so many in a process, and others are there too."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from dashboard.upstream.parallel import gather

A = TypeVar("A")
B = TypeVar("B")

AT_ONCE = 5


def together(things: Sequence[A], call: Callable[[A], B]) -> dict[A, B]:
    """`call` for each; it raises nothing of Flowtly's."""

    def one_after_the_other(some: Sequence[A]) -> dict[A, B]:
        return {thing: call(thing) for thing in some}

    shares = {at: things[at::AT_ONCE] for at in range(min(AT_ONCE, len(things)))}
    calls = {at: partial(one_after_the_other, share) for at, share in shares.items()}
    done = gather(calls) if calls else {}
    return {thing: value for result in done.values() for thing, value in (result.value or {}).items()}
