"""Several things asked of Flowtly at once for a page, whose data it is among them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.forms.stopping import Stopped
from dashboard.upstream import tenant_check
from dashboard.upstream.parallel import Result, gather
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest


@dataclass(frozen=True)
class Whose:
    """What the check found: the word to type, or why nothing may be sent."""

    word: str = ""
    unsure: error_messages.Problem | None = None


def ask(
    request: StaffRequest, calls: Mapping[str, Callable[[], Any]], *, acting: bool = False
) -> tuple[dict[str, Result[Any]], Whose]:
    """The answers, and where somebody may act what the check of whose data it is found; it takes as long as the
    slowest of them. It runs here, last of all, so that its words are in the reader's language."""
    checks = {"whose": lambda: check(request)} if acting else {}
    answers = gather({**calls, **checks})
    found = answers.pop("whose").value if acting else None
    return answers, found or Whose()


def check(request: StaffRequest) -> Whose:
    try:
        return Whose(tenant_check.confirm(request).word)
    except Stopped as stopped:
        return Whose(unsure=stopped.problem)
