"""Finding out what became of a write whose answer was lost: by looking at the record again, or by a person's word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.flowtly import Flowtly, errors
from dashboard.merge import same

from . import doubts
from .models import Open, Outcome

# A server that has not answered may still be at work. Only after this long does "it does not show" mean "no".
LATE = timedelta(seconds=60)

# Entity → the client's resource that reads its records.
RESOURCES: dict[str, Callable[[Flowtly], Any]] = {
    "organizations": lambda api: api.organizations,
    "addresses": lambda api: api.addresses,
    "locations": lambda api: api.locations,
}


def look(api: Flowtly, open_: Open) -> Outcome:
    """What the record shows now, put on record if it is an answer. Raises FlowtlyError if it cannot be read."""
    resource = RESOURCES.get(open_.entity)
    if resource is None:
        return Outcome.UNKNOWN
    if open_.tenant:
        api = api.within(open_.tenant)
    shown = _LOOKS.get(open_.kind, _nothing)(resource(api), open_)
    if shown is not None:
        doubts.settle(open_.write, Outcome.APPLIED, _("seen on a later look"), record=shown)
        return Outcome.APPLIED
    if open_.kind in _LOOKS and timezone.now() - open_.at >= LATE:
        doubts.settle(open_.write, Outcome.NOT_APPLIED, _("not to be seen a minute later"))
        return Outcome.NOT_APPLIED
    return Outcome.UNKNOWN


def _update(resource: Any, open_: Open) -> str | None:
    now = resource.get(open_.record)
    return open_.record if all(same(now.raw.get(name), value) for name, value in open_.sent.items()) else None


def _delete(resource: Any, open_: Open) -> str | None:
    try:
        resource.get(open_.record)
    except errors.NotFound:
        return open_.record
    return None


def _create(resource: Any, open_: Open) -> str | None:
    new = [twin for twin in doubts.twins(resource, open_.sent) if twin.id not in open_.twins]
    return new[0].id if len(new) == 1 else None


def _nothing(resource: Any, open_: Open) -> str | None:
    return None


_LOOKS: dict[str, Callable[[Any, Open], str | None]] = {
    "update": _update,
    "delete": _delete,
    "create": _create,
}
