"""How values are said to people: codes, times, money. Everything here takes anything and never raises."""

import json
import re
from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dashboard.flowtly.resources.records import Record, Reference
from dashboard.standards.currencies import decimals
from dashboard.standards.foreign_text import can_be_seen

LONGEST_SPAN = 1e9  # seconds: what somebody asks to wait may be any number
NOTHING = "—"

# Codes the API has been seen to use. One that is not here is shown as it is.
LABELS: dict[str, str | Promise] = {
    "active": gettext_lazy("Active"),
    "awaiting": gettext_lazy("Awaiting"),
    "awaiting_payment": gettext_lazy("Awaiting payment"),
    "billing": gettext_lazy("Billing"),
    "blocked": gettext_lazy("Blocked"),
    "cancelled": gettext_lazy("Cancelled"),
    "canceled": gettext_lazy("Cancelled"),
    "company": gettext_lazy("Company"),
    "connected": gettext_lazy("Connected"),
    "correspondence": gettext_lazy("Correspondence"),
    "demo": gettext_lazy("Demo"),
    "done": gettext_lazy("Done"),
    "disconnected": gettext_lazy("Not connected"),
    "enrolled": gettext_lazy("Enrolled"),
    "error": gettext_lazy("Error"),
    "expired": gettext_lazy("Expired"),
    "failed": gettext_lazy("Failed"),
    "general": gettext_lazy("General"),
    "in_progress": gettext_lazy("In progress"),
    "inactive": gettext_lazy("Inactive"),
    "management": gettext_lazy("Management"),
    "not_connected": gettext_lazy("Not connected"),
    "past_due": gettext_lazy("Past due"),
    "open": gettext_lazy("Open"),
    "paid": gettext_lazy("Paid"),
    "pending": gettext_lazy("Pending"),
    "person": gettext_lazy("Person"),
    "planned": gettext_lazy("Planned"),
    "production": gettext_lazy("Production"),
    "prospect": gettext_lazy("Prospect"),
    "registered": gettext_lazy("Registered"),
    "revoked": gettext_lazy("Revoked"),
    "suspended": gettext_lazy("Suspended"),
    "trial": gettext_lazy("Trial"),
    "unpaid": gettext_lazy("Unpaid"),
    "void": gettext_lazy("Void"),
}
GOOD = {"active", "connected", "enrolled", "paid"}
ATTENTION = {
    "awaiting",
    "awaiting_payment",
    "past_due",
    "pending",
    "trial",
    "trialing",
    "suspended",
    "expired",
    "open",
    "unpaid",
}
DANGER = {"failed", "error", "cancelled", "canceled", "revoked", "uncollectible"}


def label(code: object) -> str:
    """A code in words; one that nobody knows, as it is; nothing, as a dash."""
    if code is None or code == "":
        return NOTHING
    if isinstance(code, bool):
        return _("yes") if code else _("no")
    return str(LABELS.get(code, code)) if isinstance(code, str) else str(code)


def record_name(name: object, identifier: object = "") -> str:
    """What a record is called: by its name, without one by its id; one of blanks or unseen characters is said so."""
    if isinstance(name, str) and name and not can_be_seen(name):
        return _("(no visible name) %(id)s") % {"id": identifier} if identifier else _("(no visible name)")
    return str(name or identifier or NOTHING)


def pill(code: object) -> str:
    """Which colour a state has: never a claim about a code that is not known."""
    for name, codes in (("good", GOOD), ("attention", ATTENTION), ("danger", DANGER)):
        if isinstance(code, str) and code in codes:
            return name
    return "neutral" if code else ""


def when(moment: object, zone: str = "") -> str:
    """A moment in the reader's zone, with the zone beside it."""
    if not isinstance(moment, datetime):
        return label(moment)
    try:
        local = moment.astimezone(ZoneInfo(zone if zone in zones() else settings.TIME_ZONE))
        return f"{format_datetime(local, 'd MMM y HH:mm', locale=locale())} {local.tzname()}"
    except (ValueError, OverflowError):
        return str(moment)


def day(value: object) -> str:
    """A date without a time."""
    try:
        return (
            str(format_date(value, "d MMM y", locale=locale())) if isinstance(value, date) else label(value)
        )
    except (ValueError, OverflowError):
        return str(value)


@cache
def zones() -> frozenset[str]:
    """Every zone this machine knows. Asking it means reading hundreds of files."""
    return frozenset(available_timezones())


def number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return label(value)
    try:
        return str(format_decimal(value, locale=locale()))
    except ArithmeticError:  # more digits than can be grouped
        return str(value)


def span(seconds: float) -> str:
    """A length of time as one says it: 23 hours."""
    length = timedelta(seconds=min(seconds, LONGEST_SPAN))
    return str(format_timedelta(length, threshold=1.2, locale=locale()))


def money(minor_units: object, currency: object) -> str:
    """An amount in a currency's minor units (Stripe's way). What the API does not say is not made up."""
    if isinstance(minor_units, bool) or not isinstance(minor_units, int) or not isinstance(currency, str):
        return label(minor_units)
    places = decimals(currency)
    try:
        pattern = copy(Locale.parse(locale()).currency_formats["standard"])
        pattern.frac_prec = (places, places)
        amount = Decimal(minor_units).scaleb(-places)
        return str(pattern.apply(amount, locale(), currency=currency.upper(), currency_digits=False))
    except (ValueError, LookupError, ArithmeticError):
        return f"{minor_units} {currency}"


def in_a_list(texts: Iterable[str]) -> str:
    """Texts one after another, as the reader's language joins them; each quoted, so that it is seen where one ends."""
    return str(format_list([f"“{text}”" for text in texts], locale=locale()))


def locale() -> str:
    return (get_language() or settings.LANGUAGE_CODE).replace("-", "_")


def babel_locale() -> Locale:
    """The reader's language with its names of languages, countries and currencies; English where Babel has none."""
    return _babel_locale(locale())


@cache
def _babel_locale(name: str) -> Locale:
    try:
        return Locale.parse(name)
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def other_fields(record: Record) -> list[dict[str, str]]:
    """What a record holds beside the fields we know, as it came."""
    return [{"name": name, "value": as_it_is(value)} for name, value in record.other.items()]


def as_it_is(value: object) -> str:
    """A value of any shape, in JSON unless it is a plain text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def reference_name(value: object) -> str:
    """What another record is called: by the name that came with it, else by its id, else as it came."""
    named = value if isinstance(value, Reference) else Reference.read(value)
    if not isinstance(named, Reference):
        return as_it_is(value)
    return named.label or named.id or as_it_is(named.raw)


def https_url(value: object) -> str:
    """An address that a browser may be sent to: https and whole, nobody's name in it, nothing that hides; else ""."""
    if not isinstance(value, str) or not re.fullmatch(r"https://[!-\[\]-~]+", value, re.I):
        return ""
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError:
        return ""
    return value if parts.hostname and "@" not in parts.netloc else ""
