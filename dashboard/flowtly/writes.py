"""What is reported of each write, for a trail that must exist before the call does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Result = Literal["", "applied", "refused", "not-sent", "unknown"]


@dataclass(frozen=True)
class Write:
    """One write, told twice: as an `intent` before anything is sent, and with its `outcome` after.

    Both bear the same `id`. If the listener raises on the intent, nothing is sent. `path` is below the base
    URL; `body` is what is sent (a file is described, not contained) and may hold values the listener has to
    mask; no header is ever in it. An outcome adds `status` (None if none came), `duration` (seconds, sign-in
    and retries included), `error` (the class of the failure, "" if it went well), `result`, and `answer`,
    the JSON of the answer if there was one.
    """

    phase: Literal["intent", "outcome"]
    id: str
    method: str
    path: str
    tenant: str | None
    body: Mapping[str, Any] | None
    request_id: str
    status: int | None = None
    duration: float | None = None
    error: str = ""
    result: Result = ""
    answer: Any = field(default=None, repr=False)


OnWrite = Callable[[Write], None]
