"""Tax checks of a client: its numbers, and whether they and its countries agree."""

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
COMPANY = "company"


_STATES = {"fits": PASS, "doubtful": FAIL, "not-checked": UNRUN}


def tin(client: Client) -> Check:
    check = partial(Check, _("Tax number"), field="tin")
    number, country = text_of(client, "tin"), client.raw.get("tinCountry")
    if client.tin_type == COMPANY and not number and not text_of(client, "vatNumber"):
        return check(FAIL, _("This company has neither a tax number nor a VAT number."))
    found = tax_numbers.look(number, country, address_country(client))
    return check(_STATES[found.outcome], found.text)


def vat(client: Client) -> Check:
    found = tax_numbers.look(text_of(client, "vatNumber"), vat_country(client))
    return Check(_("VAT number"), _STATES[found.outcome], found.text, "vatNumber")


def agreement(client: Client) -> Check:
    check = partial(Check, _("Tax and VAT number compared"), field="vatNumber")
    number, other = (duplicates.plain(text_of(client, name)) for name in ("tin", "vatNumber"))
    if not number:
        return check(UNRUN, _("Tax number is missing."))
    if not other:
        return check(UNRUN, _("VAT number is missing."))
    country = _prefix(client, "tin") or countries.code(client.raw.get("tinCountry"))
    of_vat = vat_country(client)
    where, apart = country or of_vat, bool(country and of_vat and country != of_vat)
    if apart and {country, of_vat} <= tax_numbers.NUMBERS.keys():
        text = _("The tax number is of %(one)s, the VAT number of %(other)s.")
        return check(FAIL, text % {"one": countries.name(country), "other": countries.name(of_vat)})
    if apart or where not in HOLDS_TIN:
        text = _("For %(country)s, the dashboard does not know how the two numbers relate.")
        return check(UNRUN, text % {"country": countries.name(of_vat if apart else where)})
    if _same_holder(number, other, where):
        return check(PASS, _("One holds the other."))
    if _apart_by_design(client, other, where):
        return check(UNRUN, _("The numbers of a person need not hold each other."))
    return check(FAIL, _("The numbers do not match. One of them may belong to someone else."))


def tax_and_address(client: Client) -> Check:
    check = partial(Check, _("Tax country"), field="tinCountry")
    tax, *located = (countries.code(client.raw.get(name)) for name in COUNTRY_FIELDS)
    address, of_number = next(filter(None, located), ""), _prefix(client, "tin")
    if tax and tax != of_number and tax_numbers.kind_of(text_of(client, "tin"), of_number):
        text = _("Taxed in %(tax)s, with a tax number of %(number)s.")
        return check(FAIL, text % {"tax": countries.name(tax), "number": countries.name(of_number)})
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
    taxed = (countries.code(client.raw.get(name)) for name in COUNTRY_FIELDS)
    return _prefix(client, "vatNumber") or next(filter(None, taxed), "")


def _prefix(client: Client, name: str) -> str:
    return tax_numbers.without_country(text_of(client, name))[0]


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
