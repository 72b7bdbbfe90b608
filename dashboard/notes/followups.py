"""Follow-ups: made, done, reopened, moved to another day. Each act leaves its line in the trail."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.audit.trail import put_on_record
from dashboard.notes.models import FollowUp, Note
from dashboard.web.formatting import zones
from dashboard.web.request import OpenOrganization, StaffRequest, may


def promise(
    request: StaffRequest,
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
    here: OpenOrganization | None = getattr(request, "organization", None)
    if not organization or (here and here.id == organization):
        assert here is not None
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


def finish(request: StaffRequest, pk: int) -> bool:
    """False if it was done already: whoever was first has done it."""
    with transaction.atomic():
        now = {"done_at": timezone.now(), "done_by": request.user}
        if not FollowUp.objects.filter(pk=pk, done_at=None).update(**now):
            return False
        _put_on_record(request, "follow-up-done", FollowUp.objects.get(pk=pk))
    return True


def reopen(request: StaffRequest, pk: int) -> bool:
    with transaction.atomic():
        if not FollowUp.objects.filter(pk=pk, done_at__isnull=False).update(done_at=None, done_by=None):
            return False
        _put_on_record(request, "follow-up-reopened", FollowUp.objects.get(pk=pk))
    return True


def move(request: StaffRequest, pk: int, due: date) -> bool:
    """False if it is done meanwhile, or due on that day already."""
    with transaction.atomic():
        found = FollowUp.objects.select_for_update(of=("self",)).get(pk=pk)
        if found.done_at or found.due == due:
            return False
        before, found.due = found.due, due
        found.save(update_fields=["due"])
        _put_on_record(request, "follow-up-moved", found, due=[before.isoformat(), due.isoformat()])
    return True


def overdue(request: StaffRequest) -> QuerySet[FollowUp]:
    """What somebody has promised and not kept in time, for the menu."""
    person = request.user
    if not may(request, "write_notes"):
        return FollowUp.objects.none()
    return FollowUp.objects.filter(person=person, done_at=None, due__lt=today(person))


def today(person: Person) -> date:
    """The day it is where they are."""
    zone = person.time_zone if person.time_zone in zones() else settings.TIME_ZONE
    return timezone.localdate(timezone=ZoneInfo(zone))


def _put_on_record(request: StaffRequest, kind: str, about: FollowUp, **changes: list[Any]) -> None:
    put_on_record(
        request,
        about.entity,
        kind,
        record=about.record,
        record_name=about.record_name,
        changes=changes,
        organization=(about.organization, about.organization_name),
    )
