"""Promises: making one, keeping it, taking that back, moving its day. Each leaves its line in the trail."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from dashboard.audit.trail import put_on_record

from .models import FollowUp, Note

if TYPE_CHECKING:
    from dashboard.http import StaffRequest


def promise(
    request: "StaffRequest",
    *,
    entity: str,
    record: str,
    record_name: str,
    text: str,
    due: date,
    organization: str = "",
    organization_name: str = "",
    note: Note | None = None,
) -> FollowUp:
    """Somebody will look at this again on that day. About the organization that the request is about, unless
    another is named."""
    here: Any = getattr(request, "organization", None)
    if not organization:
        organization, organization_name = here.id, here.name
    with transaction.atomic():
        made = FollowUp.objects.create(
            organization=organization,
            organization_name=(organization_name or organization)[:255],
            entity=entity,
            record=record[:200],
            record_name=record_name[:255],
            text=text,
            due=due,
            note=note,
            person=request.user,
        )
        _put_on_record(request, "follow-up", made, due=[None, due.isoformat()])
    return made


def _put_on_record(request: Any, kind: str, about: FollowUp, **changes: list[Any]) -> None:
    put_on_record(
        request,
        about.entity,
        kind,
        record=about.record,
        record_name=about.record_name,
        changes=changes,
        organization=(about.organization, about.organization_name),
    )
