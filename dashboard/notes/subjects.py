"""Subjects of notes: which entities have notes, who may read them, and what a record is called in one."""

from django.http import Http404, HttpRequest

from dashboard.entity import Words, entities, get
from dashboard.web.formatting import record_name
from dashboard.web.request import StaffRequest, may

WRITE = "write_notes"


def name(request: StaffRequest, entity: str, record: str) -> str:
    """What Flowtly calls it now. Nobody writes about a record that is not there, or another organization's."""
    found = get(entity)
    if not found or not found.noted or (entity == "organizations" and record != request.organization.id):
        raise Http404
    if entity == "organizations":
        return request.organization.name
    return record_name(found.title_of(found.of(request.flowtly).get(record)), record)


def label(entity: str) -> Words:
    found = get(entity)
    return found.one if found else entity


def readable(request: HttpRequest) -> list[str]:
    """The entities whose notes this person may read."""
    return [each.name for each in entities() if each.noted and may(request, each.view_permission)]
