"""Queries for the meetings of some days: by the API's own filters where it announces them, else page by page and
filtered here. What is said of a month is no more than what was seen of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.standards import spellings
from dashboard.tables import filtering, table
from dashboard.upstream import list_cache
from dashboard.web.formatting import number
from dashboard.web.request import StaffRequest

MOST = 2000
AFTER, BEFORE, ENDS_AFTER, LATEST = "dateFrom[after]", "dateFrom[before]", "dateTo[after]", "order[dateFrom]"
# How long before it a meeting may begin that is still in progress, where Flowtly cannot be asked for its end.
LONGEST = timedelta(days=31)
# The widest: an API that drops the offset of what it is asked reads it by its own clock.
OFFSETS = timedelta(hours=14)
EMPLOYEE, STATUS = "employee", "status"


@dataclass(frozen=True)
class MeetingQuery:
    """Query: meetings that are in progress from `start` to before `end`, of one employee (an id) and in one state, if
    named."""

    start: datetime
    end: datetime
    employee: str = ""
    status: str = ""

    def holds(self, meeting: Meeting) -> bool:
        start, end = meeting.date_from, meeting.date_to
        begins = start is not None and self.start <= start < self.end
        goes_on = start is not None and end is not None and start < self.start < end
        return (begins or goes_on) and self.holds_rest(meeting)

    def holds_rest(self, meeting: Meeting) -> bool:
        of_employee = meeting.employee is not None and meeting.employee.id == self.employee
        return (of_employee or not self.employee) and (
            not self.status or filtering.same(meeting.raw.get("status"), self.status)
        )


@dataclass(frozen=True)
class MeetingResults:
    """Meetings found, by start; `undated` are those whose start cannot be read. `every` are all that were read."""

    meetings: list[Meeting]
    undated: list[Meeting]
    every: list[Meeting]
    covered: bool
    notes: list[dict[str, str]] = field(default_factory=list)


def read(request: StaffRequest, wanted: MeetingQuery, *, fresh: bool, again: str) -> MeetingResults:
    """`again` is the address that reads anew. FlowtlyError if the meetings cannot be had."""
    announced = request.flowtly.meetings.filters() or frozenset()
    asked = _asked(request, wanted, announced)
    if BEFORE in asked:
        every, age = request.flowtly.meetings.every(filters=asked, most=MOST), None
    else:
        seen = _kept(request, asked, fresh=fresh)
        every, age = seen.every, seen.age
    covered = every.complete or (LATEST in asked and _beyond(every.items, wanted.start - LONGEST))
    notes = [] if covered else [_not_all(len(every.items))]
    notes += [_not_longest()] if AFTER in asked else []
    notes += [*_ignoring(every.items, wanted, asked), *_aging(len(every.items), age, again)]
    return MeetingResults(
        meetings=sorted(filter(wanted.holds, every.items), key=_start),
        undated=[one for one in every.items if one.date_from is None and wanted.holds_rest(one)],
        every=every.items,
        covered=covered,
        notes=notes,
    )


def _asked(
    request: StaffRequest, wanted: MeetingQuery, announced: frozenset[str]
) -> dict[str, str | list[str]]:
    """What of it the API can do, by whatever clock: what is found is held to the very moments once more."""
    asked: dict[str, str | list[str]] = {}
    if {ENDS_AFTER, BEFORE} <= announced:
        asked |= {ENDS_AFTER: _spelled(wanted.start - OFFSETS), BEFORE: _spelled(wanted.end + OFFSETS)}
    elif {AFTER, BEFORE} <= announced:
        asked |= {AFTER: _spelled(wanted.start - LONGEST - OFFSETS), BEFORE: _spelled(wanted.end + OFFSETS)}
    elif LATEST in announced:
        asked[LATEST] = "desc"
    if wanted.employee and EMPLOYEE in announced:
        asked[EMPLOYEE] = request.flowtly.employees.iri(wanted.employee)
    several = spellings.of_state(wanted.status)
    if len(several) == 1 and STATUS in announced:
        asked[STATUS] = wanted.status
    elif wanted.status and f"{STATUS}[]" in announced:
        asked[f"{STATUS}[]"] = list(several)
    return asked


def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _kept(request: StaffRequest, asked: Filters, *, fresh: bool) -> list_cache.Kept:
    meetings = request.flowtly.meetings
    what = f"{meetings.path}?{urlencode(asked, doseq=True)}"
    read = partial(meetings.every, asked, MOST)
    return list_cache.rows(request.organization.id, what, read, fresh=fresh)


def _start(meeting: Meeting) -> tuple[datetime, str]:
    return meeting.date_from or datetime.max.replace(tzinfo=UTC), meeting.id


def _beyond(rows: list[Meeting], start: datetime) -> bool:
    """Whether these, the latest first, go back to before the start: then those not read do not matter."""
    starts = [row.date_from for row in rows if row.date_from]
    falling = all(one >= other for one, other in pairwise(starts))
    return bool(starts) and falling and starts[-1] < start


def _not_all(count: int) -> dict[str, str]:
    text = _(
        "Not all meetings are shown: Flowtly has more than the %(rows)s that were read, so days may have meetings that "
        "are missing here."
    )
    return table.note("warning", text % {"rows": number(count)})


def _not_longest() -> dict[str, str]:
    text = ngettext(
        "Flowtly cannot look up meetings by their end, so one that began more than %(n)s day earlier is missing.",
        "Flowtly cannot look up meetings by their end, so one that began more than %(n)s days earlier is missing.",
        LONGEST.days,
    )
    return table.note("info", text % {"n": number(LONGEST.days)})


def _ignoring(rows: list[Meeting], wanted: MeetingQuery, asked: Filters) -> list[dict[str, str]]:
    """Rows that say something else than what the API was asked for. They are not shown; it is worth knowing."""
    days = BEFORE in asked and not all(_answers(row, wanted, asked) for row in rows if row.date_from)
    named = {EMPLOYEE, STATUS} & {name.removesuffix("[]") for name in asked}
    telling = [row for row in rows if named and all(row.said(name) for name in named)]
    if not days and all(map(wanted.holds_rest, telling)):
        return []
    text = _("Flowtly seems to ignore what it was asked for, so its answer was sifted here.")
    return [table.note("warning", text)]


def _answers(row: Meeting, wanted: MeetingQuery, asked: Filters) -> bool:
    """Whether a row that says when it starts is what the days of the query ask for."""
    start = row.date_from or wanted.start
    since = wanted.start - 2 * OFFSETS  # as asked, and as an API's own clock may take it
    begun = start >= since - LONGEST if AFTER in asked else (row.date_to or start) >= since
    return begun and start - 2 * OFFSETS <= wanted.end


def _aging(count: int, age: float | None, again: str) -> list[dict[str, str]]:
    if age is None:
        return []
    text = ngettext(
        "Flowtly cannot look up days itself here: %(rows)s meeting was read %(age)s s ago and sifted here.",
        "Flowtly cannot look up days itself here: %(rows)s meetings were read %(age)s s ago and sifted here.",
        count,
    )
    said = text % {"rows": number(count), "age": int(age)}
    return [table.note("info", said) | {"url": again, "url_label": _("Read again")}]
