"""Finder of employees, and what a meeting that was found is called."""

from dashboard.entity import Entity
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.search.query import ROWS, Looked, first, with_email
from dashboard.standards import spellings
from dashboard.web.formatting import when
from dashboard.web.request import StaffRequest


def title(meeting: Meeting) -> str | None:
    return when(meeting.date_from) if meeting.date_from else None


def employees(request: StaffRequest, _entity: Entity, _how: str, email: str) -> Looked:
    return first(
        spellings.of_email(email),
        lambda each: request.flowtly.employees.search(each, items=ROWS).items,
        with_email(email),
    )
