"""Moments as the API writes them, and as somebody reads and types them: by the clock of their own zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time
from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.flowtly.resources.meetings import Meeting, Meetings
from dashboard.flowtly.resources.records import Reference
from dashboard.web.formatting import as_it_is, label, locale, zones

# In a meeting, what holds one.
MOMENTS = ("dateFrom", "dateTo", "time")


def zone_of(person: Any) -> ZoneInfo:
    name = getattr(person, "time_zone", "")
    return ZoneInfo(name if name in zones() else settings.TIME_ZONE)


def zone_name(zone: ZoneInfo) -> str:
    return str(zone).replace("_", " ")


def read(value: Any) -> datetime | None:
    """The moment, in UTC. What has no offset is none, and neither is what no zone could show."""
    try:
        seen = datetime.fromisoformat(value) if isinstance(value, str) else None
        if seen is None or seen.tzinfo is None:
            return None
        return seen.astimezone(UTC) if 2 <= seen.year <= 9998 else None
    except (ValueError, OverflowError):
        return None


def spelled(value: Any) -> Any:
    """One spelling for each moment, so that two of them can be compared; anything else as it came."""
    moment = read(value)
    return value if moment is None else moment.isoformat()


def in_one_spelling(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A meeting's fields with moments spelled one way, and the employee as the IRI that a body has."""
    fields = {**raw, **{name: spelled(raw[name]) for name in MOMENTS if name in raw}}
    employee = fields.get("employee")
    if employee is not None and not isinstance(employee, str):
        named = Reference.read(employee)
        known = (named.iri or named.id) if isinstance(named, Reference) else ""
        fields["employee"] = known or as_it_is(employee)
    return fields


class OneSpelling:
    """The meetings of the API, read in one spelling, so that what a form compares is alike where it means the
    same."""

    def __init__(self, meetings: Meetings) -> None:
        self._meetings = meetings

    def __getattr__(self, name: str) -> Any:
        return getattr(self._meetings, name)

    def get(self, identifier: str) -> Meeting:
        return _respelled(self._meetings.get(identifier))

    def update(self, record: Meeting, changes: Mapping[str, object]) -> Meeting:
        return _respelled(self._meetings.update(record, changes))


def _respelled(meeting: Meeting) -> Meeting:
    return Meeting.read(in_one_spelling(meeting.raw))


def on_the_clock(moment: datetime, zone: ZoneInfo) -> str:
    """As a browser's field for date and time has it. Seconds only where there are any; it knows no more of them
    than thousandths."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    exactly = "milliseconds" if local.microsecond >= 1000 else "seconds" if local.second else "minutes"
    return local.isoformat(timespec=exactly)


@dataclass(frozen=True)
class Typed:
    """What somebody typed. `moment` is None for a time that the clock of the zone skips; `twice` says that it
    comes two times there, and that this is the first."""

    moment: datetime | None
    twice: bool = False


def typed(text: str, zone: ZoneInfo) -> Typed:
    """ValueError for what is no date and time. With an offset it is a moment whatever the zone."""
    local = datetime.fromisoformat(text)
    if len(text) < len("2026-01-01T00") or not 1900 <= local.year <= 9000:
        raise ValueError(text)
    if local.tzinfo is not None:
        return Typed(local.astimezone(UTC))
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        return Typed(None)
    return Typed(moment, twice=first.utcoffset() != second.utcoffset())


def same_on_the_clock(one: str, other: str) -> bool:
    """Whether two texts of such a field say the same date and time."""
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
    """From when to when on the clock, with how many days later it ends, if it does."""
    if start is None or end is None:
        return time_of(start or end, zone) or label(None)
    days = (end.astimezone(zone).date() - start.astimezone(zone).date()).days
    text = f"{time_of(start, zone)}–{time_of(end, zone)}"
    return _("%(span)s (+%(days)s days)") % {"span": text, "days": days} if days else text
