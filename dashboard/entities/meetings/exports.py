"""Export of meetings: those of the days that the page shows, of whom and in which state it shows them."""

from dataclasses import replace

from dashboard.entities.meetings import calendar, date_times
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.tables.exports.rows import Mapped
from dashboard.tables.query import Plan
from dashboard.web.request import StaffRequest


def plan(_request: StaffRequest) -> Plan:
    return Plan("", (), dict)


def rows(request: StaffRequest) -> Mapped[Meeting]:
    asked = calendar.Asked.of(request, date_times.zone_of(request.user))
    wanted = replace(asked, view="list").wanted
    return Mapped(request.flowtly.meetings, lambda meeting: meeting if wanted.holds(meeting) else None)
