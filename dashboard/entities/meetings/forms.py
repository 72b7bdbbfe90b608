from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.meetings import date_times, employees
from dashboard.entities.meetings.employees import EmployeeChoices
from dashboard.entities.meetings.fields import EmployeePicker, MomentField
from dashboard.flowtly import errors
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.flowtly.resources.records import Reference
from dashboard.forms.record import FlowtlyForm
from dashboard.forms.results import Refused
from dashboard.web.formatting import when

FIND, TERM, FOUND = "find", "employee-q", "employee-found"


class MeetingForm(FlowtlyForm):
    dateFrom = MomentField(label=gettext_lazy("Starts"))
    dateTo = MomentField(label=gettext_lazy("Ends"))
    employee = forms.CharField(label=gettext_lazy("Employee"), required=False, widget=EmployeePicker)
    time = MomentField(
        label=gettext_lazy("Time"),
        required=False,
        help_text=gettext_lazy("A moment of its own. Flowtly does not say what it stands for."),
    )
    notes = forms.CharField(
        label=gettext_lazy("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def fit(self) -> None:
        for name in date_times.MOMENTS:
            field = self.fields[name]
            assert isinstance(field, MomentField)
            field.fit(self.zone, self.initial.get(name))
        self.picker.url = self.request.path
        self.picker.term = (self.request.POST.get(TERM) or self.request.GET.get(TERM, "")).strip()

    def offer(self, around: EmployeeChoices) -> None:
        self.picker.around = around
        own = self.base.get("employee")
        self.picker.choices = employees.choices(self.request, around, self.record, own)

    @property
    def zone(self) -> ZoneInfo:
        return date_times.zone_of(self.request.user)

    @property
    def picker(self) -> EmployeePicker:
        widget = self.fields["employee"].widget
        assert isinstance(widget, EmployeePicker)
        return widget

    @property
    def searching(self) -> bool:
        """Whether it was posted to find an employee: by the button for that, or because a term was typed whose
        results nobody has seen. Then nothing is sent, and nothing is complained about."""
        posted = self.request.POST
        unseen = posted.get(TERM, "").strip() != posted.get(FOUND, "").strip()
        return self.request.method == "POST" and (FIND in posted or unseen)

    # --- whose, and what for ---

    def name_of(self, record: Meeting) -> str:
        return when(record.date_from, self.zone.key) if record.date_from else str(record.id)

    def name_of_fields(self, fields: Mapping[str, Any]) -> str:
        return when(date_times.read(fields.get("dateFrom")), self.zone.key)

    def base_of(self, record: Meeting) -> dict[str, Any]:
        raw = date_times.in_one_spelling(record.raw)
        return {name: raw[name] for name in self.base_fields if name in raw}

    def words(self, name: str, value: object) -> str:
        if name in date_times.MOMENTS and (moment := date_times.read(value)):
            return when(moment, self.zone.key)
        if name == "employee" and value is not None:
            return self.picker.around.name(Reference.read(value))
        return super().words(name, value)

    # --- what was typed ---

    def _differs(self, name: str) -> bool:
        """A browser may leave out seconds that are none, or add them."""
        if not super()._differs(name):
            return False
        posted, shown = self.data.getlist(name), self._shown[name]
        return name not in date_times.MOMENTS or not date_times.same_on_the_clock(posted[-1], shown[0])

    def full_clean(self) -> None:
        if self.searching:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()
        if self.is_bound:
            self._hold_to_order()
            for name, text in self.taken_as_first().items():
                self[name].help_text = text

    def _hold_to_order(self) -> None:
        start, end = (self._moment(name) for name in ("dateFrom", "dateTo"))
        if {"dateFrom", "dateTo"} & self.cleaned_data.keys() and start and end and end < start:
            self.add_error(
                "dateTo", _("This is before the start, %(start)s.") % {"start": when(start, self.zone.key)}
            )

    def _moment(self, name: str) -> datetime | None:
        return self.cleaned_data[name] if name in self.cleaned_data else date_times.read(self.base.get(name))

    def taken_as_first(self) -> dict[str, str]:
        """Field → that the time typed comes twice, where the clock goes back, and that the first was taken."""
        text = _(
            "This time comes twice, for the clock in %(zone)s goes back then: %(moment)s, the first, was taken."
        )
        zone = date_times.zone_name(self.zone)
        return {
            name: text % {"zone": zone, "moment": when(self.cleaned_data[name], self.zone.key)}
            for name in date_times.MOMENTS
            if self.cleaned_data.get(name) and getattr(self.fields[name], "twice", False)
        }

    def sent(self) -> dict[str, Any]:
        return {**self.base, **(self.mine() if self.record is not None else self.fields_to_create())}

    def fields_to_create(self) -> dict[str, Any]:
        """Flowtly wants the key of the employee, whoever it is."""
        return {"employee": None, **super().fields_to_create()}

    def complain(self, refused: Refused) -> None:
        """Flowtly names no field where an employee is not one of its own."""
        super().complain(refused)
        error = refused.error
        if not isinstance(error, errors.BadRequest) or self.errors:
            return
        if "IRI" in error.detail or "Item not found" in error.detail:
            self.add_error("employee", error.detail)
