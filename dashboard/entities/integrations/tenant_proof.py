"""Several things asked of Flowtly at once for a page, whose data it is among them."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.forms.tenant_check import Whose, check
from dashboard.upstream.parallel import Result, gather
from dashboard.web.request import StaffRequest


def ask(
    request: StaffRequest, calls: Mapping[str, Callable[[], Any]], *, acting: bool = False
) -> tuple[dict[str, Result[Any]], Whose]:
    """The answers, and where somebody may act what the check of whose data it is found; it takes as long as the
    slowest of them. It runs here, last of all, so that its words are in the reader's language."""
    checks = {"whose": lambda: check(request)} if acting else {}
    answers = gather({**calls, **checks})
    found = answers.pop("whose").value if acting else None
    return answers, found or Whose()
