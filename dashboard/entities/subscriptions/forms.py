from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.subscriptions.choices import Surroundings
from dashboard.entities.subscriptions.repeated_fields import ManyField
from dashboard.forms.tenant_check import WhoseForm
from dashboard.web.formatting import NOTHING, as_it_is
from dashboard.web.request import StaffRequest

TYPES_LIST, METHODS_LIST = (
    "subscription-types",
    "payment-methods",
)  # the ids of the <datalist>s the page draws
NOTHING_KNOWN = Surroundings()


class SubscriptionForm(WhoseForm):
    type = forms.CharField(
        label=gettext_lazy("Type"),
        max_length=255,
        widget=forms.TextInput(attrs={"list": TYPES_LIST, "size": 20, "autocomplete": "off"}),
        help_text=gettext_lazy("Flowtly's word for the plan: choose one in use here, or type another."),
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1)
    organizationAddress = forms.ChoiceField(
        label=gettext_lazy("Billed to"),
        help_text=gettext_lazy("One of this organization's addresses."),
    )
    products = ManyField(label=gettext_lazy("Products"))
    modules = ManyField(label=gettext_lazy("Modules"), required=False)
    paymentMethod = forms.CharField(
        label=gettext_lazy("Payment method"),
        required=False,
        widget=forms.TextInput(
            attrs={"list": METHODS_LIST, "size": 36, "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=gettext_lazy(
            "As Flowtly names it, such as /payment-methods/1. Leave it empty to set none."
        ),
    )

    def __init__(
        self,
        request: StaffRequest,
        record: Any = None,
        *,
        around: Surroundings = NOTHING_KNOWN,
        **kwargs: Any,
    ) -> None:
        self.around = around
        super().__init__(request, record, **kwargs)

    def fit(self) -> None:
        super().fit()
        address, products, modules = (self.fields[n] for n in ("organizationAddress", "products", "modules"))
        assert isinstance(address, forms.ChoiceField)
        assert isinstance(products, ManyField)
        assert isinstance(modules, ManyField)
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

    def words(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(super(SubscriptionForm, self).words(name, each) for each in value) or NOTHING
        return super().words(name, value) if name != "seats" or value is None else as_it_is(value)
