"""Form fields of a meeting: a date and time by the clock of a zone, and a choice of employees with a search."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.entities.meetings import date_times
from dashboard.entities.meetings.employees import EmployeeChoices
from dashboard.flowtly.resources.records import Reference
from dashboard.web.formatting import as_it_is

PICKER = "employee-part"


class MomentField(forms.CharField):
    """A date and time by the clock of a zone. A value of the record that is no moment stays as it is, as text: a
    browser's own field would show nothing of it, and so clear it."""

    zone = ZoneInfo(settings.TIME_ZONE)
    twice = False

    def fit(self, zone: ZoneInfo, value: object) -> None:
        self.zone = zone
        self.about = getattr(self, "about", str(self.help_text))
        name = {"zone": date_times.zone_name(zone)}
        if value is None or date_times.read(value):
            shown = self.prepare_value(value) or ""
            step = {"step": "0.001" if "." in shown else "1"} if len(shown) > len("2026-01-01T00:00") else {}
            self.widget = forms.TextInput(attrs={"type": "datetime-local", "size": 22, **step})
            self.help_text = ". ".join(filter(None, [_("Time in %(zone)s") % name, self.about]))
        else:
            self.widget = forms.TextInput(attrs={"size": 32})
            text = _("As Flowtly has it, without a zone. To change it: 2026-01-31T09:30, time in %(zone)s")
            self.help_text = text % name
        self.widget.is_required = self.required

    def prepare_value(self, value: object) -> str | None:
        moment = date_times.read(value)
        if moment is None:
            return None if value is None else as_it_is(value)
        return date_times.on_the_clock(moment, self.zone)

    def clean(self, value: object) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            typed = date_times.typed(text, self.zone)
        except (ValueError, OverflowError):
            raise forms.ValidationError(_("Enter a date and a time.")) from None
        if typed.moment is None:
            skipped = _("The clock in %(zone)s skips this time: it goes forward then. Choose another.")
            raise forms.ValidationError(skipped % {"zone": date_times.zone_name(self.zone)})
        self.twice = typed.twice
        return typed.moment


class EmployeePicker(forms.Select):
    """Employee picker: a choice with a search in front; a text field where Flowtly has no list of them."""

    template_name = "meetings/_employee.html"
    around = EmployeeChoices()
    url = term = ""

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What is chosen stays choosable, whoever was found last."""
        chosen = (self.format_value(value) or [""])[0]
        if chosen and chosen not in {str(key) for key, _text in self.choices}:
            named = Reference.read(chosen)
            name_of_chosen = self.around.names.get(named.id if named else "") or chosen
            self.choices = [*self.choices, (chosen, name_of_chosen)]
        context = super().get_context(name, value, attrs)
        own = {"around": self.around, "url": self.url, "term": self.term, "part": PICKER, "text": chosen}
        return context | own
