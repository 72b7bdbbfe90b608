"""Presentation of a subscription on its page. Whatever shape a field came in, it is shown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from dashboard.entities.subscriptions import references
from dashboard.entities.subscriptions.money import amount, day
from dashboard.entities.subscriptions.references import Thing
from dashboard.flowtly import errors
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.records import parse_moment
from dashboard.flowtly.resources.subscriptions import Ending, Subscription, Subscriptions
from dashboard.standards import countries
from dashboard.standards.foreign_text import joined
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import as_it_is, label, number, other_fields, pill
from dashboard.web.panels import fact as fact
from dashboard.web.panels import flag as flag
from dashboard.web.panels import moment, organization_of, page_of
from dashboard.web.request import StaffRequest

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
        *ending(record, request.user.time_zone),
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
    if isinstance(value, str):
        return fact(_("Payment method"), value, code=True)
    return fact(_("Payment method"), things=references.read(value))


def _billing(request: StaffRequest) -> list[Fact]:
    """How the organization is billed decides what any of this means."""
    whose = organization_of(request)
    if whose is None:
        return []
    by_hand = "attention" if whose.manual_billing else ""
    return [
        fact(_("Manual billing"), flag(whose, "manualBilling"), pill=by_hand),
        fact(_("Stripe customer"), whose.stripe_customer_id, code=True),
    ]


def is_current(request: StaffRequest, record: Subscription) -> bool:
    whose = organization_of(request)
    named = whose.current_subscription if whose else None
    return bool(named and record.id and named.id == record.id)


def ending(record: Subscription, zone: str) -> list[Fact]:
    """When a subscription that was cancelled for a later day ends; nothing where it says of no such day."""
    found = Ending.read(record.raw)
    if not found.is_set:
        return []
    text = day(found.day, zone)["text"] if found.day else _("at the end of the paid period")
    return [fact(_("Ends"), text)]


def discounts(record: Subscription, zone: str) -> list[Fact]:
    """Discounts: no field for one is published, so what came under a likely name, and never more than that."""
    found = [_discount(value, zone) for name in DISCOUNTS for value in _each(record.raw.get(name))]
    return [fact(_("Discount"), None if found else _("none shown by Flowtly"), things=found)]


def _each(value: object) -> list[object]:
    if value is None or value in ("", [], {}):
        return []
    return list(value) if isinstance(value, list) else [value]


def _discount(value: object, zone: str) -> Thing:
    if not isinstance(value, Mapping):
        return references.one(value)
    coupon = value.get("coupon") or value.get("id")
    terms = [_percent(value), _off(value), *_dates(value, zone), references.details(value, TERMS)]
    name = references.one(coupon).name if coupon else _("a discount")
    return Thing(name, detail=joined(terms))


def _percent(value: Mapping[str, Any]) -> str:
    percent = value.get("percentOff") or value.get("percent_off")
    return _("%(n)s%% off") % {"n": number(percent)} if percent else ""


def _off(value: Mapping[str, Any]) -> str:
    off, currency = value.get("amountOff") or value.get("amount_off"), value.get("currency")
    if not off:
        return ""
    plain = isinstance(off, int) and not isinstance(off, bool) and isinstance(currency, str)
    said = amount(off, currency) if plain else " ".join(as_it_is(each) for each in (off, currency) if each)
    return _("%(amount)s off") % {"amount": said}


def _dates(value: Mapping[str, Any], zone: str) -> list[str]:
    words = {"start": _("since %(day)s"), "end": _("until %(day)s")}
    return [text % {"day": _day(value[name], zone)} for name, text in words.items() if value.get(name)]


def _day(value: object, zone: str) -> str:
    moment = parse_moment(value)
    return day(moment, zone)["text"] if moment else as_it_is(value)


# --- where the bills go ---


def address(request: StaffRequest, record: Subscription) -> dict[str, Any] | None:
    """Address that came with it, or the one it names, read for itself; None where it names none."""
    named = record.organization_address
    if named is None:
        return None
    panel: dict[str, Any] = {
        "url": page_of(request, "addresses:edit", address_id=named.id),
        "iri": named.iri or named.id,
    }
    if isinstance(named.raw, dict) and len([key for key in named.raw if not key.startswith("@")]) > 1:
        return panel | {"facts": _address_facts(Address.read(named.raw))}
    try:
        return panel | {"facts": _address_facts(request.flowtly.addresses.get(named.id))}
    except errors.FlowtlyError:
        return panel


def _address_facts(found: Address) -> list[Fact]:
    place = joined([found.post_code, found.city], " ")
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
