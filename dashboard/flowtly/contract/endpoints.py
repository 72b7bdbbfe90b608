"""What this client expects of the API, as one table: every endpoint it calls, the fields it sends, what it reads.

The endpoints and fields come from the API's published reference; those marked `optional` are in none of its pages
at hand, and their absence is lived with. Names that an installation may set are taken from `Names`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dashboard.flowtly.names import Names
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.clients import Client, Document
from dashboard.flowtly.resources.configs import Config
from dashboard.flowtly.resources.contacts import Contact
from dashboard.flowtly.resources.employees import Employee
from dashboard.flowtly.resources.integrations import Requirements, Status
from dashboard.flowtly.resources.locations import Location
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.flowtly.resources.organizations import MailFooter, Organization
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.reference import Country, Currency, Language
from dashboard.flowtly.resources.subscriptions import Invoice, Product, Subscription


@dataclass(frozen=True)
class Endpoint:
    """`sends` are the fields of its body, `gives` the record that its answer holds, one or a list of them.
    `scoped`: it bears the tenant header."""

    method: str
    path: str
    sends: tuple[str, ...] = ()
    gives: type[Record] | None = None
    many: bool = False
    scoped: bool = True
    optional: bool = False


LOCATION = ("name", "officeOpenHour", "officeCloseHour")
ADDRESS = ("type", "name", "street", "city", "postCode", "country", "email", "tin", "tinCountry")
MEETING = ("employee", "dateFrom", "dateTo", "notes", "time")
CONTACT = ("type", "position", "email", "name", "title")
SUBSCRIPTION = ("type", "organizationAddress", "paymentMethod", "products", "seats", "modules")
CLIENT = (
    "name", "country", "currency", "status", "tinType", "defaultCost", "attributeSet", "dueDays", "tinCountry", "tin",
    "externalPaymentCustomerId", "invoiceComment", "defaultTaxRate", "documentsLanguage", "addressPhoneNumber",
    "addressCity", "addressPostCode", "addressStreetLine", "addressBuildingNumber", "addressLocaleNumber",
    "addressCountry", "costGroup", "costGroupIcon", "vatNumber",
)  # fmt: skip


def endpoints(names: Names) -> tuple[Endpoint, ...]:
    one, enroll = Endpoint, names.enroll_fields
    return (
        one("POST", names.login_path, ("username", "password"), scoped=False),
        one("GET", "/organizations", gives=Organization, many=True, scoped=False),
        one("POST", "/organizations", ("name", "slug", "type"), Organization, scoped=False),
        one("GET", "/organizations/{id}", gives=Organization, scoped=False),
        one("POST", "/organizations/clear"),
        one("POST", "/organizations/icon", (names.upload_field,)),
        one("POST", "/organizations/logo", (names.upload_field,)),
        one("GET", "/organizations/mail-footer", gives=MailFooter),
        one("PATCH", "/organizations/mail-footer", names.footer_fields, MailFooter),
        one("GET", "/organization-addresses", gives=Address, many=True),
        one("POST", "/organization-addresses", ADDRESS, Address),
        one("GET", "/organization-addresses/{id}", gives=Address),
        one("PATCH", "/organization-addresses/{id}", ADDRESS, Address),
        one("DELETE", "/organization-addresses/{id}"),
        one("GET", "/configs", gives=Config, many=True),
        one("GET", "/configs/{id}", gives=Config),
        one("PATCH", "/configs/{id}", (names.config_value_field,), Config),
        one("GET", "/locations", gives=Location, many=True),
        one("POST", "/locations", LOCATION, Location),
        one("GET", "/locations/{id}", gives=Location),
        one("PATCH", "/locations/{id}", LOCATION, Location),
        one("GET", "/countries", gives=Country, many=True),
        one("GET", "/countries/{id}", gives=Country),
        one("GET", "/languages", gives=Language, many=True),
        one("POST", "/languages", ("id",), Language),
        one("GET", "/languages/{id}", gives=Language),
        one("GET", "/currencies", gives=Currency, many=True, optional=True),
        one("GET", "/integrations/google-workspace", gives=Status),
        one("GET", "/integrations/google-workspace/requirements", gives=Requirements),
        one("POST", "/integrations/google-workspace/enroll", enroll, Status),
        one("GET", "/integrations/microsoft-teams", gives=Status),
        one("GET", "/integrations/microsoft-teams/requirements", gives=Requirements),
        one("POST", "/integrations/microsoft-teams/enroll", enroll, Status),
        one("GET", "/integrations/kontomatik", gives=Status),
        one("POST", "/integrations/kontomatik/setup", gives=Status),
        one("POST", "/integrations/kontomatik/pull", gives=Status),
        one("POST", "/integrations/kontomatik/revoke", gives=Status),
        one("GET", "/meetings", gives=Meeting, many=True),
        one("POST", "/meetings", MEETING, Meeting),
        one("GET", "/meetings/{id}", gives=Meeting),
        one("PATCH", "/meetings/{id}", MEETING, Meeting),
        one("GET", "/subscriptions", gives=Subscription, many=True),
        one("POST", "/subscriptions", SUBSCRIPTION, Subscription),
        one("GET", "/subscriptions/{id}", gives=Subscription),
        one("GET", "/subscriptions/{id}/invoices", gives=Invoice, many=True),
        one("POST", "/subscriptions/{id}/cancel", gives=Subscription),
        one("POST", "/subscriptions/apply-coupon", (names.coupon_field,), Subscription),
        one("POST", "/subscriptions/clear-coupon", gives=Subscription),
        one("GET", "/subscriptions/catalog", gives=Product, many=True),
        one("GET", "/clients", gives=Client, many=True),
        one("POST", "/clients", CLIENT, Client),
        one("GET", "/clients/search", gives=Client, many=True),
        one("GET", "/clients/{id}", gives=Client),
        one("PATCH", "/clients/{id}", CLIENT, Client),
        one("GET", "/clients/{id}/documents", gives=Document, many=True),
        one("GET", "/client-contacts", gives=Contact, many=True, optional=True),
        one("POST", "/client-contacts", ("client", *CONTACT), Contact, optional=True),
        one("GET", "/client-contacts/{id}", gives=Contact, optional=True),
        one("PATCH", "/client-contacts/{id}", CONTACT, Contact, optional=True),
        one("DELETE", "/client-contacts/{id}", optional=True),
        one("GET", "/employees", gives=Employee, many=True, optional=True),
        one("GET", "/employees/search", gives=Employee, many=True, optional=True),
        one("GET", "/employees/{id}", gives=Employee, optional=True),
    )


def template(method: str, path: str) -> str | None:
    """The path of the endpoint that a call goes to, `{id}` for its id; None for one that is not expected."""
    for pattern, found in _patterns(method):
        if pattern.fullmatch(path):
            return found
    return None


@cache
def _patterns(method: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those without an id first: `/clients/search` is no client."""
    paths = sorted(
        {each.path for each in endpoints(Names()) if each.method == method}, key=lambda p: "{" in p
    )
    return tuple((re.compile(re.escape(path).replace(r"\{id\}", "[^/]+")), path) for path in paths)


def fields_of(record: type[Record], names: Names) -> Mapping[str, str]:
    """The API's names of a record's fields, with JSON's word for what each holds ("" for anything): what the class
    reads, and what a setting names."""
    named = {Organization: {names.tenant_field: ""}, Config: {names.config_value_field: ""}}
    return {**record.expected(), **named.get(record, {})}


def documented(record: type[Record], names: Names) -> frozenset[str]:
    """The fields that the published reference lists for a record; `instance` was seen in a live list only, so it
    counts where a setting relies on it."""
    if not record.published:
        return frozenset({names.config_value_field}) if record is Config else frozenset()
    return frozenset(fields_of(record, names)) - ({"instance"} - {names.tenant_field})
