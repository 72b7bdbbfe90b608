"""A month as weeks of days, each with its meetings."""

from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.entities.meetings import date_times
from dashboard.entities.meetings.queries import EMPLOYEE, STATUS, MeetingQuery, MeetingResults
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.tables import table
from dashboard.web.formatting import locale, number

A_DAY = 3  # meetings; of a day with more, the rest is a link to its list


@dataclass(frozen=True)
class Asked:
    """What the query string asks for."""

    month: date  # its first day
    today: date
    zone: ZoneInfo
    view: str = "month"
    day: date | None = None
    employee: str = ""
    status: str = ""
    page: int = 1
    fresh: bool = False
    not_understood: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest, zone: ZoneInfo) -> "Asked":
        said, today = request.GET, timezone.now().astimezone(zone).date()
        day = _day(said.get("day", ""))
        month = _day(f"{said.get('month', '')}-01") or day or today
        wrong = [name for name, value in (("month", f"{said.get('month')}-01"), ("day", said.get("day")))
                 if said.get(name) and not _day(value or "")]  # fmt: skip
        page = said.get("page", "1")
        return cls(
            month=(day or month).replace(day=1),
            today=today,
            zone=zone,
            view="list" if said.get("view") == "list" or day else "month",
            day=day,
            employee=said.get(EMPLOYEE, "").strip().rstrip("/").rpartition("/")[2],
            status=said.get(STATUS, "").strip(),
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
            fresh=table.FRESH in said,
            not_understood=tuple(said[name] for name in wrong),
        )

    def query(self, **other: str) -> str:
        parts = {
            "month": "" if self.day else f"{self.month:%Y-%m}",
            "view": "list" if self.view == "list" and not self.day else "",
            "day": self.day.isoformat() if self.day else "",
            EMPLOYEE: self.employee,
            STATUS: self.status,
            **other,
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    def of_month(self, month: date) -> str:
        return replace(self, day=None, month=month).query()

    @property
    def first(self) -> date:
        return self.day or self.month

    @property
    def last(self) -> date:
        return self.day or after(self.month) - timedelta(days=1)

    @property
    def weeks(self) -> list[list[date]]:
        monday_is_0 = Locale.parse(locale()).first_week_day
        return Calendar(monday_is_0).monthdatescalendar(self.month.year, self.month.month)

    @property
    def wanted(self) -> MeetingQuery:
        """A month is drawn with the days of its neighbours that share a week with it."""
        first, last = self.first, self.last
        if self.view == "month":
            first, last = self.weeks[0][0], self.weeks[-1][-1]
        return MeetingQuery(
            self._midnight(first), self._midnight(last + timedelta(days=1)), self.employee, self.status
        )

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-01-31") else None
    except ValueError:
        return None
    return day if day and 1900 < day.year < 3000 else None


def head(asked: Asked) -> dict[str, Any]:
    """What the page says above the days, and where it leads from here."""
    month = date_times.day_of(asked.month, "LLLL y")
    return {
        "month": month[:1].upper() + month[1:],
        "day": date_times.day_of(asked.day, "EEEE d MMMM y") if asked.day else "",
        "zone": date_times.zone_name(asked.zone),
        "previous": date_times.day_of(before(asked.month), "LLL y"),
        "previous_url": asked.of_month(before(asked.month)),
        "next": date_times.day_of(after(asked.month), "LLL y"),
        "next_url": asked.of_month(after(asked.month)),
        "today_url": asked.of_month(asked.today) if asked.month != asked.today.replace(day=1) else "",
        "month_url": replace(asked, view="month", day=None).query(),
        "list_url": replace(asked, view="list", day=None).query(),
        "first_url": asked.query(),
        "view": asked.view,
    }


def weekdays(asked: Asked) -> list[dict[str, str]]:
    return [
        {"short": date_times.day_of(day, "EEE"), "full": date_times.day_of(day, "EEEE")}
        for day in asked.weeks[0]
    ]


def weeks(
    asked: Asked, found: MeetingResults, row: Callable[[Meeting], dict[str, Any]]
) -> list[list[dict[str, Any]]]:
    """Each meeting is on every day that it is in progress."""
    of_day: dict[date, list[Meeting]] = {}
    for meeting in found.meetings:
        first, last = _days(meeting, asked.zone)
        for day in (day for week in asked.weeks for day in week if first <= day <= last):
            of_day.setdefault(day, []).append(meeting)
    return [[_drawn(asked, day, of_day.get(day, []), row) for day in week] for week in asked.weeks]


def _days(meeting: Meeting, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day. One that ends at midnight is not in progress on the day that begins then."""
    if meeting.date_from is None:
        return date.max, date.min
    first = meeting.date_from.astimezone(zone).date()
    if meeting.date_to is None or meeting.date_to <= meeting.date_from:
        return first, first
    return first, (meeting.date_to - timedelta(microseconds=1)).astimezone(zone).date()


def _on(day: date, meeting: Meeting, zone: ZoneInfo) -> dict[str, str]:
    """The time that a day says of a meeting that began on a day before."""
    first, last = _days(meeting, zone)
    if day == first:
        return {}
    until = _("until %(time)s") % {"time": date_times.time_of(meeting.date_to, zone)}
    return {"time": until if day == last else _("all day")}


def _drawn(
    asked: Asked, day: date, meetings: list[Meeting], row: Callable[[Meeting], dict[str, Any]]
) -> dict[str, Any]:
    rest = len(meetings) - A_DAY
    return {
        "number": day.day,
        "label": date_times.day_of(day),
        "full": date_times.day_of(day, "EEEE d MMMM"),
        "today": day == asked.today,
        "tone": _tone(asked, day, meetings),
        "meetings": [row(meeting) | _on(day, meeting, asked.zone) for meeting in meetings[:A_DAY]],
        "more": _("+%(n)s more") % {"n": number(rest)} if rest > 0 else "",
        "url": replace(asked, day=day).query(),
    }


def _tone(asked: Asked, day: date, meetings: list[Meeting]) -> str:
    """What a narrow screen leaves out, and what is of another month."""
    if not meetings and day != asked.today:
        return "off"
    return "muted" if day.month != asked.month.month else ""
