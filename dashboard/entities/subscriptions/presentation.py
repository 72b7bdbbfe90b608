"""A subscription as its page says it. Whatever shape a field came in, it is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dashboard.entities.subscriptions import references
from dashboard.entities.subscriptions.money import amount, day
from dashboard.entities.subscriptions.references import Thing
from dashboard.flowtly import errors
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.subscriptions import Subscription, Subscriptions
from dashboard.standards import countries
from dashboard.upstream import connection
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import as_it_is, label, number, other_fields, pill
from dashboard.web.request import StaffRequest, link

DISCOUNTS = ("discount", "discounts", "coupon")
TERMS = {"coupon", "id", "percentOff", "percent_off", "amountOff", "amount_off", "currency", "start", "end"}

Fact = dict[str, Any]


def title(record: Subscription) -> str:
    return label(record.type) if record.type else record.id or _("Subscription")


def opens(record_id: str) -> bool:
    """Whether a subscription with this id has a page."""
    return is_identifier(record_id) and record_id not in {*Subscriptions.literals, "coupon"}


def facts(request: StaffRequest, record: Subscription, names: Mapping[str, str]) -> list[Fact]:
    return [
        fact(_("Type"), record.type),
        fact(_("Status"), record.status, pill=pill(record.status)),
        fact(_("Active"), flag(record, "active")),
        fact(_("Awaiting"), flag(record, "awaiting")),
        fact(_("Products"), things=references.read(record.raw.get("products"), names)),
        fact(_("Modules"), things=references.read(record.raw.get("modules"), names)),
        _payment(record),
        *discounts(record, request.user.time_zone),
        *_billing(request),
        fact(_("External id"), record.external_id, code=True),
        moment(request, _("Created"), record.created_at),
        moment(request, _("Changed"), record.updated_at),
    ]


def _payment(record: Subscription) -> Fact:
    value = record.raw.get("paymentMethod")
    name = _("Payment method")
    return (
        fact(name, value, code=True) if isinstance(value, str) else fact(name, things=references.read(value))
    )


def _billing(request: StaffRequest) -> list[Fact]:
    """How the organization is billed decides what any of this means."""
    try:
        whose = connection.organization(request.flowtly, request.organization.id)
    except errors.FlowtlyError:
        return []
    by_hand = whose.manual_billing
    said = label(by_hand) if whose.said("manualBilling") else _("Flowtly does not say")
    return [
        fact(_("Manual billing"), said, pill="attention" if by_hand else ""),
        fact(_("Stripe customer"), whose.stripe_customer_id, code=True),
    ]


def is_current(request: StaffRequest, record: Subscription) -> bool:
    """Whether the organization calls it the current one."""
    try:
        named = connection.organization(request.flowtly, request.organization.id).current_subscription
    except errors.FlowtlyError:
        return False
    return bool(named and record.id and named.id == record.id)


def discounts(record: Subscription, zone: str) -> list[Fact]:
    """No field for one is published: what came under a likely name, and never more than that."""
    found = [
        term
        for name in DISCOUNTS
        for value in _each(record.raw.get(name))
        for term in [_discount(value, zone)]
    ]
    return [fact(_("Discount"), things=found)] if found else [fact(_("Discount"), _("none shown by Flowtly"))]


def _each(value: Any) -> list[Any]:
    if value is None or value in ("", [], {}):
        return []
    return list(value) if isinstance(value, list) else [value]


def _discount(value: Any, zone: str) -> Thing:
    if not isinstance(value, Mapping):
        return references.one(value)
    coupon = next((each for each in (value.get("coupon"), value.get("id")) if each), None)
    terms = [_percent(value), _off(value), *_dates(value, zone)]
    unknown = references.details(value, TERMS)
    return Thing(
        references.one(coupon).name if coupon else _("a discount"),
        detail=", ".join(filter(None, [*terms, unknown])),
    )


def _percent(value: Mapping[str, Any]) -> str:
    percent = next((value[name] for name in ("percentOff", "percent_off") if value.get(name)), None)
    return _("%(n)s%% off") % {"n": number(percent)} if percent else ""


def _off(value: Mapping[str, Any]) -> str:
    off = next((value[name] for name in ("amountOff", "amount_off") if value.get(name)), None)
    if not off:
        return ""
    currency = value.get("currency")
    plain = isinstance(off, int) and not isinstance(off, bool) and isinstance(currency, str)
    said = amount(off, currency) if plain else " ".join(as_it_is(each) for each in (off, currency) if each)
    return _("%(amount)s off") % {"amount": said}


def _dates(value: Mapping[str, Any], zone: str) -> list[str]:
    words = {"start": _("since %(day)s"), "end": _("until %(day)s")}
    return [text % {"day": _day(value[name], zone)} for name, text in words.items() if value.get(name)]


def _day(value: Any, zone: str) -> str:
    try:
        seen = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        seen = None
    return day(seen, zone)["text"] if seen and seen.tzinfo else as_it_is(value)


# --- where the bills go ---


def address(request: StaffRequest, record: Subscription) -> dict[str, Any] | None:
    """The address that came with it, or the one it names, read for itself; None where it names none."""
    named = record.organization_address
    if named is None:
        return None
    panel: dict[str, Any] = {"url": _page_of(request, named.id), "iri": named.iri or named.id}
    if isinstance(named.raw, dict) and len([key for key in named.raw if not key.startswith("@")]) > 1:
        return panel | {"facts": _address_facts(Address.read(named.raw))}
    try:
        return panel | {"facts": _address_facts(request.flowtly.addresses.get(named.id))}
    except errors.FlowtlyError:
        return panel


def _address_facts(found: Address) -> list[Fact]:
    place = " ".join(filter(None, [found.post_code, found.city]))
    known = [
        fact(_("Type"), found.type),
        fact(_("Name"), found.name),
        fact(_("Street"), found.street),
        fact(_("City"), place),
        fact(_("Country"), countries.name(found.country) if found.country else None),
        fact(_("E-mail"), found.email),
        fact(_("Tax number"), found.tin),
        fact(_("Tax country"), countries.name(found.tin_country) if found.tin_country else None),
    ]
    return known + [fact(each["name"], each["value"]) for each in other_fields(found)]


def _page_of(request: StaffRequest, address_id: str) -> str:
    return link(request, "addresses:edit", address_id=address_id) if is_identifier(address_id) else ""


# --- the rest ---


def metadata(record: Subscription) -> list[Fact]:
    value = record.raw.get("metadata")
    if isinstance(value, Mapping):
        return [fact(str(key), as_it_is(each)) for key, each in value.items()]
    return [fact(str(place), as_it_is(each)) for place, each in enumerate(_each(value), 1)]


# Fields that are shown in full whatever came in them.
SHOWN_WHOLE = {"products", "modules", "paymentMethod", "metadata", *DISCOUNTS}


def others(record: Subscription) -> list[dict[str, str]]:
    return [each for each in other_fields(record) if each["name"] not in SHOWN_WHOLE]


def fact(
    name: str, value: Any = None, *, pill: str = "", code: bool = False, things: Sequence[Thing] = ()
) -> Fact:
    return {
        "label": name,
        "value": label(value),
        "pill": pill,
        "code": code and bool(value),
        "things": things,
    }


def moment(request: StaffRequest, name: str, value: datetime | None) -> Fact:
    said = day(value, request.user.time_zone)
    return fact(name, said["full"] or None) | {"exact": said["exact"]}


def flag(record: Record, name: str) -> str:
    """A flag that is left out is not the same as no."""
    value = record.raw.get(name)
    return label(value) if isinstance(value, bool) else _("Flowtly does not say")
