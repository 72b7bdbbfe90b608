"""Tax checks of a client: its numbers, and whether they and its countries agree."""

import re
from functools import partial

from django.utils.translation import gettext as _
from stdnum.nl import bsn

from dashboard.entities.clients import duplicates
from dashboard.entities.clients.check import FAIL, PASS, UNRUN, Check, address_country, text_of
from dashboard.flowtly.resources.clients import Client
from dashboard.standards import countries, tax_numbers
from dashboard.web.formatting import as_it_is

# Where the VAT number holds the tax number of a company. Elsewhere the two have nothing to do with each other.
HOLDS_TIN = {"BE", "DK", "FR", "NL", "PL", "PT"}
# Where a client is taxed, else where it is.
COUNTRY_FIELDS = ("tinCountry", "addressCountry", "country")
OTHER_PREFIXES = {"EL": "GR", "XI": "GB"}


_STATES = {"fits": PASS, "doubtful": FAIL, "not-checked": UNRUN}


def tin(client: Client) -> Check:
    number, country = text_of(client, "tin"), client.raw.get("tinCountry")
    found = tax_numbers.look(number, country, address_country(client))
    return Check(_("Tax number"), _STATES[found.outcome], found.text, "tin")


def vat(client: Client) -> Check:
    found = tax_numbers.look(text_of(client, "vatNumber"), vat_country(client))
    return Check(_("VAT number"), _STATES[found.outcome], found.text, "vatNumber")


def agreement(client: Client) -> Check:
    check = partial(Check, _("Tax and VAT number agree"), field="vatNumber")
    number, other = (duplicates.plain(text_of(client, name)) for name in ("tin", "vatNumber"))
    country, of_vat = countries.code(client.raw.get("tinCountry")), vat_country(client)
    if not number or not other:
        return check(UNRUN, _("There are not both numbers to compare."))
    if country and of_vat and country != of_vat:
        text = _("The tax number is of %(one)s, the VAT number of %(other)s.")
        return check(FAIL, text % {"one": countries.name(country), "other": countries.name(of_vat)})
    where = country or of_vat
    if where not in HOLDS_TIN:
        text = _("How the two hang together is not known for this country (%(country)s).")
        return check(UNRUN, text % {"country": countries.name(where)})
    if _same_holder(number, other, where):
        return check(PASS, _("One holds the other."))
    if _apart_by_design(client, other, where):
        return check(UNRUN, _("The numbers of a person need not hold each other."))
    return check(FAIL, _("Neither holds the other: one of them may be somebody else's."))


def tax_and_address(client: Client) -> Check:
    check = partial(Check, _("Tax country and address agree"), field="tinCountry")
    tax, *located = (countries.code(client.raw.get(name)) for name in COUNTRY_FIELDS)
    address = next(filter(None, located), "")
    if not tax or not address:
        return check(UNRUN, _("There are not both countries to compare."))
    if tax == address:
        return check(PASS, _("Both are %(country)s.") % {"country": countries.name(tax)})
    text = _("Taxed in %(tax)s, with an address in %(address)s.")
    return check(FAIL, text % {"tax": countries.name(tax), "address": countries.name(address)})


def tax_rate(client: Client) -> Check:
    check = partial(Check, _("Tax rate"), field="defaultTaxRate")
    rate = client.raw.get("defaultTaxRate")
    if rate is None or rate == "":
        return check(FAIL, _("No default tax rate is set."))
    return check(PASS, _("Set: %(value)s.") % {"value": as_it_is(rate)})


def vat_country(client: Client) -> str:
    """Country as the VAT number itself says, else where the client is taxed, else where it is."""
    letters = re.match(r"\s*([A-Za-z]{2})", text_of(client, "vatNumber"))
    own = letters[1].upper() if letters else ""
    own = OTHER_PREFIXES.get(own, own)
    if tax_numbers.kind_of("", own) is not None:
        return own
    return next(filter(None, (countries.code(client.raw.get(name)) for name in COUNTRY_FIELDS)), "")


def _same_holder(number: str, other: str, country: str) -> bool:
    """Without the country; of the French, an establishment's number begins with its company's."""
    number, other = (each.removeprefix(country.lower()) for each in (number, other))
    if country == "FR" and len(number) == 14:
        number = number[:9]
    if country == "BE":
        number, other = number.lstrip("0"), other.lstrip("0")
    return bool(number and other) and (number in other or other in number)


def _apart_by_design(client: Client, other: str, country: str) -> bool:
    """A person's number stays out of the VAT number: of the Dutch since 2020, of the others always."""
    if country == "NL":
        return not bsn.is_valid(other.removeprefix("nl")[:9])
    kind = tax_numbers.kind_of(text_of(client, "tin"), country)
    return kind in {"cpr", "pesel", "nn", "bis"} or (country == "FR" and kind == "nif")
