"""Money as Flowtly gives it, and days. What it does not say is not made up."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.web.formatting import label, locale, money, number, when, zones

INTERVALS = {
    "day": gettext_lazy("per day"),
    "week": gettext_lazy("per week"),
    "month": gettext_lazy("per month"),
    "year": gettext_lazy("per year"),
}


def amount(minor_units: int | None, currency: str | None) -> str:
    """Without a currency nobody can tell where the decimals are."""
    if minor_units is None:
        return label(None)
    if not currency:
        return _("%(n)s in minor units, of a currency that is not given") % {"n": number(minor_units)}
    return money(minor_units, currency)


def interval(code: str | None) -> str:
    return str(INTERVALS.get(code or "", label(code)))


def day(moment: object, zone: str, pattern: str = "d MMM y") -> dict[str, str]:
    """Date to read, with the moment in full beside it."""
    if not isinstance(moment, datetime):
        return {"text": label(moment), "exact": "", "full": ""}
    full = when(moment, zone)
    try:
        local = moment.astimezone(ZoneInfo(zone if zone in zones() else settings.TIME_ZONE))
        text = str(format_date(local, pattern, locale=locale()))
    except (ValueError, OverflowError):
        text = full
    return {"text": text, "exact": moment.isoformat(), "full": full}
