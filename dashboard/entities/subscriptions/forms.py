from collections.abc import Mapping
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.subscriptions.choices import SubscriptionChoices
from dashboard.entities.subscriptions.repeated_fields import ManyField
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.forms.fields import WholeNumberField
from dashboard.forms.record import FormOptions
from dashboard.forms.tenant_check import WhoseForm
from dashboard.standards.foreign_text import joined
from dashboard.web.formatting import NOTHING
from dashboard.web.request import StaffRequest

# The ids of the <datalist>s that the page draws.
TYPES_LIST, METHODS_LIST = "subscription-types", "payment-methods"
NOTHING_KNOWN = SubscriptionChoices()


class SubscriptionForm(WhoseForm):
    type = forms.CharField(
        label=gettext_lazy("Type"),
        max_length=255,
        widget=forms.TextInput(attrs={"list": TYPES_LIST, "size": 20}),
        help_text=gettext_lazy("Flowtly's word for the plan: choose one in use here, or type another."),
    )
    seats = WholeNumberField(label=gettext_lazy("Seats"), min_value=1)
    organizationAddress = forms.ChoiceField(
        label=gettext_lazy("Billed to"),
        help_text=gettext_lazy("One of this organization's addresses."),
    )
    products = ManyField(label=gettext_lazy("Products"))
    modules = ManyField(label=gettext_lazy("Modules"), required=False)
    paymentMethod = forms.CharField(
        label=gettext_lazy("Payment method"),
        required=False,
        widget=forms.TextInput(attrs={"list": METHODS_LIST, "size": 36, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "As Flowtly names it, such as /payment-methods/1. Leave it empty to set none."
        ),
    )

    def __init__(
        self,
        request: StaffRequest,
        record: Subscription | None = None,
        *,
        around: SubscriptionChoices = NOTHING_KNOWN,
        **options: Unpack[FormOptions],
    ) -> None:
        self.around = around
        super().__init__(request, record, **options)

    def fit(self) -> None:
        super().fit()
        address, products, modules = (self.fields[n] for n in ("organizationAddress", "products", "modules"))
        assert isinstance(products, ManyField)
        assert isinstance(modules, ManyField)
        if self.around.addresses is None:
            self.fields["organizationAddress"] = _typed_address()
        elif isinstance(address, forms.ChoiceField):
            address.choices = [("", NOTHING), *self.around.addresses]
        products.offer(self.around.products, free=not self.around.products)
        modules.offer(self.around.modules, free=True)
        if not self.around.products:
            products.help_text = _("The catalog is empty or could not be read. Type the products' codes.")

    def fields_to_create(self) -> dict[str, Any]:
        """None of several is sent as such: a constructor that wants the list refuses its absence."""
        return {"products": [], "modules": [], **super().fields_to_create()}

    def name_of_fields(self, fields: Mapping[str, Any]) -> str:
        return str(fields.get("type") or "")

    def words(self, name: str, value: object) -> str:
        if isinstance(value, list):
            one_by_one = super().words
            return joined(one_by_one(name, each) for each in value) or NOTHING
        return super().words(name, value)


def _typed_address() -> forms.CharField:
    return forms.CharField(
        label=_("Billed to"),
        max_length=255,
        widget=forms.TextInput(attrs={"size": 36, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "The addresses could not be read. Enter the address as Flowtly names it, for example "
            "/organization-addresses/1."
        ),
    )
