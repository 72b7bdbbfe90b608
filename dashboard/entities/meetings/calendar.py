"""A month as weeks of days, each with its meetings, and the same as a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.entities.meetings import date_times
from dashboard.entities.meetings.employees import Around
from dashboard.entities.meetings.queries import EMPLOYEE, STATUS, Found, Wanted
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.tables import table
from dashboard.web.formatting import label, locale, number, pill

A_DAY = 3  # meetings; of a day with more, the rest is a link to its list
A_WEEK = 7
PART = "meetings-month"
NOTE_LENGTH = 80


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
        start = self.month - timedelta(days=(self.month.weekday() - first_weekday()) % A_WEEK)
        count = (after(self.month) - timedelta(days=1) - start).days // A_WEEK + 1
        return [[start + timedelta(days=A_WEEK * week + n) for n in range(A_WEEK)] for week in range(count)]

    @property
    def wanted(self) -> Wanted:
        """A month is drawn with the days of its neighbours that share a week with it."""
        first, last = self.first, self.last
        if self.view == "month":
            first, last = self.weeks[0][0], self.weeks[-1][-1]
        return Wanted(
            self._midnight(first), self._midnight(last + timedelta(days=1)), self.employee, self.status
        )

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def first_weekday() -> int:
    """Monday is 0."""
    return int(Locale.parse(locale()).first_week_day)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-01-31") else None
    except ValueError:
        return None
    return day if day and 1900 < day.year < 3000 else None


# --- drawing ---


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


def weeks(asked: Asked, found: Found, row: Callable[[Meeting], dict[str, Any]]) -> list[list[dict[str, Any]]]:
    of_day: dict[date, list[Meeting]] = {}
    for meeting in found.meetings:
        if meeting.date_from:
            of_day.setdefault(meeting.date_from.astimezone(asked.zone).date(), []).append(meeting)
    return [[_drawn(asked, day, of_day.get(day, []), row) for day in week] for week in asked.weeks]


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
        "meetings": [row(meeting) for meeting in meetings[:A_DAY]],
        "more": _("+%(n)s more") % {"n": number(rest)} if rest > 0 else "",
        "url": replace(asked, day=day).query(),
    }


def _tone(asked: Asked, day: date, meetings: list[Meeting]) -> str:
    """What a narrow screen leaves out, and what is of another month."""
    if not meetings and day != asked.today:
        return "off"
    return "muted" if day.month != asked.month.month else ""


def row_with(url: str, asked: Asked, around: Around) -> Callable[[Meeting], dict[str, Any]]:
    """A meeting's view model. The URL is made once and holds ID where the id belongs."""
    nobody, cannot_be_opened = _("nobody"), _("(this id cannot be opened)")

    def row(meeting: Meeting) -> dict[str, Any]:
        start, state = meeting.date_from, meeting.raw.get("status")
        return {
            "id": meeting.id,
            "url": table.url_of(url, meeting.id),
            "url_label": cannot_be_opened,
            "day": date_times.day_of(start.astimezone(asked.zone).date())
            if start
            else label(meeting.raw.get("dateFrom")),
            "time": date_times.time_of(start, asked.zone),
            "span": date_times.span(start, meeting.date_to, asked.zone),
            "who": around.name(meeting.employee) if meeting.employee else nobody,
            "state": label(state),
            "pill": pill(state),
            "off": pill(state) == "danger",
            "notes": _short(meeting.notes),
        }

    return row


def _short(notes: str | None) -> str:
    line = " ".join((notes or "").split())
    return label(line) if len(line) <= NOTE_LENGTH else f"{line[: NOTE_LENGTH - 1]}…"


def as_listing(request: HttpRequest, asked: Asked, around: Around, found: Found | None) -> table.Listing:
    """What the templates of every list draw: filters, chips, notes, and the rows of a list that is asked for."""
    filters = [
        _filter(EMPLOYEE, _("Employee"), asked.employee, _employees(found, around)),
        _filter(STATUS, _("Status"), asked.status, _states(found)),
    ]
    return table.Listing(
        part=PART,
        base_url=request.path,
        filters=filters,
        filtered=bool(asked.employee or asked.status),
        clear_url=request.path + replace(asked, employee="", status="").query(),
        chips=_chips(request, asked, filters),
        hidden=[(name, value) for name, value in _carried(asked).items() if value],
        notes=_notes(asked, found),
        export_url=table.export_url(request),
    )


def in_pages(
    made: table.Listing, asked: Asked, found: Found, row: Callable[[Meeting], Mapping[str, Any]]
) -> None:
    rows = [*found.meetings, *found.undated]
    first = (asked.page - 1) * table.ROWS
    shown = rows[first : first + table.ROWS]
    made.rows = [row(meeting) for meeting in shown]
    numbers = {"first": number(first + 1), "last": number(first + len(shown)), "total": number(len(rows))}
    made.range_text = _("%(first)s–%(last)s of %(total)s") % numbers if shown else ""
    made.previous_url = asked.query(page=str(asked.page - 1)) if asked.page > 1 else ""
    made.next_url = asked.query(page=str(asked.page + 1)) if first + table.ROWS < len(rows) else ""


def _carried(asked: Asked) -> dict[str, str]:
    return {
        "view": "list" if asked.view == "list" and not asked.day else "",
        "day": asked.day.isoformat() if asked.day else "",
        "month": "" if asked.day else f"{asked.month:%Y-%m}",
    }


def _employees(found: Found | None, around: Around) -> dict[str, str]:
    seen = [one.employee for one in found.every if one.employee and one.employee.id] if found else []
    return {**around.names, **{one.id: around.name(one) for one in seen}}


def _states(found: Found | None) -> dict[str, str]:
    seen = {one.status for one in found.every if one.status} if found else set()
    return {state: label(state) for state in seen}


def _filter(name: str, words: str, now: str, known: Mapping[str, str]) -> dict[str, Any]:
    options = {**known, **({now: known.get(now, now)} if now else {})}
    in_order = sorted(options.items(), key=lambda option: option[1].casefold())
    drawn = [{"value": value, "label": text, "selected": value == now} for value, text in in_order]
    return {"name": name, "label": words, "value": now, "options": drawn}


def _chips(request: HttpRequest, asked: Asked, filters: list[dict[str, Any]]) -> list[dict[str, str]]:
    chips = []
    for one in filters:
        if chosen := next((option for option in one["options"] if option["selected"]), None):
            text = f"{one['label']}: {chosen['label']}"
            chips.append({"label": text, "remove_url": request.path + asked.query(**{one["name"]: ""})})
    return chips


def _notes(asked: Asked, found: Found | None) -> list[dict[str, str]]:
    notes = []
    for said in asked.not_understood:
        text = _("“%(said)s” is no month or day, so it was left out.") % {"said": said}
        notes.append(table.note("warning", text))
    notes += found.notes if found else []
    if found and found.undated and asked.view == "month":
        count = len(found.undated)
        text = ngettext(
            "%(n)s meeting has no start that can be read. It is at the end of the list.",
            "%(n)s meetings have no start that can be read. They are at the end of the list.",
            count,
        )
        notes.append(table.note("warning", text % {"n": number(count)}))
    return notes
