from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.clients.choices import COUNTRIES, Surroundings
from dashboard.entities.clients.fields import (
    CurrencyField,
    LinesField,
    currency_name,
    language_name,
)
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact
from dashboard.flowtly.strict_json import listed
from dashboard.forms.confirm import DeleteForm
from dashboard.forms.country_field import CountryField
from dashboard.forms.fields import EmailField, ExactField, WholeNumberField
from dashboard.forms.record import FlowtlyForm, FormOptions
from dashboard.forms.reference_field import ReferenceField
from dashboard.standards import countries
from dashboard.standards.foreign_text import joined
from dashboard.web.formatting import as_it_is, label, record_name, reference_name
from dashboard.web.request import StaffRequest

CONTACTS = "client-contacts"
OF_CLIENT = "@client"  # the client's name, beside what a contact's form was drawn from
# Records of other collections, of which nothing more is published.
OTHERS = ("defaultCost", "attributeSet")
# Fields with suggestions; the page draws a <datalist> for each.
SUGGESTED = ("status", "tinType", "documentsLanguage", "defaultTaxRate", *OTHERS)
if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (gettext_lazy("Identity"), ("name", "status", "documentsLanguage", "country")),
    (gettext_lazy("Tax"), ("tinType", "tin", "tinCountry", "vatNumber", "defaultTaxRate")),
    (
        gettext_lazy("Address"),
        (
            "addressStreetLine",
            "addressBuildingNumber",
            "addressLocaleNumber",
            "addressPostCode",
            "addressCity",
            "addressCountry",
            "addressPhoneNumber",
        ),
    ),
    (gettext_lazy("Billing"), ("currency", "dueDays", "externalPaymentCustomerId", "invoiceComment")),
    (gettext_lazy("Other"), ("defaultCost", "costGroup", "costGroupIcon", "attributeSet")),
)


@dataclass(frozen=True)
class FieldGroup:
    title: Words
    fields: list[forms.BoundField]


def text(name: Words, size: int = 0, *, required: bool = False, help_text: Words = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"size": size} if size else {})
    return forms.CharField(label=name, max_length=255, required=required, widget=widget, help_text=help_text)


def number(name: Words, size: int) -> ExactField:
    """Of a person or a company, not to count with."""
    return ExactField(
        label=name, max_length=255, required=False, widget=forms.TextInput(attrs={"size": size})
    )


def suggested(
    name: Words, field: str, size: int, *, required: bool = False, help_text: Words = ""
) -> forms.CharField:
    made = text(name, size, required=required, help_text=help_text)
    made.widget.attrs["list"] = f"client-{field}"
    return made


class ClientForm(FlowtlyForm):
    name = text(gettext_lazy("Name"), required=True)
    # The metaclass takes the fields away: `form.status` stays the page's own.
    status = suggested(gettext_lazy("Status"), "status", 16, required=True)  # type: ignore[assignment]
    documentsLanguage = suggested(gettext_lazy("Language of documents"), "documentsLanguage", 8)
    country = CountryField(label=gettext_lazy("Country"))
    tinType = suggested(gettext_lazy("Kind of taxpayer"), "tinType", 16, required=True)
    tin = number(gettext_lazy("Tax number"), 20)
    tinCountry = CountryField(label=gettext_lazy("Tax country"), required=False)
    vatNumber = number(gettext_lazy("VAT number"), 20)
    defaultTaxRate = suggested(gettext_lazy("Default tax rate"), "defaultTaxRate", 10)
    addressStreetLine = text(gettext_lazy("Street"))
    addressBuildingNumber = text(gettext_lazy("House number"), 8)
    addressLocaleNumber = text(gettext_lazy("Floor or suite"), 10)
    addressPostCode = text(gettext_lazy("Post code"), 10)
    addressCity = text(gettext_lazy("City"), 26)
    addressCountry = CountryField(label=gettext_lazy("Country of the address"), required=False)
    addressPhoneNumber = number(gettext_lazy("Phone"), 20)
    currency = CurrencyField(label=gettext_lazy("Currency"), max_length=255)
    dueDays = WholeNumberField(label=gettext_lazy("Days to pay"), required=False, min_value=0)
    externalPaymentCustomerId = number(gettext_lazy("Customer id at the payment provider"), 24)
    invoiceComment = forms.CharField(
        label=gettext_lazy("Comment on invoices"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    defaultCost = ReferenceField(label=gettext_lazy("Default cost"), required=False, max_length=255)
    costGroup = LinesField(
        label=gettext_lazy("Cost groups"), required=False, help_text=gettext_lazy("One per line.")
    )
    costGroupIcon = text(gettext_lazy("Icon of the cost group"), 20)
    attributeSet = ReferenceField(label=gettext_lazy("Attribute set"), required=False, max_length=255)

    def __init__(
        self,
        request: StaffRequest,
        record: Client | None = None,
        *,
        around: Surroundings | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        self.around = around or Surroundings()
        super().__init__(request, record, **options)

    def fit(self) -> None:
        around, spelling = self.around, self.request.flowtly.clients.spelling
        for name in COUNTRIES:
            field = self.fields[name]
            assert isinstance(field, CountryField)
            field.offer(around.countries, around.used, spelling(name, self.record), self.initial.get(name))
        for name in OTHERS:
            other = self.fields[name]
            assert isinstance(other, ReferenceField)
            other.offer(f"client-{name}", spelling(name, self.record))
        money = self.fields["currency"]
        assert isinstance(money, CurrencyField)
        money.offer(around.currencies, spelling("currency", self.record), self.initial.get("currency"))
        if self.record is not None:
            # Flowtly fills these in for a new client and does not take them away again.
            self.fields["dueDays"].required = self.fields["documentsLanguage"].required = True

    @property
    def groups(self) -> list[FieldGroup]:
        return [FieldGroup(title, [self[n] for n in names]) for title, names in GROUPS]

    @property
    def suggestions(self) -> list[dict[str, Any]]:
        offered = {name: self.around.words.get(name, ()) for name in SUGGESTED}
        offered["documentsLanguage"] = tuple(sorted({*offered["documentsLanguage"], *self.around.languages}))
        return [
            {"id": f"client-{name}", "options": [(value, self.words(name, value)) for value in values]}
            for name, values in offered.items()
        ]

    def words(self, name: str, value: object) -> str:
        return words(name, value)


def words(name: str, value: object) -> str:
    if value is None or value == "":
        return label(None)
    if name in COUNTRIES:
        return countries.name(value)
    if name == "currency":
        return currency_name(value)
    if name == "documentsLanguage":
        return language_name(value)
    if name in OTHERS:
        return reference_name(value)
    if name == "costGroup" and (found := listed(value)) is not None:
        return joined(map(as_it_is, found)) or label(None)
    return label(value) if isinstance(value, str) else as_it_is(value)


class OfClient(FlowtlyForm):
    """Form over a contact. An id may be that of a client too: locks, doubts and the trail tell them apart by
    `entity`."""

    def __init__(
        self,
        request: StaffRequest,
        record: Contact | None = None,
        *,
        client: Client | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        self.client = client
        super().__init__(request, record, **options)

    @property
    def entity(self) -> str:
        return CONTACTS

    def base_of(self, record: Any) -> dict[str, Any]:
        return {**super().base_of(record), OF_CLIENT: self.client and self.client.name}

    def name_of(self, record: Contact) -> str:
        return contact_name(record, self.client)


class ContactForm(OfClient):
    name = text(gettext_lazy("Name"), required=True)
    email = EmailField(label=gettext_lazy("E-mail"), max_length=255)
    type = suggested(gettext_lazy("Type"), "contactType", 20, required=True,
                     help_text=gettext_lazy("What to turn to them for: choose one, or type another."))  # fmt: skip
    title = text(gettext_lazy("Title"), 24)
    position = WholeNumberField(
        label=gettext_lazy("Place in the list"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("The first is 0."),
    )

    def fit(self) -> None:
        if self.record is not None:
            self.fields["position"].required = True

    def name_of_fields(self, fields: Mapping[str, Any]) -> str:
        return contact_name(Contact.read(fields), self.client)

    def fields_to_create(self) -> dict[str, Any]:
        assert self.client is not None
        return {"client": self.request.flowtly.clients.iri(self.client), **super().fields_to_create()}


class DeleteContactForm(OfClient, DeleteForm):
    pass


def contact_name(contact: Contact, client: Client | None) -> str:
    """Name of a contact in the trail: never to be taken for a client."""
    name = record_name(contact.name, contact.email or contact.id)
    whose = record_name(client.name, client.id) if client else ""
    return _("%(name)s, contact of %(client)s") % {"name": name, "client": whose} if whose else name
