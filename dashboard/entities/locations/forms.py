from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.entities.locations.hours import DAY, clock
from dashboard.forms.record import FlowtlyForm

HOURS = [("", "—"), *((hour, clock(hour)) for hour in range(DAY + 1))]


class LocationForm(FlowtlyForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    officeOpenHour = forms.TypedChoiceField(
        label=_("Opens at"), choices=HOURS, coerce=int, empty_value=None, required=False
    )
    officeCloseHour = forms.TypedChoiceField(
        label=_("Closes at"),
        choices=HOURS,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("A closing hour before the opening hour means open overnight, until the next day."),
    )
