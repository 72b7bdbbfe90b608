"""What an organization has, as numbers: what clearing it would destroy, and what is left of it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.upstream.parallel import Result, gather

COUNTED = ("locations", "clients", "meetings", "addresses")
# A list that this installation does not have, or may not read, has no number.
SILENT = (errors.Forbidden, errors.NotFound, errors.MethodNotAllowed)


def organization(api: Flowtly, organization_id: str) -> Organization:
    """Its record, with how many it has of each, so that before and after can be told apart. A list that cannot be
    counted raises: what is not known must not look like nothing."""
    calls: dict[str, Callable[[], Any]] = {name: _listing(api, name) for name in COUNTED}
    found = gather({**calls, "": lambda: api.organizations.get(organization_id)})
    record: Organization = _value(found.pop(""))
    numbers = {name: _number(answer) for name, answer in found.items()}
    return replace(record, raw={**record.raw, **numbers})


def _listing(api: Flowtly, name: str) -> Callable[[], Any]:
    return lambda: getattr(api, name).list()


def _number(answer: Result[Any]) -> int | str | None:
    """The API's own total; without one, what came is at least there."""
    if isinstance(answer.error, SILENT):
        return None
    page = _value(answer)
    seen: int = len(page.items)
    if page.total is not None:
        return max(int(page.total), seen)
    return f"≥ {seen}" if seen and page.has_more is not False else seen


def _value(answer: Result[Any]) -> Any:
    if answer.error:
        raise answer.error
    return answer.value
