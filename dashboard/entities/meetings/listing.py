"""Meetings as rows: of a day in the calendar, and of a list with its filters and pages."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.entities.meetings import date_times
from dashboard.entities.meetings.calendar import Asked
from dashboard.entities.meetings.employees import EmployeeChoices
from dashboard.entities.meetings.queries import EMPLOYEE, STATUS, MeetingResults
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.standards import spellings
from dashboard.tables import table
from dashboard.web.formatting import label, number, pill

PART = "meetings-month"
NOTE_LENGTH = 80


def as_listing(
    request: HttpRequest, asked: Asked, around: EmployeeChoices, found: MeetingResults | None
) -> table.Listing:
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
    made: table.Listing, asked: Asked, found: MeetingResults, row: Callable[[Meeting], Mapping[str, Any]]
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


def _employees(found: MeetingResults | None, around: EmployeeChoices) -> dict[str, str]:
    seen = [one.employee for one in found.every if one.employee and one.employee.id] if found else []
    return {**around.names, **{one.id: around.name(one) for one in seen}}


def _states(found: MeetingResults | None) -> dict[str, str]:
    seen = {spellings.state(one.status) for one in found.every if one.status} if found else set()
    return {state: label(state) for state in seen}


def _filter(name: str, words: str, now: str, known: Mapping[str, str]) -> dict[str, Any]:
    options = {**known, **({spellings.state(now): known.get(spellings.state(now), now)} if now else {})}
    in_order = sorted(options.items(), key=lambda option: option[1].casefold())
    drawn = [
        {"value": value, "label": text, "selected": value == spellings.state(now)} for value, text in in_order
    ]
    return {"name": name, "label": words, "value": now, "options": drawn}


def _chips(request: HttpRequest, asked: Asked, filters: list[dict[str, Any]]) -> list[dict[str, str]]:
    chips = []
    for one in filters:
        if chosen := next((option for option in one["options"] if option["selected"]), None):
            text = f"{one['label']}: {chosen['label']}"
            chips.append({"label": text, "remove_url": request.path + asked.query(**{one["name"]: ""})})
    return chips


def _notes(asked: Asked, found: MeetingResults | None) -> list[dict[str, str]]:
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


def row_with(url: str, asked: Asked, around: EmployeeChoices) -> Callable[[Meeting], dict[str, Any]]:
    """A meeting's view model. The URL is made once and holds ID where the id belongs."""
    nobody, cannot_be_opened = _("nobody"), _("(this id cannot be opened)")

    def row(meeting: Meeting) -> dict[str, Any]:
        start, state = meeting.date_from, meeting.raw.get("status")
        return {
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
