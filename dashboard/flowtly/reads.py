"""What may stand in for an answer where the API is away."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from dashboard.flowtly.calls import Answer, Call


class LastRead(Protocol):
    """Is asked for each read. `ask` makes the call; where that fails, what was read before may be given instead.

    `oldest` is when the oldest of what was given instead had been read (aware); None if all is of now.
    """

    oldest: datetime | None

    def read(self, call: Call, tenant: str | None, ask: Callable[[], Answer]) -> Answer: ...
