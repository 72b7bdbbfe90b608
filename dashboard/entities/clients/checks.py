"""What is worth a second look in a client. Each check says what it looked at and leads to the field; none of them
stands in the way of anything, and no number is made of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as NotANumber
from stdnum.nl import bsn

from dashboard.entities.clients import contacts, duplicates
from dashboard.entities.clients.fields import language_name
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact
from dashboard.standards import countries, tax_numbers
from dashboard.web.formatting import as_it_is

PASS, FAIL, UNRUN = "pass", "fail", "could-not-run"
LONGEST_DUE = 120
# Where the VAT number holds the tax number of a company. Elsewhere the two have nothing to do with each other.
HOLDS_TIN = {"BE", "DK", "FR", "NL", "PL", "PT"}
OTHER_PREFIXES = {"EL": "GR", "XI": "GB"}


@dataclass(frozen=True)
class Check:
    """`field` is the API's name of the field it is about, "" for the contacts; `others` are clients it found."""

    name: str
    state: str
    words: str
    field: str = ""
    others: tuple[Client, ...] = ()


def of(client: Client) -> list[Check]:
    """What the client's own record tells."""
    return [check(client) for check in _OWN]


# --- tax ---


def tin(client: Client) -> Check:
    number, country = said(client, "tin"), client.raw.get("tinCountry")
    found = tax_numbers.look(number, country, client.raw.get("addressCountry") or client.raw.get("country"))
    return Check(_("Tax number"), _STATES[found.outcome], found.text, "tin")


def vat(client: Client) -> Check:
    number = said(client, "vatNumber")
    found = tax_numbers.look(number, vat_country(client))
    return Check(_("VAT number"), _STATES[found.outcome], found.text, "vatNumber")


def agreement(client: Client) -> Check:
    name, field = _("Tax and VAT number agree"), "vatNumber"
    number, other = duplicates.plain(said(client, "tin")), duplicates.plain(said(client, "vatNumber"))
    country, of_vat = countries.code(client.raw.get("tinCountry")), vat_country(client)
    if not number or not other:
        return Check(name, UNRUN, _("There are not both numbers to compare."), field)
    if country and of_vat and country != of_vat:
        text = _("The tax number is of %(one)s, the VAT number of %(other)s.")
        named = {"one": countries.name(country), "other": countries.name(of_vat)}
        return Check(name, FAIL, text % named, field)
    where = country or of_vat
    if where not in HOLDS_TIN:
        text = _("How the two hang together is not known for this country (%(country)s).")
        return Check(name, UNRUN, text % {"country": countries.name(where)}, field)
    if _same_holder(number, other, where):
        return Check(name, PASS, _("One holds the other."), field)
    if _apart_by_design(client, number, other, where):
        return Check(name, UNRUN, _("The numbers of a person need not hold each other."), field)
    return Check(name, FAIL, _("Neither holds the other: one of them may be somebody else's."), field)


def tax_and_address(client: Client) -> Check:
    name = _("Tax country and address agree")
    tax = countries.code(client.raw.get("tinCountry"))
    address = countries.code(client.raw.get("addressCountry")) or countries.code(client.raw.get("country"))
    if not tax or not address:
        return Check(name, UNRUN, _("There are not both countries to compare."), "tinCountry")
    if tax == address:
        return Check(name, PASS, _("Both are %(country)s.") % {"country": countries.name(tax)}, "tinCountry")
    text = _("Taxed in %(tax)s, with an address in %(address)s.")
    named = {"tax": countries.name(tax), "address": countries.name(address)}
    return Check(name, FAIL, text % named, "tinCountry")


def tax_rate(client: Client) -> Check:
    name, rate = _("Tax rate"), client.raw.get("defaultTaxRate")
    if rate is None or rate == "":
        return Check(name, FAIL, _("No default tax rate is set."), "defaultTaxRate")
    return Check(name, PASS, _("Set: %(value)s.") % {"value": as_it_is(rate)}, "defaultTaxRate")


# --- address ---


def address(client: Client) -> Check:
    name = _("Address complete")
    parts = {
        "addressStreetLine": _("street"),
        "addressBuildingNumber": _("house number"),
        "addressPostCode": _("post code"),
        "addressCity": _("city"),
        "addressCountry": _("country"),
    }
    missing = [part for part in parts if not said(client, part)]
    if "addressCountry" in missing and countries.code(client.raw.get("addressCountry")):
        missing.remove("addressCountry")
    if any(letter.isdigit() for letter in said(client, "addressStreetLine")):
        missing = [part for part in missing if part != "addressBuildingNumber"]
    if not missing:
        return Check(name, PASS, _("A letter would arrive."), "addressStreetLine")
    text = _("Missing: %(parts)s.") % {"parts": ", ".join(parts[part] for part in missing)}
    return Check(name, FAIL, text, missing[0])


def post_code(client: Client) -> Check:
    name, field = _("Post code"), "addressPostCode"
    country = client.raw.get("addressCountry") or client.raw.get("country")
    given = said(client, field)
    if not given:
        return Check(name, UNRUN, _("There is no post code."), field)
    fits = countries.post_code_fits(given, country)
    if fits is None:
        text = _("The shape of post codes is not known for this country (%(country)s).")
        return Check(name, UNRUN, text % {"country": countries.name(country)}, field)
    where = {"country": countries.name(country)}
    if fits:
        return Check(name, PASS, _("Shaped as in %(country)s.") % where, field)
    example = countries.POST_CODES[countries.code(country)][1]
    text = _("“%(given)s” is not shaped as in %(country)s, such as %(example)s.")
    return Check(name, FAIL, text % {**where, "given": given, "example": example}, field)


# --- billing ---


def due_days(client: Client) -> Check:
    name, days = _("Days to pay"), client.due_days
    if days is None:
        told = client.raw.get("dueDays")
        text = _("Flowtly does not say.") if told is None else _("“%(value)s” is no number of days.")
        return Check(name, UNRUN, text % {"value": as_it_is(told)} if told is not None else text, "dueDays")
    if 0 <= days <= LONGEST_DUE:
        return Check(
            name, PASS, _("%(n)s days, within 0 to %(most)s.") % {"n": days, "most": LONGEST_DUE}, "dueDays"
        )
    text = _("%(n)s days is outside 0 to %(most)s.")
    return Check(name, FAIL, text % {"n": days, "most": LONGEST_DUE}, "dueDays")


def language(client: Client) -> Check:
    name, value = _("Language of documents"), client.raw.get("documentsLanguage")
    if not said(client, "documentsLanguage"):
        return Check(name, FAIL, _("No language is set."), "documentsLanguage")
    return Check(name, PASS, _("Set: %(value)s.") % {"value": language_name(value)}, "documentsLanguage")


_OWN: tuple[Callable[[Client], Check], ...] = (
    tin,
    vat,
    agreement,
    tax_and_address,
    address,
    post_code,
    due_days,
    tax_rate,
    language,
)


# --- what has to be asked for ---


def contact(found: contacts.Found | None, why: str = "") -> Check:
    """`why`: they could not be read."""
    name = _("A contact with an e-mail address")
    if found is None:
        return Check(name, UNRUN, _("The contacts could not be read: %(why)s") % {"why": why})
    reachable = [one for one in found.contacts if is_email(one.email)]
    if reachable:
        return Check(name, PASS, _("%(name)s can be written to.") % {"name": _called(reachable[0])})
    if not found.whole:
        return Check(name, UNRUN, _("Flowtly did not tell of all contacts."))
    if any(not one.said("email") and not one.said("name") for one in found.contacts):
        return Check(name, UNRUN, _("Flowtly names the contacts and does not tell their addresses."))
    if not found.contacts:
        return Check(name, FAIL, _("There is no contact."))
    return Check(name, FAIL, _("No contact has an address that can be written to."))


def same_tin(looked: duplicates.Looked) -> Check:
    return _twins(_("No other with this tax number"), "tin", looked, _("Nobody else has it."))


def same_name(looked: duplicates.Looked) -> Check:
    alone = _("Nobody else has this name and post code.")
    return _twins(_("No other with this name and post code"), "name", looked, alone)


def _twins(name: str, field: str, looked: duplicates.Looked, alone: str) -> Check:
    if looked.others:
        return Check(name, FAIL, _("Perhaps the same one, entered twice:"), field, looked.others)
    return Check(name, UNRUN if looked.why else PASS, looked.why or alone, field)


# --- small questions ---

_STATES = {"fits": PASS, "doubtful": FAIL, "not-checked": UNRUN}


def said(client: Client, name: str) -> str:
    """A field as text, whatever type it came in; "" for nothing and for what is no text."""
    value: Any = client.raw.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def vat_country(client: Client) -> str:
    """As the number itself says, else where the client is taxed, else where it is."""
    letters = re.match(r"\s*([A-Za-z]{2})", said(client, "vatNumber"))
    own = letters[1].upper() if letters else ""
    own = OTHER_PREFIXES.get(own, own)
    fields = ("tinCountry", "addressCountry", "country")
    told = [countries.code(client.raw.get(field)) for field in fields]
    return own if tax_numbers.kind_of("", own) is not None else next(filter(None, told), "")


def _same_holder(number: str, other: str, country: str) -> bool:
    """Without the country; of the French, an establishment's number begins with its company's."""
    number, other = (each.removeprefix(country.lower()) for each in (number, other))
    if country == "FR" and len(number) == 14:
        number = number[:9]
    if country == "BE":
        number, other = number.lstrip("0"), other.lstrip("0")
    return bool(number and other) and (number in other or other in number)


def _apart_by_design(client: Client, number: str, other: str, country: str) -> bool:
    """A person's number stays out of the VAT number: of the Dutch since 2020, of the others always."""
    if country == "NL":
        core = other.removeprefix("nl")[:9]
        return not _is_bsn(core)
    kind = tax_numbers.kind_of(said(client, "tin"), country)
    return kind in {"cpr", "pesel", "nn", "bis"} or (country == "FR" and kind == "nif")


def _is_bsn(digits: str) -> bool:
    try:
        return bool(bsn.validate(digits))
    except NotANumber:
        return False


def is_email(value: Any) -> bool:
    try:
        validate_email(value)
    except (ValidationError, TypeError):
        return False
    return True


def _called(one: Contact) -> str:
    return one.name or one.email or one.id


def counted(checks: Sequence[Check]) -> dict[str, int]:
    return {state: sum(check.state == state for check in checks) for state in (PASS, FAIL, UNRUN)}
