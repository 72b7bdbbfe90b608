"""Everything that can be chosen: names fixed at start, and switches that may change at run time."""

from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Names:
    """What the API's publisher has left open. Each has a switch of the same name with dashes."""

    base_path: str = ""
    login_path: str = "/login"
    tenant_header: str = "instance"
    tenant_field: str = "instance"
    coupon_field: str = "coupon"
    upload_field: str = "file"
    search_parameter: str = "q"
    enroll_fields: str = "tenantId,clientId"
    config_value_field: str = "value"
    footer_field: str = "mailFooter"
    iris: str = "plain"  # plain: /locations/1; prefixed: /api/locations/1
    country_style: str = "code"  # code: NL; iri: /countries/NL
    employee_name: str = "first-last"  # first-last, full (fullName), name
    invoice_style: str = "stripe"  # stripe: hosted_invoice_url; camel: hostedInvoiceUrl
    elements: str = "mixed"  # mixed: organizations list IRIs, clients embed contacts; swapped: the reverse
    address_types: str = "registered,billing,correspondence"
    act_status: int = 201  # what coupons, cancel and uploads answer

    @property
    def iri_prefix(self) -> str:
        return "" if self.iris == "plain" else (self.base_path or "/api")


# The other set, whole: a client that passes under both has guessed nothing.
FLIPPED = Names(
    base_path="/api",
    login_path="/login_check",
    tenant_header="x-flowtly-tenant",
    tenant_field="databaseName",
    coupon_field="couponCode",
    upload_field="image",
    search_parameter="query",
    enroll_fields="externalTenant,applicationId",
    config_value_field="content",
    footer_field="footerHtml",
    iris="prefixed",
    country_style="iri",
    employee_name="full",
    invoice_style="camel",
    elements="swapped",
    address_types="seat,invoice,mailing",
    act_status=200,
)

CHOICES: dict[str, tuple[str, ...]] = {
    "iris": ("plain", "prefixed"),
    "country_style": ("code", "iri"),
    "employee_name": ("first-last", "full", "name"),
    "invoice_style": ("stripe", "camel"),
    "elements": ("mixed", "swapped"),
    "envelope": ("hydra", "plain", "array"),
    "errors": ("problem", "hydra", "merged", "lexik", "html"),
    "discounts": ("hidden", "shown"),
    "docs": ("open", "token", "off"),
    "docs_bodies": ("own", "class"),
    "instance": ("list", "item", "both"),
    "post_types": ("both", "ld"),
    "totals": ("shown", "hidden"),
    "views": ("shown", "hidden"),
    "mappings": ("shown", "hidden"),
    "pictures": ("hidden", "shown"),
    "config_listing": ("all", "keyed"),
    "coupons_go_to": ("current", "other"),
    "cancelled": ("at-once", "period-end"),
    "texts": ("folded", "parts", "whole"),
    "formats": ("both", "json"),
    "type_errors": ("400", "422"),
    "ids": ("exact", "loose"),
    "outputs": ("identified", "anonymous"),
    "organization_iris": ("own", "literal"),
    "zone": ("", "UTC", "Europe/Amsterdam", "America/New_York"),
}


@dataclass(frozen=True)
class Switches:
    """How the API behaves. The control paths can change each of these while it runs."""

    envelope: str = "hydra"
    errors: str = "problem"
    latency: float = 0.0  # milliseconds
    token_ttl: float = 3600.0
    discounts: str = "hidden"
    docs: str = "open"
    docs_bodies: str = (
        "own"  # class: what is no plain operation is described with what its class takes, and no header
    )
    instance: str = "list"
    post_types: str = "both"
    totals: str = "shown"
    views: str = "shown"
    mappings: str = "shown"
    pictures: str = "hidden"
    config_listing: str = "all"
    iri_fields: str = (
        ""  # countries that are named by an IRI though others go by their code, separated by commas
    )
    code_fields: str = ""  # and the reverse
    type_errors: str = "400"  # 422: a value of another type is a violation, with a hint
    formats: str = "both"  # json: nothing else is offered, and an error to who asks for more is a 500 in HTML
    ids: str = (
        "exact"  # loose: capitals, leading zeros and what follows a number do not count; slugs are taken too
    )
    outputs: str = "identified"  # anonymous: what is no entity of its own has a generated IRI and no id
    organization_iris: str = "own"  # literal: all are called by an address that is declared before their own
    tenant: str = ""  # the organization that every tenant header selects; "" for the one it names
    coupons_go_to: str = "current"  # or to another subscription of the organization, if it has one
    cancelled: str = "at-once"  # or at the end of what is paid for
    texts: str = "folded"  # what filters and search find: parts whatever their case; parts, or all, just so
    zone: str = ""  # with one, times keep the clock they are sent with and lose its offset, as Doctrine's do
    max_items: int = 100
    page_size: int = 30
    settle: float = 3.0
    pull_status: int = 202
    contacts: bool = True
    employees: bool = True
    currencies: bool = True
    texts_begin: str = ""  # put before every text that people write


def named_by_iri(names: Names, switches: Switches, field: str) -> bool:
    """Whether this field names a country by its IRI."""
    if names.country_style == "iri":
        return field not in switches.code_fields.split(",")
    return field in switches.iri_fields.split(",")


def changed(switches: Switches, wanted: dict[str, Any]) -> Switches:
    """The switches with some set anew; ValueError says which word was not understood."""
    known = {field.name: field for field in fields(Switches)}
    values: dict[str, Any] = {}
    for name, value in wanted.items():
        if name not in known:
            raise ValueError(f"There is no switch {name!r}.")
        values[name] = _fitting(name, value, getattr(switches, name))
    return replace(switches, **values)


def _fitting(name: str, value: object, present: object) -> object:
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}.")
    if isinstance(present, float) and type(value) is int:
        return float(value)
    if type(value) is not type(present):
        raise ValueError(f"{name} does not take {value!r}.")
    return value
