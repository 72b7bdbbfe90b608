"""Checks of a client: what is worth a second look. Each says what it looked at and leads to the field; none of them
stands in the way of anything, and no number is made of them."""

from collections.abc import Sequence
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from dashboard.entities.clients import contacts, duplicates, tax_checks
from dashboard.entities.clients.check import FAIL, PASS, UNRUN, Check, address_country, text_of
from dashboard.entities.clients.fields import language_name
from dashboard.flowtly.resources.clients import Client
from dashboard.standards import countries
from dashboard.web.formatting import as_it_is, in_a_list

LONGEST_DUE = 120


def own(client: Client) -> list[Check]:
    """Checks that need nothing but the client's own record."""
    return [check(client) for check in _OWN]


# --- address ---


def address(client: Client) -> Check:
    parts = {
        "addressStreetLine": _("street"),
        "addressBuildingNumber": _("house number"),
        "addressPostCode": _("postcode"),
        "addressCity": _("city"),
        "addressCountry": _("country"),
    }
    there = {part for part in parts if text_of(client, part)}
    if countries.code(client.raw.get("addressCountry")):
        there.add("addressCountry")
    if any(letter.isdigit() for letter in text_of(client, "addressStreetLine")):
        there.add("addressBuildingNumber")
    missing = [part for part in parts if part not in there]
    if not missing:
        return Check(_("Address"), PASS, _("All parts of the address are filled in."), "addressStreetLine")
    text = _("Missing: %(parts)s.") % {"parts": ", ".join(parts[part] for part in missing)}
    return Check(_("Address"), FAIL, text, missing[0])


def post_code(client: Client) -> Check:
    check = partial(Check, _("Postcode"), field="addressPostCode")
    given, country = text_of(client, "addressPostCode"), address_country(client)
    where = {"given": given, "country": countries.name(country)}
    if not given:
        return check(UNRUN, _("Postcode is missing."))
    fits = countries.post_code_fits(given, country)
    if fits is None:
        return check(
            UNRUN, _("For %(country)s, the dashboard does not know how postcodes are written.") % where
        )
    if fits:
        return check(PASS, _("Shaped as in %(country)s.") % where)
    example = countries.POST_CODES[countries.code(country)][1]
    text = _("“%(given)s” is not shaped as in %(country)s, for example %(example)s.")
    return check(FAIL, text % {**where, "example": example})


# --- billing ---


def due_days(client: Client) -> Check:
    check = partial(Check, _("Days to pay"), field="dueDays")
    days, given = client.due_days, client.raw.get("dueDays")
    values = {"n": days, "most": LONGEST_DUE, "value": as_it_is(given)}
    if given is None:
        return check(UNRUN, _("Flowtly does not say."))
    if days is None:
        return check(UNRUN, _("“%(value)s” is no number of days.") % values)
    if 0 <= days <= LONGEST_DUE:
        return check(PASS, _("%(n)s days, within 0 to %(most)s.") % values)
    return check(FAIL, _("%(n)s days is outside 0 to %(most)s.") % values)


def language(client: Client) -> Check:
    check = partial(Check, _("Language of documents"), field="documentsLanguage")
    if not text_of(client, "documentsLanguage"):
        return check(FAIL, _("No language is set."))
    return check(PASS, _("Set: %(value)s.") % {"value": language_name(client.raw["documentsLanguage"])})


_OWN = (
    tax_checks.tin,
    tax_checks.vat,
    tax_checks.agreement,
    tax_checks.tax_and_address,
    address,
    post_code,
    due_days,
    tax_checks.tax_rate,
    language,
)


# --- what has to be asked for ---


def contact(found: contacts.ClientContacts | None, why: str = "") -> Check:
    """Check of the contacts. `why`: they could not be read."""
    name = _("Contact e-mail address")
    if found is None:
        return Check(name, UNRUN, _("The contacts could not be read: %(why)s") % {"why": why})
    reachable = [one for one in found.contacts if is_email(one.email)]
    if reachable:
        one = reachable[0]
        return Check(name, PASS, _("%(name)s can be written to.") % {"name": one.name or one.email})
    if not found.whole:
        return Check(name, UNRUN, _("Flowtly did not tell of all contacts."))
    if any(not one.said("email") and not one.said("name") for one in found.contacts):
        return Check(name, UNRUN, _("Flowtly names the contacts and does not tell their addresses."))
    if not found.contacts:
        return Check(name, FAIL, _("There is no contact."))
    return Check(name, FAIL, _("No contact has an address that can be written to."))


def same_tin(looked: duplicates.DuplicateSearch) -> Check:
    return _duplicate(_("Duplicate tax number"), "tin", looked)


def same_name(looked: duplicates.DuplicateSearch) -> Check:
    return _duplicate(_("Duplicate name and postcode"), "name", looked)


def _duplicate(name: str, field: str, looked: duplicates.DuplicateSearch) -> Check:
    """What a filter of Flowtly did not find is said with the spellings that it was asked for."""
    if looked.others:
        return Check(name, FAIL, _("Possible duplicate of:"), field, looked.others)
    if looked.why:
        return Check(name, UNRUN, looked.why, field)
    text = _("No other client was found. Only these spellings were searched: %(spellings)s.")
    return Check(name, PASS, text % {"spellings": in_a_list(looked.asked)}, field)


# --- small questions ---


def is_email(value: str | None) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def counted(checks: Sequence[Check]) -> dict[str, int]:
    return {state: sum(check.state == state for check in checks) for state in (PASS, FAIL, UNRUN)}
