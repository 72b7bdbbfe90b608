from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.entities.locations.hours import DAY, clock
from dashboard.forms.record import FlowtlyForm

HOURS = [("", "—"), *((hour, clock(hour)) for hour in range(DAY + 1))]


class HourField(forms.TypedChoiceField):
    """An hour of the day, 0 to 24, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=HOURS, coerce=int, empty_value=None, required=False, **kwargs)

    def keep(self, value: Any) -> None:
        """An hour that a record already has stays choosable, whatever it is."""
        if value is not None and not self.valid_value(value):
            self.choices = [*HOURS, (value, str(value))]


class LocationForm(FlowtlyForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    officeOpenHour = HourField(label=_("Opens at"))
    officeCloseHour = HourField(
        label=_("Closes at"),
        help_text=_("A closing hour before the opening hour means open overnight, until the next day."),
    )

    def fit(self) -> None:
        for name in ("officeOpenHour", "officeCloseHour"):
            field = self.fields[name]
            assert isinstance(field, HourField)
            field.keep(self.initial.get(name))
