"""Date-times as the API writes them, and as somebody reads and types them: by the clock of their own zone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import ngettext

from dashboard.accounts.models import Person
from dashboard.flowtly import Flowtly
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.base import NO_FILTERS
from dashboard.flowtly.resources.meetings import Meeting, Meetings
from dashboard.flowtly.resources.pagination import Every
from dashboard.flowtly.resources.records import Reference, parse_moment
from dashboard.web.formatting import as_it_is, label, locale, number, zones

# In a meeting, what holds one.
MOMENTS = ("dateFrom", "dateTo", "time")


def zone_of(person: Person | AnonymousUser) -> ZoneInfo:
    name = getattr(person, "time_zone", "")
    return ZoneInfo(name if name in zones() else settings.TIME_ZONE)


def zone_name(zone: ZoneInfo) -> str:
    return str(zone).replace("_", " ")


def read(value: object) -> datetime | None:
    """The moment, in UTC. What has no offset is none, and neither is what no zone could show."""
    moment = parse_moment(value)
    return moment.astimezone(UTC) if moment and 2 <= moment.year <= 9998 else None


def spelled(value: object) -> object:
    """One spelling for each moment, so that two of them can be compared; anything else as it came."""
    moment = read(value)
    return value if moment is None else moment.isoformat()


def in_one_spelling(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a meeting with moments spelled one way, and the employee as the IRI that a body has."""
    fields = {**raw, **{name: spelled(raw[name]) for name in MOMENTS if name in raw}}
    employee = fields.get("employee")
    if employee is not None and not isinstance(employee, str):
        named = Reference.read(employee)
        known = (named.iri or named.id) if isinstance(named, Reference) else ""
        fields["employee"] = known or as_it_is(employee)
    return fields


class OneSpelling(Meetings):
    """Meetings read in one spelling, so that what a form compares is alike where it means the same, and written by the
    API's own clock: one that keeps the clock of a moment and drops its offset keeps the moment then. Its clock is told
    by the moments that were read before: of the record, or of the list where a new one will stand."""

    def __init__(self, flowtly: Flowtly) -> None:
        super().__init__(flowtly)
        self._seen: list[datetime] = []

    def get(self, identifier: str) -> Meeting:
        return self._respelled(super().get(identifier))

    def every(self, filters: Filters = NO_FILTERS, most: int = 2000) -> Every[Meeting]:
        found = super().every(filters, most)
        for meeting in found.items:
            self._seen += _moments(meeting)
        return found

    def create(self, fields: Mapping[str, object]) -> Meeting:
        return self._respelled(super().create(self._by_its_clock(fields)))

    def update(self, record_or_id: Meeting | str, changes: Mapping[str, object]) -> Meeting:
        return self._respelled(super().update(record_or_id, self._by_its_clock(changes)))

    def _respelled(self, meeting: Meeting) -> Meeting:
        self._seen += _moments(meeting)
        return Meeting.read(in_one_spelling(meeting.raw))

    def _by_its_clock(self, fields: Mapping[str, object]) -> dict[str, object]:
        moments = {name: moment for name in MOMENTS if (moment := read(fields.get(name)))}
        own = {name: moment.astimezone(clock_of(self._seen, moment)) for name, moment in moments.items()}
        return {**fields, **{name: moment.isoformat() for name, moment in own.items()}}


def _moments(meeting: Meeting) -> list[datetime]:
    return [moment for name in MOMENTS if (moment := parse_moment(meeting.raw.get(name)))]


def clock_of(seen: Collection[datetime], moment: datetime) -> tzinfo:
    """Clock that the moments seen were written by: UTC, this site's own zone, or else the offset that the one next to
    `moment` bears."""
    for clock in (UTC, ZoneInfo(settings.TIME_ZONE)):
        if all(each.utcoffset() == each.astimezone(clock).utcoffset() for each in seen):
            return clock
    return min(seen, key=lambda each: abs(each - moment)).tzinfo or UTC


def on_the_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Value of a browser's field for date and time. Seconds only where there are any; it knows no more of them than
    thousandths."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    exactly = "milliseconds" if local.microsecond >= 1000 else "seconds" if local.second else "minutes"
    return local.isoformat(timespec=exactly)


@dataclass(frozen=True)
class TypedMoment:
    """Moment that somebody typed; None for a time that the clock of the zone skips. `twice` says that it comes two
    times there, and that this is the first."""

    moment: datetime | None
    twice: bool = False


def typed(text: str, zone: ZoneInfo) -> TypedMoment:
    """ValueError for what is no date and time. With an offset it is a moment whatever the zone."""
    local = datetime.fromisoformat(text)
    if len(text) < len("2026-01-01T00") or not 1900 <= local.year <= 9000:
        raise ValueError(text)
    if local.tzinfo is not None:
        return TypedMoment(local.astimezone(UTC))
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        return TypedMoment(None)
    return TypedMoment(moment, twice=first.utcoffset() != second.utcoffset())


def same_on_the_clock(one: str, other: str) -> bool:
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (ValueError, TypeError):  # one of them has an offset
        return False


# --- in words ---


def time_of(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else str(format_time(moment.astimezone(zone), "HH:mm", locale=locale()))


def day_of(day: date, pattern: str = "EEE d MMM") -> str:
    noon = datetime(day.year, day.month, day.day, 12)
    return str(format_datetime(noon, pattern, locale=locale()))


def span(start: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    """Span from when to when on the clock, with how many days later it ends, if it does."""
    if start is None or end is None:
        return time_of(start or end, zone) or label(None)
    days = (end.astimezone(zone).date() - start.astimezone(zone).date()).days
    text = f"{time_of(start, zone)}–{time_of(end, zone)}"
    if not days:
        return text
    words = ngettext("%(span)s (+%(days)s day)", "%(span)s (+%(days)s days)", days)
    return words % {"span": text, "days": number(days)}
