from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.entities.meetings import calendar, date_times, employees, listing, queries
from dashboard.entities.meetings.employees import EmployeeChoices
from dashboard.entities.meetings.fields import PICKER
from dashboard.entities.meetings.forms import TERM, MeetingForm
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.forms import pages
from dashboard.forms.results import Saved
from dashboard.upstream.parallel import gather
from dashboard.web import error_messages, responses
from dashboard.web.formatting import label, other_fields, pill, when
from dashboard.web.request import StaffRequest, link, may, permission


@permission("view_meetings")
def index(request: StaffRequest) -> HttpResponse:
    asked = calendar.Asked.of(request, date_times.zone_of(request.user))
    again = asked.query(fresh="1")
    results = gather(
        {
            "employees": partial(employees.everybody, request),
            "meetings": partial(queries.read, request, asked.wanted, fresh=asked.fresh, again=again),
        }
    )
    around, found = results["employees"].value or EmployeeChoices(), results["meetings"].value
    drawn = listing.as_listing(request, asked, around, found)
    row = listing.row_with(link(request, "meetings:edit", meeting_id="ID"), asked, around)
    if error := results["meetings"].error:
        drawn.error = error_messages.reading(error, request.get_full_path())
    elif found and asked.view == "list":
        listing.in_pages(drawn, asked, found, row)
    context = {
        "listing": drawn,
        "weekdays": calendar.weekdays(asked),
        "weeks": calendar.weeks(asked, found, row) if found and asked.view == "month" else [],
        "empty": found is not None and not found.meetings and not found.undated,
        "covered": found is not None and found.covered,
        "can_change": may(request, "change_meetings"),
        "new_url": link(request, "meetings:new"),
        **calendar.head(asked),
    }
    return responses.page(request, "meetings/index.html", context, parts=[listing.PART], status=drawn.status)


@permission("change_meetings", "change_meetings")
def new(request: StaffRequest) -> HttpResponse:
    if responses.part_asked(request, [PICKER]):
        return _choices(request, None, _found(request))
    form = MeetingForm.of(request)
    saved = None if form.searching else form.save(date_times.OneSpelling(request.flowtly))
    if isinstance(saved, Saved):
        return _done(request, form, saved, _("Added the meeting of %(when)s."))
    return _drawn(request, _("Add a meeting"), form, _found(request), save_label=_("Add meeting"))


@permission("view_meetings", "change_meetings")
def edit(request: StaffRequest, meeting_id: str) -> HttpResponse:
    if request.method == "POST":
        form = MeetingForm.over(request, date_times.OneSpelling(request.flowtly), meeting_id)
        saved = None if form.searching else form.save()
        if isinstance(saved, Saved):
            return _done(request, form, saved, _("Saved the meeting of %(when)s."))
        return _record(request, form, form.current(), _found(request))
    get = partial(request.flowtly.meetings.get, meeting_id)
    results = gather({"employees": partial(_found, request), "meeting": get})
    meeting = results["meeting"].get()
    around: EmployeeChoices = results["employees"].get()
    if responses.part_asked(request, [PICKER]):
        return _choices(request, meeting, around)
    return _record(request, MeetingForm.of(request, meeting), meeting, around)


def _found(request: StaffRequest) -> EmployeeChoices:
    said = request.POST if request.method == "POST" else request.GET
    return employees.search(request, said.get(TERM, "").strip())


def _choices(request: StaffRequest, meeting: Meeting | None, around: EmployeeChoices) -> HttpResponse:
    """Choices that were found, for the field that asks while somebody types."""
    form = MeetingForm(request, meeting)
    form.offer(employees.with_name(request, around, meeting.employee if meeting else None))
    chosen = request.GET.get("employee", "")
    return render(
        request, "meetings/_choices.html", form.picker.get_context("employee", chosen, {"id": "id_employee"})
    )


def _drawn(
    request: StaffRequest, title: str, form: MeetingForm, around: EmployeeChoices, **context: object
) -> HttpResponse:
    form.offer(around)
    back = {"back_url": link(request, "meetings:index"), "enter_saves": True}
    return pages.form_page(request, title, form, "meetings/edit.html", **{**back, **context})


def _record(
    request: StaffRequest, form: MeetingForm, meeting: Meeting, around: EmployeeChoices
) -> HttpResponse:
    zone = date_times.zone_of(request.user)
    around = employees.with_name(request, around, meeting.employee)
    who = around.name(meeting.employee) if meeting.employee else ""
    title = _("Meeting with %(who)s") % {"who": who} if who else _("Meeting")
    return _drawn(
        request,
        title,
        form,
        around,
        save_label=_("Save meeting"),
        back_url=_index(request, meeting),
        record=meeting,
        read_only=not may(request, "change_meetings"),
        state=label(meeting.raw.get("status")),
        state_pill=pill(meeting.status),
        facts=facts(meeting, around, zone.key),
        other_fields=other_fields(meeting),
    )


def _done(request: StaffRequest, form: MeetingForm, saved: Saved[Meeting], text: str) -> HttpResponse:
    meeting = Meeting.read({**form.sent(), **saved.record.raw})
    answer = pages.done(request, saved, text % {"when": form.name_of(meeting) or "—"}, "meetings:index")
    for said in form.taken_as_first().values() if saved.outcome == "applied" else []:
        messages.info(request, said)
    plain = link(request, "meetings:index")
    for header in {"Location", "HX-Location"} & answer.headers.keys():
        answer[header] = answer[header].replace(plain, _index(request, meeting))
    return answer


def _index(request: StaffRequest, meeting: Meeting) -> str:
    start = meeting.date_from
    month = f"?month={start.astimezone(date_times.zone_of(request.user)):%Y-%m}" if start else ""
    return link(request, "meetings:index") + month


def facts(meeting: Meeting, around: EmployeeChoices, zone: str) -> list[dict[str, str]]:
    return [
        {"name": "dateFrom", "label": _("Starts"), "value": _moment(meeting, "dateFrom", zone)},
        {"name": "dateTo", "label": _("Ends"), "value": _moment(meeting, "dateTo", zone)},
        {"name": "employee", "label": _("Employee"), "value": around.name(meeting.employee)},
        {"name": "status", "label": _("Status"), "value": label(meeting.raw.get("status"))},
        {"name": "time", "label": _("Time"), "value": _moment(meeting, "time", zone)},
        {"name": "notes", "label": _("Notes"), "value": label(meeting.notes)},
    ]


def _moment(meeting: Meeting, name: str, zone: str) -> str:
    value = meeting.raw.get(name)
    return when(date_times.read(value), zone) if date_times.read(value) else label(value)
