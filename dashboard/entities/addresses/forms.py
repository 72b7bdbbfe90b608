from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy

from dashboard.entities.addresses.choices import COUNTRIES, Surroundings
from dashboard.flowtly.resources.addresses import Address
from dashboard.forms.country_field import CountryField
from dashboard.forms.fields import EmailField, ExactField
from dashboard.forms.record import FlowtlyForm, FormOptions
from dashboard.standards import countries
from dashboard.web.request import StaffRequest

TYPES_LIST = "address-types"  # the id of the <datalist> that the page draws
NOTHING_KNOWN = Surroundings()


def short(size: int) -> forms.TextInput:
    return forms.TextInput(attrs={"size": size})


class AddressForm(FlowtlyForm):
    type = forms.CharField(
        label=gettext_lazy("Type"),
        max_length=255,
        widget=forms.TextInput(attrs={"list": TYPES_LIST, "size": 20}),
        help_text=gettext_lazy("What the address is for: choose one, or type another."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=255)
    postCode = forms.CharField(label=gettext_lazy("Post code"), max_length=255, widget=short(10))
    city = forms.CharField(label=gettext_lazy("City"), max_length=255, widget=short(32))
    country = CountryField(label=gettext_lazy("Country"))
    email = EmailField(label=gettext_lazy("E-mail"), required=False)
    tin = ExactField(label=gettext_lazy("Tax number"), max_length=255, required=False, widget=short(20))
    tinCountry = CountryField(label=gettext_lazy("Tax country"), required=False)

    def __init__(
        self,
        request: StaffRequest,
        record: Address | None = None,
        *,
        around: Surroundings = NOTHING_KNOWN,
        **options: Unpack[FormOptions],
    ) -> None:
        self.around = around
        super().__init__(request, record, **options)

    def fit(self) -> None:
        for name in COUNTRIES:
            field = self.fields[name]
            assert isinstance(field, CountryField)
            spelling = self.request.flowtly.addresses.spelling(name, self.record)
            field.offer(self.around.offered, self.around.used, spelling, self.initial.get(name))

    def words(self, name: str, value: object) -> str:
        return countries.name(value) if name in COUNTRIES else super().words(name, value)
